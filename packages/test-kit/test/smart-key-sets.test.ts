// Does the SMART server keep a client's published keys exactly as long as it was told, and take exactly one of them?

import { ManualClock, startLoopback, startSmartServer } from '@axios-authorizer/test-kit';
import { askToken, clientId, newKey, objectionIn } from './smart-signer.js';
import type { LoopbackServer, SmartServer } from '@axios-authorizer/test-kit';
import type { SigningKey } from './smart-signer.js';

interface Published {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const [first, second] = [newKey('ES384'), newKey('ES384')];
const clock = new ManualClock();
const now = clock.now();
let server: SmartServer;
let host: LoopbackServer;
let published: Published;

beforeEach(async () => {
  clock.set(now);
  publish([first], {});
  host = await startLoopback(({ url }, response) => {
    if (url === '/elsewhere.json') {
      response.end(JSON.stringify({ keys: [first.jwk] }));
      return;
    }
    response.writeHead(published.status, published.headers).end(JSON.stringify(published.body));
  });
  server = await startSmartServer({ clock, clients: [{ clientId, jwksUrl: `${host.origin}/jwks.json` }] });
});
afterEach(() => Promise.all([server.stop(), host.stop()]));

function publish(keys: readonly SigningKey[], headers: Record<string, string>): void {
  published = { status: 200, headers, body: { keys: keys.map(({ jwk }) => jwk) } };
}

/** '' when a token is granted. */
async function objection(key: SigningKey, header: Record<string, unknown> = {}): Promise<string> {
  const { json } = await askToken(server, { key, now: clock.now(), header });
  return objectionIn(json);
}

test('keys are read from the registered URL, without credentials (302)', async () => {
  await expect(objection(first)).resolves.toBe('');
  expect(host.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /jwks.json']);
  expect(host.requests[0]?.headers.authorization).toBeUndefined();
});

test.each([
  {},
  { 'cache-control': 'no-store, max-age=60' },
  { 'cache-control': 'no-cache' },
  { 'cache-control': 'private' },
])('with %p the keys are read again for every request (303)', async (headers) => {
  publish([first], headers);
  await objection(first);
  publish([second], headers);
  await expect(objection(second)).resolves.toBe('');
  await expect(objection(first)).resolves.toContain('No public key with kid');
  expect(host.requests).toHaveLength(3);
});

test('for max-age the keys are kept, and a new kid is refused until then', async () => {
  publish([first], { 'cache-control': 'public, max-age=60' });
  await expect(objection(first)).resolves.toBe('');
  publish([first, second], { 'cache-control': 'public, max-age=60' });
  clock.set(now + 59_999);
  await expect(objection(second)).resolves.toContain('No public key with kid');
  expect(host.requests).toHaveLength(1);
  clock.set(now + 60_000);
  await expect(objection(second)).resolves.toBe('');
  await expect(objection(first)).resolves.toBe('');
  expect(host.requests).toHaveLength(2);
});

test('jku is good when it is the registered URL, and never a place to look (325)', async () => {
  await expect(objection(first, { jku: `${host.origin}/jwks.json` })).resolves.toBe('');
  await expect(objection(first, { jku: `${host.origin}/other.json` })).resolves.toContain('jku does not match');
  expect(host.requests.map(({ url }) => url)).toEqual(['/jwks.json']);
});

test('a key set that cannot be read is a refusal, not a failure of the server', async () => {
  published = { status: 500, headers: {}, body: {} };
  await expect(objection(first)).resolves.toContain('answers 500');
  published = { status: 302, headers: { location: '/elsewhere.json' }, body: {} };
  await expect(objection(first)).resolves.toContain('cannot be read');
  published = { status: 200, headers: {}, body: 'no set' };
  await expect(objection(first)).resolves.toContain('has no JWK Set');
  await host.stop();
  await expect(objection(first)).resolves.toContain('cannot be read');
});

test('keys handed over at registration are used as they are, until they are replaced', async () => {
  server.register({ clientId, jwks: { keys: [first.jwk] } });
  await expect(objection(first)).resolves.toBe('');
  server.register({ clientId, jwks: { keys: [second.jwk] } });
  await expect(objection(first)).resolves.toContain('No public key with kid');
  server.register({ clientId });
  await expect(objection(first)).resolves.toContain('has no JWK Set');
  expect(host.requests).toEqual([]);
});

test('two keys with the kid are refused unless only one is of the right kind', async () => {
  const rsa = newKey('RS384');
  server.register({ clientId, jwks: { keys: [first.jwk, { ...second.jwk, kid: first.kid }] } });
  await expect(objection(first)).resolves.toContain('More than one key');
  server.register({ clientId, jwks: { keys: [first.jwk, { ...rsa.jwk, kid: first.kid }] } });
  await expect(objection(first)).resolves.toBe('');
});

test.each([
  ['a private key', { d: 'AA' }, 'shows a private key'],
  ['no kid', { kid: undefined }, 'must have kty and kid'],
  ['no kty', { kty: undefined }, 'must have kty and kid'],
  ['another alg', { alg: 'ES256' }, 'not meant for verifying ES384'],
  ['use enc', { use: 'enc' }, 'not meant for verifying ES384'],
  ['key_ops sign', { key_ops: ['sign'] }, 'not meant for verifying ES384'],
  ['another kty', { kty: 'OKP' }, 'does not fit the algorithm'],
  ['another curve', { crv: 'P-256' }, 'does not fit the algorithm'],
  ['no x', { x: undefined }, 'cannot be read'],
])('a registered key with %s is refused (313 to 315)', async (_, members, description) => {
  server.register({ clientId, jwks: { keys: [{ ...first.jwk, ...members }] } });
  await expect(objection(first)).resolves.toContain(description);
});

test('alg, use and key_ops may be left out of a key', async () => {
  const bare = { ...first.jwk, alg: undefined, use: undefined, key_ops: undefined };
  server.register({ clientId, jwks: { keys: [bare] } });
  await expect(objection(first)).resolves.toBe('');
});

test('an RSA key of 1024 bits is refused (RFC 7518, 3.3)', async () => {
  const short = newKey('RS384', 1024);
  server.register({ clientId, jwks: { keys: [short.jwk] } });
  await expect(objection(short)).resolves.toContain('2048 bits or more');
});

test.each([
  ['bulk-data-server', 404, 400, /^Requesting the remote JWKS returned an error\.\nError: .*404 status code$/],
  ['bulk-data-server', 302, 400, /^Requesting the remote JWKS returned an error\.\nTypeError: fetch failed$/],
  ['smart-launcher', 404, 401, /^Failed to fetch JWKS from http.*jwks\.json\. 404 /],
  ['smart-launcher', 302, 401, /^Failed to fetch JWKS from http.*jwks\.json\. fetch failed$/],
] as const)('in the words of %s a key set that answers %i is refused with %i', async (words, answer, status, said) => {
  await server.stop();
  server = await startSmartServer({ clock, words, clients: [{ clientId, jwksUrl: `${host.origin}/jwks.json` }] });
  published = { status: answer, headers: { location: '/elsewhere.json' }, body: {} };
  const refusal = await askToken(server, { key: first, now: clock.now() });
  expect(refusal.status).toBe(status);
  expect(refusal.json).toMatchObject({
    error: 'invalid_client',
    error_description: expect.stringMatching(said) as unknown,
  });
});

test.each([
  ['bulk-data-server', 400, 'invalid_request', /^Invalid client details token: .*Must contain 3 parts/],
  ['smart-launcher', 401, 'invalid_client', /'client_id'/],
] as const)('in the words of %s a client that nobody knows is refused', async (words, status, error, said) => {
  await server.stop();
  server = await startSmartServer({ clock, words, clients: [] });
  const refusal = await askToken(server, { key: first, now: clock.now() });
  expect(refusal.status).toBe(status);
  expect(refusal.json).toMatchObject({ error, error_description: expect.stringMatching(said) as unknown });
});

test('an audience of its own is the only one that it takes', async () => {
  await server.stop();
  const audience = 'https://issuer.example.com';
  server = await startSmartServer({ clock, audience, clients: [{ clientId, jwks: { keys: [first.jwk] } }] });
  await expect(objection(first)).resolves.toContain(`this is ${audience}`);
});
