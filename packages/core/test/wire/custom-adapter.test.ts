// An adapter of the user's own answers and fails in its own ways: is a refusal understood, and does no error show the token?
import axios, { AxiosError } from 'axios';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { leaks } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer } from '../../src/index.js';
import { rejection } from './world.js';

const accessToken = 'access-3f9a1c.77e0.b2d4';
const apiKey = 'api-key-9c0d2b';
const baseURL = 'https://api.example';

interface Scene {
  readonly get: () => Promise<AxiosResponse>;
  readonly bearers: readonly string[];
}

/** A client over `adapter` whose authorizer hands out a new token each time, and what was sent. */
function scene(adapter: AxiosAdapter): Scene {
  const bearers: string[] = [];
  let made = 0;
  const source = async (): Promise<string> => `${accessToken}-${(made += 1)}`;
  const noting: AxiosAdapter = (config) => {
    bearers.push(String(config.headers.get('Authorization')).replace(accessToken, 'token'));
    return adapter(config);
  };
  const client = axios.create({ baseURL, adapter: noting });
  attachAuth(client, new Authorizer(source, { clientInfo: { clientId: 'me', apiKey } }));
  return { get: () => client.get('/items'), bearers };
}

/** An answer with `headers`; none at all where it is undefined, as a careless adapter leaves it. */
function refusal(config: InternalAxiosRequestConfig, headers: object | undefined): AxiosResponse {
  const response = { status: 401, statusText: '', data: '', config, ...(headers && { headers }) };
  return response as AxiosResponse;
}

function thrown(config: InternalAxiosRequestConfig, headers?: object): AxiosError {
  const request = { sentWith: config.headers.toJSON() };
  return new AxiosError('Refused', 'ERR_BAD_REQUEST', config, request, refusal(config, headers));
}

const twice = ['Bearer token-1', 'Bearer token-2'];
const scopeOnly = 'Bearer error="insufficient_scope"';

it.each<readonly [string, object | undefined, readonly string[]]>([
  ['without headers is retried', undefined, twice],
  ['with headers that say nothing is retried', {}, twice],
  ["with 'WWW-Authenticate' as it is written is understood", { 'WWW-Authenticate': scopeOnly }, ['Bearer token-1']],
  ["with 'www-authenticate' is understood", { 'www-authenticate': scopeOnly }, ['Bearer token-1']],
  ["with 'WWW-AUTHENTICATE' is understood", { 'WWW-AUTHENTICATE': scopeOnly }, ['Bearer token-1']],
  ['with a challenge that is no text is retried', { 'WWW-Authenticate': 7 }, twice],
])('a 401 of an adapter %s, thrown or resolved (C7)', async (_what, headers, sent) => {
  const said = sent === twice ? /^Refused\. A fresh token was rejected as well/ : /^Refused$/;
  const throwing = scene(async (config) => Promise.reject(thrown(config, headers)));
  const error = await rejection(throwing.get());
  expect([error.name, error.response?.status]).toEqual(['AxiosError', 401]);
  expect(error.message).toMatch(said);
  const resolving = scene(async (config) => refusal(config, headers));
  expect((await resolving.get()).status).toBe(401);
  expect([throwing.bearers, resolving.bearers]).toEqual([sent, sent]);
});

const failures: readonly (readonly [string, AxiosAdapter])[] = [
  ['throws its AxiosError at once', (config) => { throw thrown(config); }], // prettier-ignore
  ['rejects with its AxiosError', async (config) => Promise.reject(thrown(config))],
  ['throws a plain Error with .config at once', (config) => { throw Object.assign(new Error('no'), { config }); }], // prettier-ignore
  [
    'rejects with a plain Error with .config',
    async (config) => Promise.reject(Object.assign(new Error('no'), { config })),
  ],
  [
    'rejects with a plain Error with .config and .response',
    async (config) => Promise.reject(Object.assign(new Error('no'), { config, response: refusal(config, {}) })),
  ],
  [
    'rejects with an Error whose cause is its AxiosError',
    async (config) => Promise.reject(new Error('no', { cause: thrown(config) })),
  ],
];

it.each(failures)(
  'an adapter that %s shows no token, with a token at hand or after a wait (C11)',
  async (_, adapter) => {
    const { get, bearers } = scene(adapter);
    for (const error of [await rejection(get()), await rejection(get())]) {
      const printed = [JSON.stringify(error), String(error.stack)];
      expect([error, ...printed].flatMap((value) => leaks(value, [accessToken, apiKey]))).toEqual([]);
    }
    expect(bearers.length).toBeGreaterThanOrEqual(2);
  },
);

it('an adapter that throws at once is a rejection, not an exception of the call (C11)', async () => {
  const { get } = scene((config) => { throw thrown(config); }); // prettier-ignore
  await rejection(get());
  let call: Promise<unknown> | undefined;
  expect(() => (call = get())).not.toThrow();
  await rejection(call ?? Promise.resolve());
});
