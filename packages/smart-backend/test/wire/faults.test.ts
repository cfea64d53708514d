// The faults that smart-launcher and bulk-data-server simulate: what does a program see of each?
import { authorize, failureOf, notices, world } from '../stage.js';
import type { SmartFault } from '@axios-authorizer/test-kit';

const credentials = { name: 'TokenEndpointError', kind: 'credentials', transient: false, status: 401 };

it.each<[fault: SmartFault, expected: object, advice: string]>([
  [
    'token_expired_registration_token',
    { ...credentials, code: 'client_unknown', error: 'invalid_client', errorDescription: 'Registration token expired' },
    'registration is active',
  ],
  [
    'invalid_jti',
    {
      ...credentials,
      code: 'assertion_replayed',
      error: 'invalid_client',
      errorDescription: 'Invalid jti: it was already used',
    },
    'a proxy that repeats requests',
  ],
  [
    'token_invalid_scope',
    {
      name: 'TokenEndpointError',
      code: 'scope_refused',
      kind: 'configuration',
      transient: false,
      status: 400,
      error: 'invalid_scope',
      errorDescription: 'The requested scope is invalid',
    },
    '"system/*.rs"',
  ],
  ['auth_operation_outcome', { ...credentials, code: 'client_refused' }, 'Check in this order'],
  ['auth_text', { ...credentials, code: 'client_refused' }, 'Check in this order'],
  [
    'rate_limited',
    { code: 'token_endpoint', kind: 'unavailable', transient: true, status: 429, retryAfterMs: 2_000 },
    'answered 429',
  ],
])('%s is a typed error with the words of the server and advice (S2)', async (fault, expected, advice) => {
  const { server, auth } = await world();
  server.fault = fault;
  const error = await failureOf(authorize(auth));
  expect(error).toMatchObject(expected);
  expect(error.message).toContain(advice);
  expect(server.calls).toBe(1);
});

it.each<SmartFault>(['token_expired_registration_token', 'invalid_jti', 'auth_operation_outcome', 'auth_text'])(
  'after %s a client does not storm: the next requests cost nothing for a while (S2b)',
  async (fault) => {
    const { server, client } = await world();
    server.fault = fault;
    const first = await failureOf(client.get('/Patient/1'));
    const next = await failureOf(client.get('/Patient/1'));
    expect([first.kind, next.kind, next.code]).toEqual(['credentials', 'credentials', 'cooling_down']);
    expect([server.calls, server.bearers()]).toEqual([1, []]);
  },
);

it.each<[fault: SmartFault, issue: string]>([
  ['request_invalid_token', 'login'],
  ['request_expired_token', 'expired'],
  ['token_invalid_token', 'expired'],
])('%s: one new assertion, one resend, then the 401 is handed on with its body (S2)', async (fault, issue) => {
  const { server, client } = await world();
  server.fault = fault;
  const { response } = await failureOf(client.get('/Patient/1'));
  expect(response).toMatchObject({
    status: 401,
    data: { resourceType: 'OperationOutcome', issue: [{ code: issue }] },
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
  expect([server.calls, server.refused, server.served]).toEqual([2, 2, 0]);
  expect(server.bearers()).toEqual(server.issued);
});

it('many requests whose tokens are refused for ever share one new assertion (S2)', async () => {
  const { server, client } = await world();
  server.fault = 'request_invalid_token';
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => failureOf(client.get('/Patient/1'))));
  expect(new Set(outcomes.map(({ response }) => response?.status))).toEqual(new Set([401]));
  expect(server.calls).toBe(2);
});

it('a 401 without WWW-Authenticate is retried (S2)', async () => {
  const { server, client } = await world();
  await client.get('/Patient/1');
  server.fault = 'auth_no_challenge';
  server.revokeAll();
  expect((await client.get('/Patient/1')).status).toBe(200);
  expect([server.calls, server.refused]).toEqual([2, 1]);
});

it('a 403 for want of scope is handed on, and costs no assertion (S2)', async () => {
  const { server, client } = await world({ server: { enforceScopes: true }, options: { scope: 'system/Patient.rs' } });
  const { response } = await failureOf(client.get('/Observation/1'));
  expect(response?.status).toBe(403);
  expect(server.calls).toBe(1);
});

it('rate_limited is waited for as long as it says, and not a moment less (S2)', async () => {
  const { server, client, clock } = await world();
  server.fault = 'rate_limited';
  const answer = client.get('/Patient/1');
  await clock.sleeping(2);
  server.fault = undefined;
  await clock.advance(1_999);
  expect(server.calls).toBe(1);
  await clock.advance(1);
  expect((await answer).status).toBe(200);
  expect(server.calls).toBe(2);
});

it('a client is told of nothing when nothing is wrong (S1)', async () => {
  const stage = await world();
  await stage.client.get('/Patient/1');
  expect(notices(stage)).toEqual([]);
  expect(stage.events.filter(({ type }) => type === 'acquired')).toMatchObject([{ scope: 'system/*.rs' }]);
});
