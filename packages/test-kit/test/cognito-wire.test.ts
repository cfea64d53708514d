// The service's manners on the wire: one path, one media type, an operation in a header, one status for every error.

import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import { ask } from './ask.js';
import { call, fault, plainClient } from './cognito-client.js';
import type { CognitoPool } from '@axios-authorizer/test-kit';

const clock = new ManualClock();
const amzJson = 'application/x-amz-json-1.1';
const target = 'AWSCognitoIdentityProviderService.InitiateAuth';
let pool: CognitoPool;

beforeEach(async () => {
  pool = await startCognitoPool({ clock });
});
afterEach(() => pool.stop());

test('an error is a 400 that bears its name in body and header', async () => {
  const refused = await call(pool, 'InitiateAuth', { AuthFlow: 'USER_SRP_AUTH', ClientId: 'other' });
  const message = 'User pool client other does not exist.';
  expect(refused).toMatchObject({ status: 400, json: { __type: 'ResourceNotFoundException', message } });
  expect(refused.headers.get('x-amzn-errortype')).toBe('ResourceNotFoundException:');
  expect(refused.headers.get('x-amzn-errormessage')).toBe(message);
  expect(refused.headers.get('content-type')).toBe(amzJson);
});

test.each([
  ['a GET', { headers: { 'content-type': amzJson, 'x-amz-target': target } }],
  ['another media type', { method: 'POST', headers: { 'content-type': 'application/json', 'x-amz-target': target } }],
  ['no operation', { method: 'POST', headers: { 'content-type': amzJson } }],
  ['another service', { method: 'POST', headers: { 'content-type': amzJson, 'x-amz-target': 'Other.InitiateAuth' } }],
])('%s is no operation', async (_name, init) => {
  const refused = await ask(pool.endpoint, init);
  expect(fault(refused)).toContain('400 UnknownOperationException');
  expect(pool.operations).toEqual([]);
});

test('another path is no operation either', async () => {
  const init = { method: 'POST', headers: { 'content-type': amzJson, 'x-amz-target': target }, body: '{}' };
  expect(fault(await ask(`${pool.endpoint}other`, init))).toContain('UnknownOperationException');
  expect(fault(await ask(pool.endpoint, init))).toContain('InvalidParameterException');
});

test.each(['AdminGetUser', 'toString', 'constructor'])('%s is unknown here', async (operation) => {
  expect(fault(await call(pool, operation, {}))).toBe(
    `400 UnknownOperationException: There is no operation ${operation}`,
  );
  expect(pool.count(operation)).toBe(1);
});

test.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['a null', 'null'],
])('%s for a body is a SerializationException', async (_name, body) => {
  const headers = { 'content-type': amzJson, 'x-amz-target': target };
  expect(fault(await ask(pool.endpoint, { method: 'POST', headers, body }))).toContain('400 SerializationException');
});

test.each([
  ['a number for a text', { AuthFlow: 7 }],
  ['a list for parameters', { AuthFlow: 'USER_SRP_AUTH', ClientId: plainClient.clientId, AuthParameters: [] }],
  ['a number for a parameter', { AuthFlow: 'USER_SRP_AUTH', ClientId: 'test-client', AuthParameters: { USERNAME: 1 } }],
])('%s is a SerializationException', async (_name, body) => {
  expect(fault(await call(pool, 'InitiateAuth', body))).toContain('400 SerializationException');
});

test.each([{}, { AuthFlow: '' }, { AuthFlow: null }])('a missing, empty or null text is named: %j', async (body) => {
  expect(fault(await call(pool, 'InitiateAuth', body))).toBe(
    '400 InvalidParameterException: Missing required parameter AuthFlow',
  );
});

test('an unknown flow is refused', async () => {
  const refused = await call(pool, 'InitiateAuth', { AuthFlow: 'ADMIN_AUTH', ClientId: plainClient.clientId });
  expect(fault(refused)).toBe('400 InvalidParameterException: Unknown AuthFlow ADMIN_AUTH');
});

test('Date is the pool’s clock', async () => {
  await clock.advance(1_000_000);
  const { headers } = await call(pool, 'InitiateAuth', {});
  expect(headers.get('date')).toBe(new Date(clock.now()).toUTCString());
});

test('every operation is kept in order with its body', async () => {
  await call(pool, 'InitiateAuth', { AuthFlow: 'x' });
  await call(pool, 'RevokeToken', { Token: 'y' });
  await call(pool, 'InitiateAuth', {});
  expect(pool.operations).toEqual([
    { name: 'InitiateAuth', body: { AuthFlow: 'x' } },
    { name: 'RevokeToken', body: { Token: 'y' } },
    { name: 'InitiateAuth', body: {} },
  ]);
  expect([pool.count('InitiateAuth'), pool.count('RevokeToken'), pool.count('GetUser')]).toEqual([2, 1, 0]);
});

test('a page of any origin may ask and read what went wrong (G6)', async () => {
  const headers = { 'access-control-request-headers': 'content-type,x-amz-target', origin: 'http://page.example' };
  const preflight = await ask(pool.endpoint, { method: 'OPTIONS', headers });
  expect(preflight.status).toBe(200);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
  expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type,x-amz-target');
  const refused = await call(pool, 'InitiateAuth', {});
  expect(refused.headers.get('access-control-allow-origin')).toBe('*');
  expect(refused.headers.get('access-control-expose-headers')).toContain('x-amzn-ErrorType');
});

test('without CORS there is no preflight and nothing for pages', async () => {
  const closed = await startCognitoPool({ cors: false });
  const preflight = await ask(closed.endpoint, { method: 'OPTIONS' });
  expect(fault(preflight)).toContain('400 UnknownOperationException');
  expect(preflight.headers.has('access-control-allow-origin')).toBe(false);
  await closed.stop();
});
