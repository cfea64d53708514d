// What exactly stands in an assertion, and who can verify it?
import { ManualClock } from '@axios-authorizer/test-kit';
import { KeyRing, privateKeyJwt } from '../../src/index.js';
import { asked, assertionType, assertionsAt, ec, es384, rs384, rsa, sent, tokenEndpoint, verifies } from './stage.js';
import type { AssertionSettings } from '../../src/index.js';

const now = Date.UTC(2026, 0, 1);
const clock = new ManualClock(now);

it.each([
  ['ES384', es384, 'ec-1'],
  ['RS384', rs384, 'rsa-1'],
] as const)('the header of %s is exactly alg, kid and typ JWT (S2)', async (alg, keys, kid) => {
  const { header } = await sent({ keys });
  expect(header).toEqual({ alg, kid, typ: 'JWT' });
});

it('jku is in the header when it is configured (S2)', async () => {
  const jku = 'https://app.example.org/.well-known/jwks.json?v=1';
  const { header } = await sent({ jku });
  expect(header).toEqual({ alg: 'ES384', kid: 'ec-1', typ: 'JWT', jku });
});

it.each([
  ['ES384', es384],
  ['RS384', rs384],
])('the claims of %s are exactly iss, sub, aud, exp and jti (S2)', async (_alg, keys) => {
  const endpoint = await tokenEndpoint();
  await asked(endpoint, privateKeyJwt({ clientId: 'my-app', keys, clock }));
  expect(assertionsAt(endpoint)[0]?.claims).toEqual({
    iss: 'my-app',
    sub: 'my-app',
    aud: endpoint.url,
    exp: now / 1000 + 240,
    jti: expect.stringMatching(/^[\w-]{16,}$/) as unknown,
  });
});

it('iss and sub are the client id as it is, whatever it is made of (S2)', async () => {
  const clientId = 'https://app.example.org/é?a=b c"\\';
  const { claims } = await sent({ clientId });
  expect([claims['iss'], claims['sub']]).toEqual([clientId, clientId]);
});

it.each(['', '?tenant=a%20b&v=2', '?'])('aud is the URL as it was posted to, with "%s" (S2)', async (query) => {
  const endpoint = await tokenEndpoint();
  const url = `${endpoint.url}${query}`;
  await asked({ url }, privateKeyJwt({ clientId: 'my-app', keys: es384 }));
  expect(assertionsAt(endpoint)[0]?.claims['aud']).toBe(url);
});

it('aud is what `audience` says, still a string (S2)', async () => {
  const { claims } = await sent({ audience: 'https://issuer.example.org' });
  expect(claims['aud']).toBe('https://issuer.example.org');
});

it.each<readonly [options: Pick<AssertionSettings, 'issuedAt' | 'notBefore'>, extra: readonly string[]]>([
  [{}, []],
  [{ issuedAt: false, notBefore: false }, []],
  [{ issuedAt: undefined, notBefore: undefined }, []],
  [{ issuedAt: true }, ['iat']],
  [{ notBefore: true }, ['nbf']],
  [{ issuedAt: true, notBefore: true }, ['iat', 'nbf']],
])('with %j there are %j, and no other instant of issue (S2)', async (options, extra) => {
  for (const keys of [es384, rs384, { alg: 'ES384' as const, kid: 'kms', sign: () => new Uint8Array(96) }]) {
    const { claims } = await sent({ keys, clock: new ManualClock(now + 999), ...options });
    expect(Object.keys(claims).toSorted()).toEqual(['aud', 'exp', 'iss', 'jti', 'sub', ...extra].toSorted());
    for (const name of extra) expect(claims[name]).toBe(now / 1000);
  }
});

it.each([
  ['ES384', es384, ec, 96],
  ['RS384', rs384, rsa, 256],
] as const)('%s verifies under the public key, in %4$i bytes (S2)', async (_alg, keys, key, bytes) => {
  const assertion = await sent({ keys });
  expect(assertion.signature).toHaveLength(bytes);
  expect(verifies(assertion, key)).toBe(true);
  expect(verifies({ ...assertion, signed: `${assertion.signed}A` }, key)).toBe(false);
});

it('the form has grant, scope, the type of the assertion, the assertion, and nothing else (S5)', async () => {
  const endpoint = await tokenEndpoint();
  await asked(endpoint, privateKeyJwt({ clientId: 'my-app', keys: es384 }));
  expect([...(endpoint.bodies[0] ?? [])]).toEqual([
    ['grant_type', 'client_credentials'],
    ['scope', 'system/*.rs'],
    ['client_assertion_type', assertionType],
    ['client_assertion', expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/)],
  ]);
  expect(endpoint.requests[0]?.headers.authorization).toBeUndefined();
});

it.each<readonly [algorithms: readonly string[] | undefined, kid: string]>([
  [undefined, 'ec-1'],
  [['RS384'], 'rsa-1'],
  [['ES384'], 'ec-1'],
  [['RS384', 'ES384'], 'rsa-1'],
  [['ES512', 'ES384', 'RS384'], 'ec-1'],
])('of several keys the one signs that fits %j (S3)', async (algorithms, kid) => {
  const assertion = await sent({ keys: [es384, rs384], algorithms });
  expect(assertion.header['kid']).toBe(kid);
  expect(verifies(assertion, kid === 'ec-1' ? ec : rsa)).toBe(true);
});

it('a rotation of the ring shows in the next assertion (S3)', async () => {
  const endpoint = await tokenEndpoint();
  const keys = new KeyRing(es384, rs384);
  const clientAuth = privateKeyJwt({ clientId: 'my-app', keys });
  await asked(endpoint, clientAuth);
  keys.signWith('rsa-1');
  await asked(endpoint, clientAuth);
  keys.retire('rsa-1');
  await asked(endpoint, clientAuth);
  expect(assertionsAt(endpoint).map(({ header }) => header['kid'])).toEqual(['ec-1', 'rsa-1', 'ec-1']);
});

it('a clock that is known to be wrong is corrected, asked anew for each assertion (S2b)', async () => {
  const endpoint = await tokenEndpoint();
  const offsets = [0, 90_000, -3_600_000];
  const clockOffsetMs = (): number => offsets.shift() ?? 0;
  const clientAuth = privateKeyJwt({ clientId: 'my-app', keys: es384, clock, clockOffsetMs, issuedAt: true });
  for (let times = 0; times < 3; times += 1) await asked(endpoint, clientAuth);
  const [first, ...more] = assertionsAt(endpoint).map(({ claims }) => Number(claims['exp']) - now / 1000);
  expect([first, ...more]).toEqual([240, 330, -3_360]);
  expect(assertionsAt(endpoint)[1]?.claims['iat']).toBe(now / 1000 + 90);
});
