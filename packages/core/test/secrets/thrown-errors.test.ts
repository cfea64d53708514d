// Does an error of the tree show what led to it?
import axios, { AxiosError, AxiosHeaders } from 'axios';
import { ManualClock, until } from '@axios-authorizer/test-kit';
import {
  attachAuth,
  AuthenticationError,
  Authorizer,
  clientSecretPost,
  ConfigurationError,
  passwordSource,
  refreshTokenSource,
  revokeToken,
  TokenEndpointError,
} from '../../src/index.js';
import { adapters, failureOf, minuteMs, resourceServer, tokenEndpoint } from '../endpoint/stage.js';
import { accessToken, apiKey, clientSecret, password, refreshToken, shown, token } from './secrets.js';
import type { TokenAnswer, TokenEndpoint } from '@axios-authorizer/test-kit';

const clientAuth = clientSecretPost({ clientId: 'me', clientSecret });

/** An error as a user's own call through axios leaves it: full of secrets. */
function tellingError(): AxiosError {
  const headers = new AxiosHeaders({ Authorization: `Bearer ${accessToken}`, 'X-Api-Key': apiKey });
  const config = { headers, data: { password }, auth: { username: 'u', password } };
  const response = { status: 400, statusText: 'no', data: { refreshToken }, headers: {}, config };
  return new AxiosError('Request failed with status code 400', 'ERR_BAD_REQUEST', config, { clientSecret }, response);
}

it.each<[what: string, thrown: unknown]>([
  ['an axios error', tellingError()],
  ['an error around an axios error', new Error('wrapped', { cause: tellingError() })],
  ['an AggregateError of axios errors', new AggregateError([new Error('dns'), tellingError()], 'all failed')],
  ['an AggregateError in a cause', new Error('1', { cause: new AggregateError([tellingError()], 'all failed') })],
  ['an error with an axios error in a member', Object.assign(new Error('wrapped'), { original: tellingError() })],
  ['an error with axios errors in a list of its own', Object.assign(new Error('1'), { attempts: [tellingError()] })],
  ['an error with an axios error two members deep', Object.assign(new Error('1'), { a: { b: tellingError() } })],
  ['an object that is no error and holds one', { message: 'odd', inner: tellingError() }],
  ['an axios error three deep', new Error('1', { cause: new Error('2', { cause: tellingError() }) })],
])('%s from a user source is wrapped without what it holds (C11)', async (_, thrown) => {
  // oxlint-disable-next-line prefer-promise-reject-errors -- whatever a user's code throws
  const authorizer = new Authorizer(() => Promise.reject(thrown), { initialToken: { refreshToken } });
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({ code: 'source_failed' });
  expect(shown(error)).toEqual([]);
  expect(shown(await failureOf(authorizer.getToken()))).toEqual([]);
});

it.each([AuthenticationError, TokenEndpointError])('a cause given to %p is cleaned (C11)', (Class) => {
  const error = new Class('failed', { code: 'network', kind: 'unavailable', cause: tellingError() });
  expect(shown(error)).toEqual([]);
});

it('a cause given to a ConfigurationError is cleaned (C11)', () => {
  expect(shown(new ConfigurationError('fix it', { cause: tellingError() }))).toEqual([]);
});

it.each(adapters)('a server that echoes everything shows nothing, over %s (C11, C15)', async (adapter) => {
  const endpoint = await tokenEndpoint();
  endpoint.always(echo);
  const source = passwordSource({
    tokenUrl: endpoint.url,
    clientAuth,
    username: 'u',
    password,
    transport: { adapter },
  });
  const authorizer = new Authorizer(source, { initialToken: { refreshToken } });
  const failed = await failureOf(authorizer.getToken());
  expect(failed).toMatchObject({ status: 400, errorDescription: expect.stringContaining('redacted') as string });
  expect(shown(failed)).toEqual([]);
  const resting = await failureOf(authorizer.getToken());
  expect(resting).toMatchObject({ code: 'cooling_down' });
  expect(shown(resting)).toEqual([]);
});

it('a revocation that fails shows nothing (C11, C16)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.always(echo);
  const error = await failureOf(revokeToken({ url: endpoint.url, token: refreshToken, clientAuth }));
  expect(error).toMatchObject({ status: 400 });
  expect(shown(error)).toEqual([]);
});

it('a timeout and a logout on the way show nothing (C4, C11)', async () => {
  const { authorizer, endpoint, clock } = await hangingSession();
  const timedOut = failureOf(authorizer.getToken());
  await until(() => endpoint.calls === 1);
  await clock.advance(minuteMs);
  expect(await timedOut).toMatchObject({ code: 'timeout' });
  const loggedOut = failureOf(authorizer.getToken());
  await until(() => endpoint.calls === 2);
  await authorizer.logout();
  expect(await loggedOut).toMatchObject({ code: 'logged_out' });
  expect([...shown(await timedOut), ...shown(await loggedOut)]).toEqual([]);
});

it('an expired token from a source is not shown (C11)', async () => {
  const clock = new ManualClock();
  const expiresAt = new Date(clock.now() + 1);
  const options = { clock, maxRetries: 0, leewayMs: 1_000 };
  const error = await failureOf(new Authorizer(() => Promise.resolve({ ...token, expiresAt }), options).getToken());
  expect(error).toMatchObject({ code: 'expired_token' });
  expect(shown(error)).toEqual([]);
});

it('a caller whose token request fails gets an error without secrets through axios (C11)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.always(echo);
  const api = await resourceServer();
  const client = axios.create({ baseURL: api.origin });
  const source = refreshTokenSource({ tokenUrl: endpoint.url, clientAuth });
  attachAuth(
    client,
    new Authorizer(source, { initialToken: { refreshToken }, clientInfo: { clientId: 'me', apiKey } }),
  );
  const error = await failureOf(client.get('/'));
  expect(error).toMatchObject({ name: expect.stringMatching(/Error$/) as string, kind: expect.any(String) as string });
  expect(shown(error)).toEqual([]);
  expect(api.requests).toEqual([]);
});

async function hangingSession(): Promise<{ authorizer: Authorizer; endpoint: TokenEndpoint; clock: ManualClock }> {
  const clock = new ManualClock();
  const endpoint = await tokenEndpoint();
  endpoint.always({ hang: true });
  const source = passwordSource({ tokenUrl: endpoint.url, clientAuth, username: 'u', password, clock });
  return { clock, endpoint, authorizer: new Authorizer(source, { clock, timeoutMs: minuteMs }) };
}

const echo: TokenAnswer = (form, request) => {
  const values = [...form.values()].join(' ');
  return {
    status: 400,
    json: { error: 'invalid_grant', error_description: `${values} ${request.body.toString()}`, error_uri: values },
  };
};
