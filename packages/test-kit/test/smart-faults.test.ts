// Does each fault of the SMART server do what smart-launcher-v2 and bulk-data-server mean by its name, until it is taken back?

import { startSmartServer } from '@axios-authorizer/test-kit';
import { ask, bearer } from './ask.js';
import { askToken, clientId, newKey, tokenOf } from './smart-signer.js';
import type { SmartFault, SmartServer } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';

const key = newKey('ES384');
let server: SmartServer;

beforeEach(async () => {
  server = await startSmartServer({ clients: [{ clientId, jwks: { keys: [key.jwk] } }] });
});
afterEach(() => server.stop());

function readPatient(token: string): Promise<Asked> {
  return ask(`${server.baseUrl}/Patient/1`, bearer(token));
}

test.each<[SmartFault, number, string, string]>([
  ['token_expired_registration_token', 401, 'invalid_client', 'Registration token expired'],
  ['invalid_jti', 401, 'invalid_client', 'jti'],
  ['token_invalid_scope', 400, 'invalid_scope', 'scope is invalid'],
])('%s answers %i %s', async (fault, status, error, description) => {
  server.fault = fault;
  expect(server.fault).toBe(fault);
  const refused = await askToken(server, { key });
  expect({ status: refused.status, error: refused.json?.['error'] }).toEqual({ status, error });
  expect(server.refusals).toEqual([{ error, description: expect.stringContaining(description) as unknown }]);
  server.fault = undefined;
  expect((await askToken(server, { key })).status).toBe(200);
  expect(server.calls).toBe(2);
});

test('auth_operation_outcome answers the token request in FHIR, auth_text in plain words', async () => {
  server.fault = 'auth_operation_outcome';
  const inFhir = await askToken(server, { key });
  expect(inFhir).toMatchObject({ status: 401, json: { resourceType: 'OperationOutcome' } });
  expect(inFhir.headers.get('content-type')).toBe('application/fhir+json');
  server.fault = 'auth_text';
  const inText = await askToken(server, { key });
  expect(inText).toMatchObject({ status: 401, text: 'Unauthorized', json: undefined });
  expect(inText.headers.get('content-type')).toContain('text/plain');
  expect(server.refusals).toEqual([]);
});

test('rate_limited answers 429 with Retry-After: 2', async () => {
  server.fault = 'rate_limited';
  const { status, headers } = await askToken(server, { key });
  expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 429, retryAfter: '2' });
});

test('token_invalid_token grants tokens that are never accepted', async () => {
  server.fault = 'token_invalid_token';
  const token = await tokenOf(server, { key });
  expect(server.issued).toEqual([token]);
  expect(server.valid(token)).toBe(false);
  server.fault = undefined;
  expect((await readPatient(token)).status).toBe(401);
});

test.each<[SmartFault, string]>([
  ['request_invalid_token', 'login'],
  ['request_expired_token', 'expired'],
])('%s refuses every bearer with an outcome of code %s', async (fault, code) => {
  const token = await tokenOf(server, { key });
  server.fault = fault;
  const { status, headers, json } = await readPatient(token);
  expect(status).toBe(401);
  expect(json).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code }] });
  expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  server.fault = undefined;
  expect((await readPatient(token)).status).toBe(200);
  expect([server.served, server.refused]).toEqual([1, 1]);
});

test('auth_no_challenge takes the challenge from a 401 and lets good bearers in', async () => {
  const token = await tokenOf(server, { key });
  server.fault = 'auth_no_challenge';
  const refused = await readPatient('wrong');
  expect(refused.status).toBe(401);
  expect(refused.headers.has('www-authenticate')).toBe(false);
  expect((await readPatient(token)).status).toBe(200);
});
