// Does the FHIR side of the SMART server show what is public, guard what is not, and count what comes?

import { ManualClock, startSmartServer } from '@axios-authorizer/test-kit';
import { ask, bearer, postForm } from './ask.js';
import { clientId, newKey, scope, tokenOf } from './smart-signer.js';
import type { SmartServer, SmartServerOptions } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';

const key = newKey('ES384');
const clients = [{ clientId, jwks: { keys: [key.jwk] } }];
const clock = new ManualClock();
const now = clock.now();
let server: SmartServer;

async function restart(options: SmartServerOptions): Promise<void> {
  await server.stop();
  server = await startSmartServer({ clients, ...options });
}

function get(path: string, token?: string): Promise<Asked> {
  return ask(`${server.baseUrl}${path}`, token === undefined ? {} : bearer(token));
}

beforeEach(async () => {
  clock.set(now);
  server = await startSmartServer({ clients, clock });
});
afterEach(() => server.stop());

test('the discovery document is public, complete and absolute (226, 227)', async () => {
  const { status, headers, json } = await get('/.well-known/smart-configuration');
  expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'application/json' });
  expect(json).toEqual({
    token_endpoint: `${server.origin}/auth/token`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    grant_types_supported: ['client_credentials'],
    scopes_supported: ['system/*.rs', 'system/*.read'],
    introspection_endpoint: server.introspectionUrl,
    code_challenge_methods_supported: ['S256'],
    capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
  });
  expect([server.discoveries, server.bearers()]).toEqual([1, []]);
});

test('it is appended to the base and is nowhere else', async () => {
  expect((await ask(`${server.origin}/.well-known/smart-configuration`)).status).toBe(404);
  expect(server.discoveries).toBe(0);
});

test.each<[readonly string[] | null, unknown]>([
  [['ES384'], ['ES384']],
  [null, undefined],
])('with algorithms %p the document says %p', async (algorithms, expected) => {
  await restart({ algorithms });
  const { status, json } = await get('/.well-known/smart-configuration');
  expect({ status, algorithms: json?.['token_endpoint_auth_signing_alg_values_supported'] }).toEqual({
    status: 200,
    algorithms: expected,
  });
});

test('the test has the last word on the document, and can answer in its place', async () => {
  await restart({ document: (complete) => ({ ...complete, token_endpoint: '../auth/token' }) });
  server.nextDiscovery({ status: 404, text: 'none' }, undefined);
  expect(await get('/.well-known/smart-configuration')).toMatchObject({ status: 404, text: 'none' });
  expect((await get('/.well-known/smart-configuration')).json?.['token_endpoint']).toBe('../auth/token');
  expect(server.discoveries).toBe(2);
  const posted = await ask(`${server.baseUrl}/.well-known/smart-configuration`, { method: 'POST' });
  expect(posted.status).toBe(405);
});

test('metadata is public, everything else needs a live bearer (264)', async () => {
  const token = await tokenOf(server, { key, now });
  expect((await get('/metadata')).json).toMatchObject({ resourceType: 'CapabilityStatement' });
  for (const path of ['', '/Patient', '/Patient/1', '/Anything/else', '/$export']) {
    await expect(get(path)).resolves.toMatchObject({ status: 401, json: { resourceType: 'OperationOutcome' } });
  }
  expect((await get('/Patient', token)).json).toMatchObject({ resourceType: 'Bundle', type: 'searchset', total: 2 });
  expect((await get('/Patient/7', token)).json).toEqual({ resourceType: 'Patient', id: '7' });
  expect((await get('/Anything/else', token)).status).toBe(200);
  expect([server.served, server.refused]).toEqual([3, 5]);
  expect(server.bearers()).toEqual([...Array.from({ length: 6 }, () => undefined), token, token, token]);
});

test.each([
  ['no bearer', undefined, 'login', 'Bearer'],
  ['an unknown bearer', 'unknown', 'login', 'Bearer error="invalid_token"'],
])('%s is refused with a challenge (RFC 6750, 3)', async (_, token, code, challenge) => {
  const { status, headers, json } = await get('/Patient', token);
  expect({ status, challenge: headers.get('www-authenticate') }).toEqual({ status: 401, challenge });
  expect(headers.get('content-type')).toBe('application/fhir+json');
  expect(json).toMatchObject({ issue: [{ severity: 'error', code }] });
});

test('a bearer ends to the millisecond by the clock, and then counts as expired', async () => {
  const token = await tokenOf(server, { key, now });
  clock.set(now + 299_999);
  expect((await get('/Patient', token)).status).toBe(200);
  clock.set(now + 300_000);
  const { status, json, headers } = await get('/Patient', token);
  expect({ status, code: json?.['issue'] }).toMatchObject({ status: 401, code: [{ code: 'expired' }] });
  expect(headers.get('date')).toBe(new Date(now + 300_000).toUTCString());
});

test('tokens can be revoked one by one or all at once', async () => {
  const tokens = [await tokenOf(server, { key, now }), await tokenOf(server, { key, now })];
  server.revoke(String(tokens[0]));
  expect(tokens.map((token) => server.valid(token))).toEqual([false, true]);
  server.revokeAll();
  expect((await get('/Patient', tokens[1])).status).toBe(401);
});

test('introspection tells a caller with a bearer what a token is good for (270)', async () => {
  const [caller, token] = [await tokenOf(server, { key, now }), await tokenOf(server, { key, now })];
  const introspect = (own: string, form: Record<string, string>): Promise<Asked> =>
    postForm(server.introspectionUrl, form, `Bearer ${own}`);
  const exp = now / 1000 + 300;
  const good = await introspect(caller, { token });
  expect(good.json).toEqual({ active: true, scope, client_id: clientId, exp });
  expect(good.headers.get('cache-control')).toBe('no-store');
  server.revoke(token);
  expect((await introspect(caller, { token })).json).toEqual({ active: false });
  expect((await introspect(caller, { token: 'unknown' })).json).toEqual({ active: false });
  expect((await introspect(caller, {})).status).toBe(400);
  expect((await introspect(token, { token: caller })).status).toBe(401);
  expect((await ask(server.introspectionUrl, bearer(caller))).status).toBe(405);
  expect([server.introspections, server.served, server.refused]).toEqual([6, 0, 0]);
});
