// Does the SMART server judge assertions to the letter of client-confidential-asymmetric, and say which letter was missed?

import { ManualClock, startSmartServer } from '@axios-authorizer/test-kit';
import { postForm } from './ask.js';
import { askToken, assertionFor, clientId, formFor, newKey, objectionIn } from './smart-signer.js';
import type { SmartServer } from '@axios-authorizer/test-kit';
import type { AssertionParts } from './smart-signer.js';

const key = newKey('ES384');
const rsaKey = newKey('RS384');
const clock = new ManualClock();
const now = clock.now();
const seconds = now / 1000;
const keys = [key.jwk, rsaKey.jwk];
let server: SmartServer;

beforeEach(async () => {
  clock.set(now);
  server = await startSmartServer({ clock, clients: [{ clientId, jwks: { keys } }] });
});
afterEach(() => server.stop());

/** What the server has to say to an assertion with `parts` of its own; '' when it grants a token. */
async function objection(parts: Partial<AssertionParts>): Promise<string> {
  const { status, json } = await askToken(server, { key, now, ...parts });
  expect([200, 401]).toContain(status);
  expect(json?.['error']).toBe(status === 200 ? undefined : 'invalid_client');
  return objectionIn(json);
}

test.each([
  ['typ', { typ: undefined }, 'typ must be JWT'],
  ['typ', { typ: 'jwt' }, 'typ must be JWT'],
  ['alg', { alg: undefined }, 'Algorithm not allowed'],
  ['alg', { alg: 'none' }, 'Algorithm not allowed: none'],
  ['alg', { alg: 'HS256' }, 'Algorithm not allowed: HS256'],
  ['alg', { alg: 'RS256' }, 'Algorithm not allowed: RS256'],
  ['kid', { kid: undefined }, 'must name a kid'],
  ['kid', { kid: 7 }, 'must name a kid'],
  ['kid', { kid: '' }, 'must name a kid'],
  ['kid', { kid: 'unknown' }, "No public key with kid 'unknown'"],
  ['kid', { kid: rsaKey.kid }, 'does not fit the algorithm'],
  ['jku', { jku: 'https://client.example/jwks.json' }, 'jku does not match'],
  ['crit', { crit: ['x'], x: 1 }, 'critical parameters'],
])('a header whose %s is %p is refused (321 to 325)', async (_, header, description) => {
  await expect(objection({ header })).resolves.toContain(description);
});

test.each([
  ['iss', { iss: undefined }, 'iss must be the client_id'],
  ['iss', { iss: 'another', sub: 'another' }, 'Unknown client: another'],
  ['sub', { sub: undefined }, 'sub must be the same client_id as iss'],
  ['sub', { sub: 'another' }, 'sub must be the same client_id as iss'],
  ['aud', { aud: undefined }, 'Invalid audience'],
  ['exp', { exp: undefined }, 'exp must be an integer'],
  ['exp', { exp: `${seconds + 60}` }, 'exp must be an integer'],
  ['exp', { exp: seconds + 60.5 }, 'exp must be an integer'],
  ['jti', { jti: undefined }, 'jti must be a string'],
  ['jti', { jti: 7 }, 'jti must be a string'],
  ['jti', { jti: '' }, 'jti must be a string'],
  ['iat', { iat: seconds + 1 }, 'iat is in the future'],
  ['nbf', { nbf: seconds + 1 }, 'nbf is in the future'],
  ['iat', { iat: 'now' }, 'iat must be a number'],
])('claims whose %s is %p are refused (327 to 332)', async (_, claims, description) => {
  await expect(objection({ claims })).resolves.toContain(description);
});

test('the audience is the token URL to the letter, as a string (329)', async () => {
  const { tokenUrl, baseUrl, origin } = server;
  for (const aud of [`${tokenUrl}/`, tokenUrl.replace('http', 'https'), origin, baseUrl, [tokenUrl]]) {
    await expect(objection({ claims: { aud } })).resolves.toContain('Invalid audience');
  }
  await expect(objection({ claims: { aud: tokenUrl } })).resolves.toBe('');
});

test('exp may be 300 s ahead and no more, 1 s and no less (330, 331)', async () => {
  await expect(objection({ claims: { exp: seconds } })).resolves.toContain('expired');
  await expect(objection({ claims: { exp: seconds + 1 } })).resolves.toBe('');
  await expect(objection({ claims: { exp: seconds + 300 } })).resolves.toBe('');
  await expect(objection({ claims: { exp: seconds + 301 } })).resolves.toContain('too far in the future');
  clock.set(now - 1);
  await expect(objection({ claims: { exp: seconds + 300 } })).resolves.toContain('too far in the future');
});

test('iat and nbf of this very second are good', async () => {
  await expect(objection({ claims: { iat: seconds, nbf: seconds } })).resolves.toBe('');
});

test('a DER signature is refused, only r and s in 96 bytes are good (RFC 7518, 3.4)', async () => {
  await expect(objection({ dsaEncoding: 'der' })).resolves.toMatch(/must be 96 bytes of r and s, not 1\d\d/);
  expect(server.assertions[0]?.signatureLength).toBeGreaterThan(96);
});

test.each([key, rsaKey])('another key under the same kid is refused: $alg', async ({ alg, kid }) => {
  await expect(objection({ key: { ...newKey(alg), kid } })).resolves.toContain('signature of the assertion is invalid');
});

test('a claim that was changed after signing is refused', async () => {
  const [header, , signature] = assertionFor(server.tokenUrl, { key, now }).split('.');
  const [, payload] = assertionFor(server.tokenUrl, { key, now, claims: { jti: 'changed' } }).split('.');
  const answer = await postForm(server.tokenUrl, formFor([header, payload, signature].join('.')));
  expect(answer.json?.['error_description']).toContain('signature of the assertion is invalid');
});

test.each(['x', 'a.b', 'e30.e30.', 'e30.bm8.AA', 'W10.e30.AA', 'e30.e30.A+A', 'e30.e30.AA.AA'])(
  '%p is no JWT and is not put down',
  async (text) => {
    const { json } = await postForm(server.tokenUrl, formFor(text));
    expect(json).toMatchObject({ error: 'invalid_client', error_description: 'The client_assertion is no JWT' });
    expect(server.assertions).toEqual([]);
  },
);

test.each<[string, readonly string[] | null, string[]]>([
  ['those in the list', ['RS384'], ['', 'Algorithm not allowed: ES384']],
  ['both without a list', null, ['', '']],
])('the algorithms accepted are %s', async (_, algorithms, expected) => {
  await server.stop();
  server = await startSmartServer({ clock, algorithms, clients: [{ clientId, jwks: { keys } }] });
  expect([await objection({ key: rsaKey }), await objection({ key })]).toEqual(expected);
});

test('an algorithm that is listed and cannot be verified is refused all the same', async () => {
  await server.stop();
  server = await startSmartServer({ clock, algorithms: ['PS384'], clients: [{ clientId, jwks: { keys } }] });
  await expect(objection({ header: { alg: 'PS384' } })).resolves.toBe('Algorithm not allowed: PS384');
});
