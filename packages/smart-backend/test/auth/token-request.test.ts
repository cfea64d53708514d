// What exactly is posted to the token endpoint?
import { ConfigurationError } from '@axios-authorizer/core';
import { SMARTBackendAuth } from '../../src/index.js';
import { authorize, clientId, esKey, formOf, jtisOf, passing, tokenRequests, world } from '../stage.js';
import type { SMARTBackendAuthOptions } from '../../src/index.js';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const base = { baseUrl: 'https://ehr.example.com/fhir', clientId, scope: 'system/*.rs', keys: esKey };

it('the form holds grant_type, scope, client_assertion_type and client_assertion, and nothing else (S5)', async () => {
  const { server, auth } = await world();
  await authorize(auth);
  const [request] = tokenRequests(server);
  const parameters = [...(request ? formOf(request) : [])];
  expect(parameters).toHaveLength(4);
  expect(Object.fromEntries(parameters)).toEqual({
    client_assertion: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
    client_assertion_type: assertionType,
    grant_type: 'client_credentials',
    scope: 'system/*.rs',
  });
});

it.each(['http', 'fetch'])('a form-encoded POST without Authorization, over %s (S5)', async (adapter) => {
  const { server, auth } = await world({ options: { transport: { adapter } } });
  await authorize(auth);
  const [request] = tokenRequests(server);
  expect(request).toMatchObject({
    method: 'POST',
    url: '/auth/token',
    headers: {
      'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded\b/) as string,
      accept: 'application/json',
    },
  });
  expect(request?.headers).not.toHaveProperty('authorization');
});

it('further parameters such as resource travel along (S1)', async () => {
  const parameters = { resource: 'https://ehr.example.com/fhir?a=b&c', tenant: 'prod' };
  const { server, auth } = await world({ options: { parameters } });
  await authorize(auth);
  const [request] = tokenRequests(server);
  expect(Object.fromEntries(request ? formOf(request) : [])).toMatchObject(parameters);
});

it('a list is several parameters of one name, and what is undefined is left out (S1, C16, RFC 8707)', async () => {
  const resource = ['https://ehr.example.com/fhir', 'https://files.example.com/'];
  const { server, auth } = await world({ options: { parameters: { resource, tenant: undefined } } });
  await authorize(auth);
  const [request] = tokenRequests(server);
  const form = request && formOf(request);
  expect([form?.getAll('resource'), form?.has('tenant')]).toEqual([resource, false]);
});

it('acceptTokenTypes lists what is taken besides Bearer (S1, C15)', async () => {
  const { server, auth } = await world({ options: { acceptTokenTypes: ['BearerToken'] } });
  server.nextToken({ json: { access_token: 'a', token_type: 'bearertoken' } });
  await expect(authorize(auth)).resolves.toMatchObject({ accessToken: 'a', tokenType: 'bearertoken' });
});

it.each(['grant_type', 'scope', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'])(
  'a parameter %s is a ConfigurationError when the source is made (S5)',
  (name) => {
    const make = (): unknown => new SMARTBackendAuth({ ...base, parameters: { [name]: 'x' } });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(name);
  },
);

it('scope is sent with every request, also when it is a list (S5)', async () => {
  const scope = ['system/Patient.rs', { resource: 'Observation', access: 'rs' }];
  const { server, auth } = await world({ options: { scope } });
  await authorize(auth);
  await authorize(auth);
  const scopes = tokenRequests(server).map((request) => formOf(request).get('scope'));
  expect(scopes).toEqual(Array(2).fill('system/Patient.rs system/Observation.rs'));
  expect(auth.scope).toBe('system/Patient.rs system/Observation.rs');
});

it('each attempt has an assertion of its own, retries of an Authorizer included (S2)', async () => {
  const { server, client, clock } = await world();
  server.nextToken({ status: 503 }, { status: 429 }, { reset: true });
  await expect(passing(clock, client.authorizer.getToken())).resolves.toMatchObject({ tokenType: 'Bearer' });
  expect(server.calls).toBe(4);
  expect(new Set(jtisOf(server)).size).toBe(4);
});

it('what it was told it says: baseUrl, clientId, scope (S1)', () => {
  expect(new SMARTBackendAuth(base)).toMatchObject({ baseUrl: base.baseUrl, clientId, scope: 'system/*.rs' });
});

it.each<[what: string, options: Partial<SMARTBackendAuthOptions>]>([
  ['an empty clientId', { clientId: '' }],
  ['a clientId that was not read', { clientId: undefined as never }],
  ['no keys', { keys: [] }],
  ['keys that are a promise', { keys: Promise.resolve([esKey]) as never }],
  ['an empty scope', { scope: '' }],
  ['an assertion life of five minutes', { assertionLifetimeMs: 300_000 }],
  ['an assertion life of nothing', { assertionLifetimeMs: 0 }],
  ['an assertion life that is no number', { assertionLifetimeMs: NaN }],
  ['a jku unencrypted', { jku: 'http://ehr.example.com/jwks' }],
])('%s is a ConfigurationError when the source is made (S2)', (_, options) => {
  expect(() => new SMARTBackendAuth({ ...base, ...options })).toThrow(ConfigurationError);
});
