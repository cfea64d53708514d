// Which test proves which requirement of SMART App Launch 2.2 on a client of Backend Services, and which of them are not
// the package's to meet. The numbers are those of the published list; the titles stand in the test files as they stand here.

export interface Requirement {
  /** One number or several, blank-separated. */
  readonly ids: string;
  /** Titles of the tests that prove it. */
  readonly tests?: readonly string[];
  /** What of it, or why all of it, is somebody else's. */
  readonly others?: string;
}

const form = 'the form holds grant_type, scope, client_assertion_type and client_assertion, and nothing else (S5)';
const claims = 'the claims of %s are exactly iss, sub, aud, exp and jti (S2)';
const header = 'the header of %s is exactly alg, kid and typ JWT (S2)';
const verifies = '%s verifies under the public key, in %4$i bytes (S2)';
const keySet = 'GET is answered with the key set as JSON, to anybody (S4)';
const readByServer = 'the key set is read from its URL by a server that has no credentials for it (S6)';
const members = 'of %s exactly the public members, kid, alg, use and key_ops are published (S4)';
const stranger = 'an absolute URL of a stranger gets no token, and costs no assertion (S5)';

export const requirements: readonly Requirement[] = [
  { ids: '225 291 293 298', others: 'The deployer registers, with publicJwks or the URL of a jwksHandler in hand.' },
  { ids: '226', tests: ['for %s it is looked for under its path: %s (S1)'] },
  { ids: '227', tests: ['the document is asked for as JSON, without credentials, below the base (S1)'] },
  {
    ids: '229 295',
    tests: [
      'as %s is one file, 0600 in a folder made 0700 (S4)',
      'a key file of mode %s is refused, and anyMode takes it (S4)',
      'whenever a writer of %s is killed, the old pair or the new one is there, whole (S4)',
      'source, client, keys, ring and what surrounds them show none, before and after a token (S2, S4)',
    ],
    others: 'The machine, its users and its backups are the deployer’s to protect.',
  },
  {
    ids: '230 232 318',
    tests: [
      '%s is asked over TLS, of a server whose certificate is trusted (S6)',
      '%s of a server that cannot prove who it is is sent nothing (S6)',
      '%s is not asked over TLS 1.1 (S6)',
      'a base URL unencrypted beyond this machine is not asked (S1)',
      'a tokenUrl unencrypted beyond this machine is a ConfigurationError, and nothing is sent (S1)',
      'a FHIR base unencrypted beyond this machine is a ConfigurationError when the client is made (S1)',
    ],
  },
  {
    ids: '233 319 332',
    tests: [
      claims,
      'a thousand assertions have a thousand jtis (S2)',
      'each attempt has an assertion of its own, retries of an Authorizer included (S2)',
      'thirty tokens at once and one after the other replay no assertion (S2)',
    ],
  },
  { ids: '234', tests: ['a form-encoded POST without Authorization, over %s (S5)'] },
  {
    ids: '235',
    tests: [form, 'scope is sent with every request, also when it is a list (S5)', 'smartScope(%j) is %s (S1)'],
  },
  { ids: '236 237 238 333 334', tests: [form] },
  { ids: '239 242', tests: ['smartScope(%j) is %s (S1)'] },
  { ids: '263', tests: ['tokens of two seconds roll over under steady requests, and every request is answered (S2)'] },
  { ids: '264', tests: ['the token is presented as "Authorization: Bearer" and the token, to the letter (S6)'] },
  { ids: '267', tests: [stranger, 'takes neither token nor key to a stranger (C9)'] },
  { ids: '268', tests: [stranger], others: 'Whether a reference is followed at all is decided by the program.' },
  {
    ids: '270',
    tests: [
      'the token travels in the body only (C16)',
      'the client authenticates, or sends a token of its own (C16)',
      'finds the endpoint in the SMART configuration (S1)',
      'revocation and introspection have assertions for their own URLs (S2)',
    ],
  },
  {
    ids: '290',
    tests: [
      'an ES384 pair is on P-384, and its halves belong together (S4)',
      'an RS384 pair has 3072 bits, or as many as asked for, and its halves belong together (S4)',
    ],
  },
  { ids: '292', others: 'It encourages those who write servers.' },
  { ids: '294', tests: [keySet, 'a server that imports the key set has the public keys (S4)'] },
  { ids: '299 300 304', tests: [keySet, readByServer], others: 'The deployer chooses the way when registering.' },
  { ids: '301 302', tests: [keySet, readByServer], others: 'The deployer puts TLS before the handler.' },
  { ids: '303', tests: ['`maxAgeMs: %p` lets servers keep the set for %i s (S4)'] },
  { ids: '307 320', tests: [verifies, 'signs an assertion that the guide’s public key verifies (S2)'] },
  { ids: '308 309', tests: [verifies, 'a server that lists %j gets an assertion of %j signed by %s (S3)'] },
  { ids: '312', others: 'It allows more algorithms; the two that every server must take are enough.' },
  { ids: '313 314 315', tests: [members, 'coordinates have 48 bytes each, whatever they begin with (S4)'] },
  {
    ids: '317 327 328',
    tests: [
      claims,
      'iss and sub are the client id as it is, whatever it is made of (S2)',
      'the server of the tests does refuse: another client id, another key (S2)',
    ],
  },
  { ids: '321 323', tests: [header] },
  { ids: '322', tests: [header, 'two keys with one kid are refused, at once or later (S3)'] },
  { ids: '324', tests: ['jku is in the header when it is configured (S2)'] },
  {
    ids: '325',
    tests: [
      'a jku that is the registered URL is sent to the letter, and accepted (S6)',
      'a jku that is not the registered URL is refused, and told as jku_mismatch with what was sent (S6)',
    ],
    others: 'The deployer says which URL was registered.',
  },
  {
    ids: '329',
    tests: [
      claims,
      'an absolute token endpoint %s is the audience to the letter (S1, S2)',
      'aud is the URL as it was posted to, with "%s" (S2)',
    ],
  },
  {
    ids: '330 331',
    tests: [
      'exp is an integer, and less than 300 s ahead, at any moment and for any life (S2)',
      '`assertionLifetimeMs: %p` is a ConfigurationError (S2)',
    ],
  },
  { ids: '375', others: 'The Accept header may be left out, and is sent as 227 wants it.' },
  {
    ids: '379',
    tests: [
      'a relative token endpoint %s is resolved against the FHIR base (S1)',
      'auth/token lies below the FHIR base, also when that has no slash at its end (S1)',
    ],
  },
];
