// Does the SMART server refuse every token request that the profile does not allow, each for its own reason?

import { ManualClock, startSmartServer } from '@axios-authorizer/test-kit';
import { ask, postForm } from './ask.js';
import { askToken, assertionFor, clientId, formFor, newKey } from './smart-signer.js';
import type { SmartServer } from '@axios-authorizer/test-kit';

const key = newKey('ES384');
const clock = new ManualClock();
const now = clock.now();
const formType = 'application/x-www-form-urlencoded';
let server: SmartServer;

beforeEach(async () => {
  server = await startSmartServer({ clock, clients: [{ clientId, jwks: { keys: [key.jwk] } }] });
});
afterEach(() => server.stop());

function goodForm(): Record<string, string> {
  return formFor(assertionFor(server.tokenUrl, { key, now }));
}

test.each(['RS384', 'ES384'] as const)('a proper request with %s gets a bearer token (308, 309)', async (alg) => {
  const own = newKey(alg);
  server.register({ clientId, jwks: { keys: [own.jwk] } });
  const { status, headers, json } = await askToken(server, { key: own, now });
  expect({ status, json }).toEqual({
    status: 200,
    json: { access_token: server.issued[0], token_type: 'bearer', expires_in: 300, scope: 'system/*.rs' },
  });
  expect(server.issued[0]).toMatch(/^[\w-]{43}$/);
  expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache']);
  expect(headers.get('date')).toBe(new Date(now).toUTCString());
});

test('what arrived is put down: assertion, number of calls, nothing refused', async () => {
  await askToken(server, { key, now, claims: { jti: 'one' } });
  expect(server.assertions).toEqual([
    {
      header: { alg: 'ES384', kid: key.kid, typ: 'JWT' },
      claims: { iss: clientId, sub: clientId, aud: server.tokenUrl, exp: now / 1000 + 240, jti: 'one' },
      signatureLength: 96,
    },
  ]);
  expect([server.calls, server.refreshRequests, server.refusals.length]).toEqual([1, 0, 0]);
});

test.each(['grant_type', 'client_assertion_type', 'client_assertion', 'scope'])(
  'a request without %s, or with it empty or twice, is refused (235 to 238)',
  async (name) => {
    const { [name]: value = '', ...without } = goodForm();
    const twice = `${new URLSearchParams(goodForm()).toString()}&${name}=${encodeURIComponent(value)}`;
    for (const form of [without, { ...without, [name]: '' }]) {
      await expect(postForm(server.tokenUrl, form)).resolves.toMatchObject({
        status: 400,
        json: { error: 'invalid_request', error_description: `The parameter ${name} is missing` },
      });
    }
    const init = { method: 'POST', body: twice, headers: { 'content-type': formType } };
    await expect(ask(server.tokenUrl, init)).resolves.toMatchObject({
      status: 400,
      json: { error: 'invalid_request', error_description: `The parameter ${name} appears more than once` },
    });
    expect(server.issued).toEqual([]);
  },
);

test.each([
  ['client_id', { client_id: clientId }, 'client_id is no parameter of this request'],
  ['client_secret', { client_secret: 'x' }, 'client_secret does not belong'],
  ['another assertion type', { client_assertion_type: 'x' }, 'client_assertion_type must be urn:'],
])('%s is refused as invalid_request', async (_, form, description) => {
  const { status, json } = await postForm(server.tokenUrl, { ...goodForm(), ...form });
  expect({ status, error: json?.['error'] }).toEqual({ status: 400, error: 'invalid_request' });
  expect(json?.['error_description']).toContain(description);
});

test('an Authorization header beside the assertion is refused (RFC 6749, 2.3)', async () => {
  const { status, json } = await postForm(server.tokenUrl, goodForm(), 'Basic eDp5');
  expect({ status, error: json?.['error'] }).toEqual({ status: 400, error: 'invalid_request' });
  expect(json?.['error_description']).toContain('Authorization header');
});

test.each([
  ['GET', undefined, 405, 'takes POST only'],
  ['POST', 'application/json', 400, 'content type must be'],
  ['POST', 'text/plain', 400, 'content type must be'],
])('%s with %s is refused (234)', async (method, type, status, description) => {
  const body = method === 'POST' ? { body: new URLSearchParams(goodForm()).toString() } : {};
  const headers = type === undefined ? {} : { 'content-type': type };
  const asked = await ask(server.tokenUrl, { method, headers, ...body });
  expect({ status: asked.status, allow: asked.headers.get('allow') }).toEqual({
    status,
    allow: method === 'GET' ? 'POST' : null,
  });
  expect(server.refusals[0]?.description).toContain(description);
});

test('a charset beside the content type does no harm, parameters in the URL do', async () => {
  const body = new URLSearchParams(goodForm()).toString();
  const init = { method: 'POST', body, headers: { 'content-type': `${formType};charset=utf-8` } };
  expect((await ask(`${server.tokenUrl}?scope=x`, init)).json).toMatchObject({ error: 'invalid_request' });
  expect((await askToken(server, { key, now })).status).toBe(200);
  const other = { ...init, body: new URLSearchParams(goodForm()).toString() };
  expect((await ask(server.tokenUrl, other)).status).toBe(200);
});

test('a refresh_token request is counted and refused', async () => {
  const form = { grant_type: 'refresh_token', refresh_token: 'x' };
  const { status, json } = await postForm(server.tokenUrl, { ...goodForm(), ...form });
  expect({ status, error: json?.['error'] }).toEqual({ status: 400, error: 'unsupported_grant_type' });
  expect([server.calls, server.refreshRequests]).toEqual([1, 1]);
});

test('refusals are kept in order, in the words that the client was given', async () => {
  await postForm(server.tokenUrl, { ...goodForm(), grant_type: 'password' });
  const { json } = await askToken(server, { key, now, claims: { jti: '' } });
  expect(server.refusals).toEqual([
    { error: 'unsupported_grant_type', description: 'Only client_credentials is granted here, not password' },
    { error: 'invalid_client', description: json?.['error_description'] },
  ]);
});

test.each([
  ['60', 60],
  [60, 60],
  [null, 300],
])('expires_in %p means a life of %p s by the clock of the server', async (expiresIn, seconds) => {
  const own = await startSmartServer({ clock, expiresIn, clients: [{ clientId, jwks: { keys: [key.jwk] } }] });
  const { json } = await askToken(own, { key, now: clock.now() });
  const token = String(json?.['access_token']);
  expect(json?.['expires_in']).toBe(expiresIn ?? undefined);
  clock.set(clock.now() + seconds * 1000 - 1);
  expect(own.valid(token)).toBe(true);
  clock.set(clock.now() + 1);
  expect(own.valid(token)).toBe(false);
  clock.set(now);
  await own.stop();
});
