// What does a program see that hands over something wrong, or nothing?
import { ConfigurationError, isAuthenticationError } from '@axios-authorizer/core';
import {
  buildEhrJwtSession,
  createSmartBackendClient,
  smartBackendHandlerFromAuth,
  SMARTBackendAuth,
  smartBackendService,
  smartScope,
} from '../../src/index.js';
import type { CreateAxiosDefaults } from 'axios';
import type { SMARTBackendAuthOptions } from '../../src/index.js';
import { clientId, esKey, failureOf, loopback, world } from '../stage.js';
import { ManualClock, leaks } from '@axios-authorizer/test-kit';

const good = { baseUrl: 'https://ehr.example.org/fhir', clientId, scope: 'system/*.rs', keys: esKey };

function thrown(options: unknown): unknown {
  try {
    return new SMARTBackendAuth(options as SMARTBackendAuthOptions);
  } catch (error) {
    return error;
  }
}

it.each([
  ['no scope', { ...good, scope: undefined }],
  ['a scope of null', { ...good, scope: null }],
  ['an empty place among the scopes', { ...good, scope: [undefined] }],
  ['parameters of null', { ...good, parameters: null }],
  ['no options at all', undefined],
])('%s is a ConfigurationError and no bare TypeError (S5)', (_, options) => {
  expect(thrown(options)).toBeInstanceOf(ConfigurationError);
});

it.each([
  ['a parameter of null', { ...good, parameters: { resource: null } }],
  [
    'parameters that are no plain object',
    { ...good, parameters: new URLSearchParams({ resource: 'https://a.example' }) },
  ],
  ['a baseUrl with a blank at its end, as environment files have it', { ...good, baseUrl: `${good.baseUrl} ` }],
  ['an empty tokenUrl', { ...good, tokenUrl: '' }],
  ['a tokenUrl unencrypted', { ...good, tokenUrl: 'http://ehr.example.org/token' }],
  ['a baseUrl unencrypted', { ...good, baseUrl: 'http://ehr.example.org/fhir' }],
  ['a baseUrl with a password', { ...good, baseUrl: 'https://user:pass-word@ehr.example.org/fhir' }],
  ['a life that is no number', { ...good, defaultLifetimeMs: NaN }],
])('%s is refused when the source is made (S1)', (_, options) => {
  expect(thrown(options)).toBeInstanceOf(ConfigurationError);
});

it('a password in the base URL is not told (C11)', () => {
  const error = thrown({ ...good, baseUrl: 'https://user:pass-word@ehr.example.org/fhir' });
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(leaks(error, ['pass-word'])).toEqual([]);
});

it('authorize() without a request, as MIGRATING says it, returns a token', async () => {
  const { auth } = await world();
  const bare: { authorize(): Promise<unknown> } = auth;
  await expect((async () => bare.authorize())()).resolves.toMatchObject({ tokenType: 'Bearer' });
});

it('secrets that are an object of a class work as a plain one does', async () => {
  class Vault {
    readonly #jwt = 'a-token';
    getToken(): readonly [string, Date] {
      return [this.#jwt, new Date(Date.now() + 3_600_000)];
    }
  }
  const api = await loopback((_, response) => void response.end('{}'));
  const session = buildEhrJwtSession({ ehrSecrets: new Vault(), baseURL: api.origin });
  await session.get('/Patient');
  expect(api.requests[0]?.headers.authorization).toBe('Bearer a-token');
});

it('a handler option that is undefined changes nothing', async () => {
  const { auth, clock } = await world({ clock: new ManualClock(Date.UTC(2020, 0, 1)) });
  const handler = smartBackendHandlerFromAuth(auth, { clock: undefined });
  await handler.authenticate();
  expect(handler.expires?.getTime()).toBe(clock.now() + 300_000);
  expect(handler.authenticated).toBe(true);
});

it('a config member that is undefined changes nothing', async () => {
  const { options, auth } = await world();
  const none: CreateAxiosDefaults = Object.fromEntries([['baseURL', undefined]]);
  expect(smartBackendService(options, none).config.baseURL).toBe(options.baseUrl);
  expect(buildEhrJwtSession({ ehrSecrets: auth, ...none }).defaults.baseURL).toBe(options.baseUrl);
});

it('the query of a token URL, which may hold a function key, is in no message', async () => {
  const { server, options } = await world();
  server.alwaysToken({ status: 401, json: { error: 'invalid_client', error_description: 'invalid audience' } });
  const auth = new SMARTBackendAuth({ ...options, tokenUrl: `${server.tokenUrl}?code=function-key` });
  const error = await failureOf(auth.getToken());
  expect(isAuthenticationError(error)).toBe(true);
  expect(leaks(error, ['function-key'])).toEqual([]);
});

it('a scope with an empty query value is a ConfigurationError and no bare TypeError', () => {
  const query = { category: undefined } as never;
  expect(() => smartScope({ resource: 'Patient', access: 'rs', query })).toThrow(ConfigurationError);
});

it('a base URL with a blank at its end is refused, or its requests carry the token', async () => {
  const { server, options } = await world();
  const outcome = await Promise.resolve()
    .then(() => createSmartBackendClient({ ...options, baseUrl: `${server.baseUrl} ` }).get('/Patient'))
    .catch((error: unknown) => error);
  expect(outcome instanceof ConfigurationError || server.served === 1).toBe(true);
});

it('a discovery that is answered with 401 gives no advice about credentials, none were sent', async () => {
  const { server, auth } = await world();
  server.nextDiscovery({ status: 401, json: {} });
  expect((await failureOf(auth.configuration())).message).not.toContain('credentials');
});
