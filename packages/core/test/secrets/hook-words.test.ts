// A user's source, hook or store may put what it was given into the words of its error: does anything of ours repeat them?
import axios, { AxiosError, AxiosHeaders } from 'axios';
import {
  attachAuth,
  AuthenticationError,
  Authorizer,
  isAuthenticationError,
  TokenEndpointError,
} from '../../src/index.js';
import type { AuthEvent, Token } from '../../src/index.js';
import { failureOf, resourceServer } from '../endpoint/stage.js';
import { printed } from './printers.js';
import { accessToken, apiKey, clientSecret, refreshToken, token } from './secrets.js';

const clientInfo = { clientId: 'me', clientSecret, apiKey };
const told = `refused ${refreshToken} of ${accessToken}, with ${encodeURIComponent(clientSecret)} and ${apiKey}`;

function axiosErrorOf(message: string): AxiosError {
  return new AxiosError(message, 'ECONNRESET', { headers: new AxiosHeaders({ Authorization: accessToken }) });
}

const throws: readonly (readonly [what: string, make: () => unknown])[] = [
  ['an error', () => new Error(told)],
  ['a text', () => told],
  ['an error with a cause', () => new Error('outer', { cause: new Error(told) })],
  ['an error with a member', () => Object.assign(new Error('outer'), { detail: { list: [told] } })],
  ['an error whose name says it', () => Object.assign(new Error('outer'), { name: told })],
  ['an axios error', () => axiosErrorOf(told)],
  ['an error around an axios error', () => new Error('outer', { cause: axiosErrorOf(told) })],
  [
    'an error of ours',
    () => new AuthenticationError(told, { code: 'network', kind: 'unavailable', cause: new Error(told) }),
  ],
  [
    'an error of an endpoint',
    () => new TokenEndpointError('x', { code: 'network', kind: 'unavailable', errorDescription: told }),
  ],
];

it.each(throws)('a source that throws %s does not make its words ours (C11)', async (_, make) => {
  const events: AuthEvent[] = [];
  const fail = (): Promise<never> => Promise.reject(make()); // oxlint-disable-line prefer-promise-reject-errors -- whatever users throw
  const source = { authorize: fail, refresh: fail, revoke: fail };
  const authorizer = new Authorizer<Token>(source, {
    clientInfo,
    initialToken: { ...token },
    maxRetries: 0,
    observer: (event) => void events.push(event),
  });
  const error = await failureOf(authorizer.getToken({ force: true }));
  expect(isAuthenticationError(error)).toBe(true);
  expect(printed(error)).toEqual([]);
  expect(printed((error as Error).cause)).toEqual([]);
  await authorizer.logout();
  expect(events.map(({ type }) => type)).toContain('notice');
  expect(printed(events)).toEqual([]);
});

it.each(throws)('an onToken that throws %s does not make its words ours (C6, C11)', async (_, make) => {
  const events: AuthEvent[] = [];
  const onToken = (): Promise<never> => Promise.reject(make()); // oxlint-disable-line prefer-promise-reject-errors -- whatever users throw
  const observer = (event: AuthEvent): void => void events.push(event);
  await new Authorizer(() => Promise.resolve({ ...token }), { clientInfo, onToken, observer }).getToken();
  expect(events.map((event) => (event.type === 'notice' ? event.message : ''))).toContainEqual(
    expect.stringContaining('onToken failed'),
  );
  expect(printed(events)).toEqual([]);
});

it('words without a secret stay, and so does the error (C5, C11)', async () => {
  const thrown = new RangeError('the vault is closed until 12:00');
  const authorizer = new Authorizer(() => Promise.reject(thrown), { clientInfo, initialToken: { refreshToken } });
  const error = (await failureOf(authorizer.getToken())) as Error;
  expect(error.message).toContain('the vault is closed until 12:00');
  expect((error.cause as Error).cause).toBe(thrown);
});

it('an error of ours keeps class, kind and fields when its words are redacted (C5, C11)', async () => {
  const thrown = new TokenEndpointError(told, {
    code: 'token_endpoint',
    kind: 'credentials',
    status: 401,
    error: 'invalid_client',
    errorDescription: told,
    serverDate: new Date(0),
  });
  const error = await failureOf(new Authorizer(() => Promise.reject(thrown), { clientInfo }).getToken());
  expect(error).toBeInstanceOf(TokenEndpointError);
  expect(error).toMatchObject({ kind: 'credentials', status: 401, error: 'invalid_client', serverDate: new Date(0) });
  expect(printed(error, [clientSecret, encodeURIComponent(clientSecret), apiKey])).toEqual([]);
});

it('a request that fails for such a source shows nothing through axios (C11)', async () => {
  const api = await resourceServer();
  const client = axios.create({ baseURL: api.origin });
  const source = (): Promise<string> => Promise.reject(new Error(told));
  attachAuth(client, new Authorizer(source, { clientInfo, initialToken: { refreshToken } }));
  const error = await failureOf(client.get('/'));
  expect(printed(error, [clientSecret, apiKey, refreshToken])).toEqual([]);
});
