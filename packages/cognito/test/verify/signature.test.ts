// Is a token accepted only as it was signed, by RS256, with the key that it names?
import { createHmac, sign } from 'node:crypto';
import { ecKeyPair } from '@axios-authorizer/test-kit';
import { leaks } from '@axios-authorizer/test-kit';
import { failureOf, invalid, jwksOf, jwtOf, keys, part, poolKey, signerOf, world } from './stage.js';
import type { Claims } from './stage.js';

const [first, second] = keys;
const pem = first.publicKey.export({ format: 'pem', type: 'spki' });
const der = first.publicKey.export({ format: 'der', type: 'spki' });
const ec = ecKeyPair('P-256');
const ecKey = { jwk: { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec-key', alg: 'ES256', use: 'sig' } };
const signedByEc = (input: Buffer): Buffer => sign('sha256', input, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });

it.each<[what: string, make: (claims: Claims) => string]>([
  ['HS256 with the public key as secret, as PEM', (claims) => jwtOf(claims, { alg: 'HS256' }, hmacBy(pem))],
  ['HS256 with the public key as secret, as DER', (claims) => jwtOf(claims, { alg: 'HS256' }, hmacBy(der))],
  [
    'HS256 with the PEM less its last end of line',
    (claims) => jwtOf(claims, { alg: 'HS256' }, hmacBy(String(pem).trim())),
  ],
  ['HS256 with an empty secret', (claims) => jwtOf(claims, { alg: 'HS256' }, hmacBy(''))],
  ['alg none without a signature', (claims) => jwtOf(claims, { alg: 'none' }, () => Buffer.alloc(0))],
  ['alg None with one', (claims) => jwtOf(claims, { alg: 'None' })],
  ['no alg', (claims) => jwtOf(claims, { alg: undefined })],
  ['RS384', (claims) => jwtOf(claims, { alg: 'RS384' }, signerOf(first, 'sha384'))],
  ['RS512', (claims) => jwtOf(claims, { alg: 'RS512' }, signerOf(first, 'sha512'))],
  ['RS384 that is called RS256', (claims) => jwtOf(claims, {}, signerOf(first, 'sha384'))],
  ['PS256', (claims) => jwtOf(claims, { alg: 'PS256' }, pss)],
  ['PS256 that is called RS256', (claims) => jwtOf(claims, {}, pss)],
  ['ES256 under the kid of an RSA key', (claims) => jwtOf(claims, { alg: 'ES256' }, signedByEc)],
  ['the other key than its kid says', (claims) => jwtOf(claims, {}, signerOf(second))],
  ['a key of nobody under a known kid', (claims) => jwtOf(claims, {}, signerOf(poolKey('key-1')))],
  ['nothing: the signature is empty', (claims) => jwtOf(claims, {}, () => Buffer.alloc(0))],
  ['nothing: the signature is zeros', (claims) => jwtOf(claims, {}, () => Buffer.alloc(256))],
])('a token signed by %s is refused (G5)', async (_, make) => {
  const { verify, accessClaims } = await world();
  const token = make(accessClaims());
  const error = await failureOf(verify(token));
  expect(error).toMatchObject(invalid);
  expect(leaks(error, secretsOf(token))).toEqual([]);
});

function hmacBy(secret: string | Buffer) {
  return (input: Buffer): Buffer => createHmac('sha256', secret).update(input).digest();
}

function pss(input: Buffer): Buffer {
  return sign('sha256', input, { key: first.privateKey, padding: 6, saltLength: 32 });
}

it.each(['ES256', 'RS256'])('a key set with an EC key does not make a token of %s by it good (G5)', async (alg) => {
  const { verify, accessClaims, jwks } = await world();
  jwks.answer = jwksOf(...keys, ecKey);
  const token = jwtOf(accessClaims(), { alg, kid: 'ec-key' }, signedByEc);
  expect(await failureOf(verify(token))).toMatchObject(invalid);
  await expect(verify(jwtOf(accessClaims()))).resolves.toMatchObject({ username: 'bob' });
});

it.each<[what: string, header: Claims]>([
  ['no kid', { kid: undefined }],
  ['an empty kid', { kid: '' }],
  ['a kid that is a number', { kid: 1 }],
  ['a kid that is a list', { kid: ['key-1'] }],
  ['an unknown kid', { kid: 'key-3' }],
  ['the kid of the other key', { kid: 'key-2' }],
  ['a kid of the prototype', { kid: '__proto__' }],
  ['a kid like a path', { kid: '../../etc/passwd' }],
])('a token with %s is refused (G5)', async (_, header) => {
  const { verify, accessClaims } = await world();
  expect(await failureOf(verify(jwtOf(accessClaims(), header)))).toMatchObject(invalid);
});

it('a key or an address in the header is not followed (G5)', async () => {
  const { verify, accessClaims, jwks } = await world();
  const own = poolKey('own');
  const header = { kid: 'own', jwk: own.jwk, jku: `${jwks.origin}/own.json`, x5u: `${jwks.origin}/own.pem` };
  expect(await failureOf(verify(jwtOf(accessClaims(), header, signerOf(own))))).toMatchObject(invalid);
  expect(jwks.requests.map(({ url }) => url)).toEqual(['/.well-known/jwks.json']);
});

it('a token with another payload, header or signature than was signed is refused (G5)', async () => {
  const { verify, accessClaims } = await world();
  const [header = '', payload = '', signature = ''] = jwtOf(accessClaims()).split('.');
  const other = part(accessClaims({ username: 'root' }));
  const otherHeader = part({ alg: 'RS256', kid: 'key-1', typ: 'JWT' });
  const tampered = [`${header}.${other}.${signature}`, `${otherHeader}.${payload}.${signature}`];
  const cut = [signature.slice(4), signature.slice(0, -4), `${signature.slice(0, -4)}AAAA`];
  for (const token of [...tampered, ...cut.map((part_) => `${header}.${payload}.${part_}`)])
    expect(await failureOf(verify(token))).toMatchObject(invalid);
  await expect(verify(`${header}.${payload}.${signature}`)).resolves.toMatchObject({ username: 'bob' });
});

it.each<[what: string, token: unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['empty', ''],
  ['a blank', ' '],
  ['a number', 7],
  ['an object', {}],
  ['a word', 'token'],
  ['dots', '..'],
  ['four parts', 'a.b.c.d'],
  ['a header alone', part({ alg: 'RS256', kid: 'key-1' })],
  ['a header that is null', `${part(null)}.${part({})}.AAAA`],
  ['a header that is a list', `${part(['key-1'])}.${part({})}.AAAA`],
  ['five parts, which is an encrypted token', `${part({ alg: 'RSA-OAEP', kid: 'key-1' })}.a.b.c.d`],
  ['with "Bearer" before it', `Bearer ${jwtOf({})}`],
])('what is no JWT is refused: %s (G5)', async (_, token) => {
  const { verify } = await world();
  expect(await failureOf(verify(token as string))).toMatchObject(invalid);
});

