// Does a certified provider agree with the SMART server on what an assertion must be, and where does it differ?

import { startOidcProvider } from '@axios-authorizer/test-kit';
import { postForm } from './ask.js';
import { assertionFor, clientId, formFor, newKey } from './smart-signer.js';
import type { OidcProvider } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';
import type { AssertionParts, SigningKey } from './smart-signer.js';

const es384 = newKey('ES384');
const rs384 = newKey('RS384');
let provider: OidcProvider;

beforeAll(async () => {
  provider = await startOidcProvider({
    assertionClients: [es384, rs384].map(({ alg, jwk }) => ({ clientId: alg, alg, jwks: { keys: [jwk] } })),
    scopes: ['api', 'system/*.rs', 'system/Patient.read'],
  });
});
afterAll(() => provider.stop());

function assertionOf(key: SigningKey, parts: Partial<AssertionParts> = {}): string {
  const claims = { iss: key.alg, sub: key.alg, ...parts.claims };
  return assertionFor(provider.tokenUrl, { key, ...parts, claims });
}

function present(assertion: string, form: Record<string, string> = {}): Promise<Asked> {
  return postForm(provider.tokenUrl, { ...formFor(assertion), ...form });
}

test.each([es384, rs384])('private_key_jwt with $alg gets a token with SMART scopes (308, 309)', async (key) => {
  const { status, json } = await present(assertionOf(key), { scope: 'system/*.rs system/Patient.read' });
  expect(status).toBe(200);
  expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'system/*.rs system/Patient.read' });
  await expect(provider.isActive(String(json?.['access_token']))).resolves.toBe(true);
});

test('the same jti twice is a replay, for each issuer on its own (332)', async () => {
  const before = await provider.counters();
  const assertion = assertionOf(es384, { claims: { jti: 'once' } });
  expect((await present(assertion)).status).toBe(200);
  expect(await present(assertion)).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
  expect((await present(assertionOf(es384, { claims: { jti: 'once' } }))).status).toBe(401);
  expect((await present(assertionOf(rs384, { claims: { jti: 'once' } }))).status).toBe(200);
  const after = await provider.counters();
  expect(after.assertionReplays - before.assertionReplays).toBe(2);
  expect(after.refused - before.refused).toBe(2);
});

test('of two requests with one assertion at the same time exactly one is granted', async () => {
  const assertion = assertionOf(es384);
  const both = await Promise.all([present(assertion), present(assertion)]);
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
});

test('the audience may be the token URL or the issuer, alone or in a list, and nothing else (329)', async () => {
  const { tokenUrl, issuer } = provider;
  const statuses: Record<string, number> = {};
  for (const aud of [tokenUrl, issuer, [tokenUrl], `${tokenUrl}/`, `${issuer}/`, 'https://elsewhere.example/token']) {
    statuses[JSON.stringify(aud)] = (await present(assertionOf(es384, { claims: { aud } }))).status;
  }
  expect(Object.values(statuses)).toEqual([200, 200, 200, 401, 401, 401]);
});

test.each<[string, Partial<AssertionParts>]>([
  ['no jti', { claims: { jti: undefined } }],
  ['no exp', { claims: { exp: undefined } }],
  ['an exp in the past', { claims: { exp: 1 } }],
  ['an unknown client', { claims: { iss: clientId, sub: clientId } }],
  ['another algorithm than registered', { header: { alg: 'RS384' } }],
  ['a DER signature', { dsaEncoding: 'der' }],
  ['another key', { key: { ...newKey('ES384'), kid: es384.kid } }],
])('%s is refused as invalid_client', async (_, parts) => {
  const { issued } = { issued: (await provider.counters()).granted };
  expect(await present(assertionOf(es384, parts))).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
  expect((await provider.counters()).granted).toBe(issued);
});
