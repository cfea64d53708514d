// Does the SMART server know the syntax of SMART scopes, and grant no more than a client may have?

import { startSmartServer } from '@axios-authorizer/test-kit';
import { ask, bearer } from './ask.js';
import { askToken, clientId, newKey } from './smart-signer.js';
import type { SmartServer } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';

const key = newKey('ES384');
const jwks = { keys: [key.jwk] };
let server: SmartServer;

beforeEach(async () => {
  server = await startSmartServer({ enforceScopes: true, clients: [{ clientId, jwks }] });
});
afterEach(() => server.stop());

function askFor(scope: string): Promise<Asked> {
  return askToken(server, { key }, { scope });
}

test.each([
  'system/*.rs',
  'system/Patient.read',
  'system/*.write',
  'system/*.*',
  'system/Observation.cruds',
  'system/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory',
  'patient/Patient.r user/*.s',
  'system/Patient.rs system/Group.r',
  'system/*.$export system/*.$bulkdata-status',
])('%s is a scope and is granted as asked', async (scope) => {
  expect((await askFor(scope)).json).toMatchObject({ scope });
});

test.each([
  'api',
  'system/*',
  'system/*.',
  'system/*.sr',
  'system/*.rr',
  'system/*.read?x=1',
  'system/*.rs?',
  'system/patient.rs',
  'System/*.rs',
  'launch/Patient.rs',
  'system/*.rs  system/Patient.r',
  'system/*.rs openid',
  'system/*.rs,system/Patient.r',
])('%s is refused as invalid_scope', async (scope) => {
  const { status, json } = await askFor(scope);
  expect({ status, error: json?.['error'] }).toEqual({ status: 400, error: 'invalid_scope' });
  expect(json?.['error_description']).toContain('Not a SMART scope');
});

test.each([
  ['system/*.rs', 'system/Patient.r', 'system/Patient.r'],
  ['system/*.read', 'system/Patient.rs', 'system/Patient.rs'],
  ['system/*.cruds', 'system/*.read system/*.write', 'system/*.read system/*.write'],
  ['system/Patient.rs', 'system/Patient.rs system/Group.r', 'system/Patient.rs'],
  ['system/Patient.rs', 'system/Patient.cruds system/Patient.s', 'system/Patient.s'],
  ['system/Patient.rs?a=1', 'system/Patient.rs?a=1 system/Patient.rs?a=2 system/Patient.r', 'system/Patient.rs?a=1'],
  ['system/Patient.rs', 'system/Patient.rs?a=1', 'system/Patient.rs?a=1'],
  ['system/*.write', 'system/Patient.cud system/Patient.r', 'system/Patient.cud'],
])('a client that may have %s and asks for %s gets %s', async (allowed, asked, granted) => {
  server.register({ clientId, jwks, scopes: [allowed] });
  expect((await askFor(asked)).json).toMatchObject({ scope: granted });
});

test.each([
  [['system/Patient.rs'], 'system/*.rs'],
  [['system/*.rs'], 'user/Patient.r'],
  [['system/*.r'], 'system/Patient.s'],
  [[], 'system/*.rs'],
])('a client that may have %p and asks for %s gets nothing', async (scopes, asked) => {
  server.register({ clientId, jwks, scopes });
  const { status, json } = await askFor(asked);
  expect({ status, error: json?.['error'] }).toEqual({ status: 400, error: 'invalid_scope' });
  expect(server.issued).toEqual([]);
});

test('an unknown client is not told about scopes', async () => {
  const { json } = await askToken(server, { key, claims: { iss: 'x', sub: 'x' } }, { scope: 'api' });
  expect(json).toMatchObject({ error: 'invalid_client' });
});

test.each([
  ['system/Patient.rs', '/Patient', 200],
  ['system/Patient.r', '/Patient', 403],
  ['system/Patient.r', '/Patient/1', 200],
  ['system/*.read', '/Observation/1', 200],
  ['system/Patient.rs', '/Observation', 403],
  ['system/Patient.rs?a=1', '/Patient', 200],
  ['user/*.rs', '/Patient', 403],
])('with %s, reading %s answers %i where scopes are enforced', async (scope, path, status) => {
  const token = String((await askFor(scope)).json?.['access_token']);
  const answer = await ask(`${server.baseUrl}${path}`, bearer(token));
  expect(answer.status).toBe(status);
  const challenge = answer.headers.get('www-authenticate') ?? '';
  expect(challenge.includes('error="insufficient_scope", scope="system/')).toBe(status === 403);
});