it.each<[what: string, payload: unknown]>([
  ['a text', 'claims'],
  ['null', null],
  ['a list', []],
  ['a number', 7],
])('a signed payload that is %s is refused (G5)', async (_, payload) => {
  const { verify } = await world();
  expect(await failureOf(verify(jwtOf(payload)))).toMatchObject(invalid);
});

it('a good token in a list, or in an object that prints as it, is no token (G5)', async () => {
  const { verify, accessClaims } = await world();
  const token = jwtOf(accessClaims());
  for (const wrapped of [[token], { toString: () => token }])
    expect(await failureOf(verify(wrapped as unknown as string))).toMatchObject(invalid);
});

/** The token and its parts; the header says nothing that is secret. */
function secretsOf(token: string): readonly string[] {
  const [, payload = '', signature = ''] = token.split('.');
  return [token, payload, signature, 'a-jti', 'a2c2e290'].filter((secret) => secret !== '');
}

it.each<[what: string, changed: Claims]>([
  ['another issuer', { iss: 'https://a-secret-issuer.example.com' }],
  ['another use', { token_use: 'refresh' }],
  ['another client', { client_id: 'a-secret-client' }],
  ['no end', { exp: undefined }],
  ['a past end', { exp: 1 }],
  ['a beginning to come', { nbf: 9_999_999_999 }],
])('the error of a token of %s prints nothing of it (G5)', async (_, changed) => {
  const { verify, accessClaims } = await world();
  const token = jwtOf(accessClaims(changed));
  const error = await failureOf(verify(token));
  const secrets = [...secretsOf(token), 'https://a-secret-issuer.example.com', 'a-secret-client'];
  expect(leaks(error, secrets)).toEqual([]);
});
