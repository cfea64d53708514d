// When is a password asked for, sent and kept out of sight?
import { Authorizer, ConfigurationError, publicClient, passwordSource } from '../../src/index.js';
import { failureOf, tokenEndpoint } from './stage.js';
import type { PasswordSourceOptions } from '../../src/index.js';

const clientAuth = publicClient({ clientId: 'me' });
const username = 'somebody@example.org';

it('a password that is a string is sent with scope and user (C16)', async () => {
  const endpoint = await tokenEndpoint();
  const source = passwordSource({ tokenUrl: endpoint.url, clientAuth, username, password: 'p w&d', scope: 'a' });
  await new Authorizer(source).getToken();
  expect(Object.fromEntries(endpoint.bodies[0] ?? [])).toEqual({
    grant_type: 'password',
    username,
    password: 'p w&d',
    scope: 'a',
    client_id: 'me',
  });
});

it('a function is asked for the password at each sign-in only, not at a refresh (C16)', async () => {
  const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
  let asked = 0;
  const password = (): Promise<string> => Promise.resolve(`password-${(asked += 1)}`);
  const authorizer = new Authorizer(passwordSource({ tokenUrl: endpoint.url, clientAuth, username, password }));
  await authorizer.getToken();
  await authorizer.getToken({ force: true });
  expect(endpoint.bodies.map((body) => body.get('grant_type'))).toEqual(['password', 'refresh_token']);
  expect(asked).toBe(1);
});

it('a refresh that is refused for good signs in once (C5, C16)', async () => {
  const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
  const source = passwordSource({ tokenUrl: endpoint.url, clientAuth, username, password: 'word' });
  const authorizer = new Authorizer(source);
  await authorizer.getToken();
  endpoint.next({ status: 400, json: { error: 'invalid_grant' } });
  await expect(authorizer.getToken({ force: true })).resolves.toMatchObject({ accessToken: 'token-2' });
  expect(endpoint.bodies.map((body) => body.get('grant_type'))).toEqual(['password', 'refresh_token', 'password']);
});

it('without a refresh token in the answer it signs in again (C16)', async () => {
  const endpoint = await tokenEndpoint();
  const source = passwordSource({ tokenUrl: endpoint.url, clientAuth, username, password: 'word' });
  const authorizer = new Authorizer(source);
  await authorizer.getToken();
  await authorizer.getToken({ force: true });
  expect(endpoint.bodies.map((body) => body.get('grant_type'))).toEqual(['password', 'password']);
});

it('a wrong password asks for a person and is not tried again (C5, C16)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.always({ status: 400, json: { error: 'invalid_grant' } });
  const source = passwordSource({ tokenUrl: endpoint.url, clientAuth, username, password: 'wrong' });
  const authorizer = new Authorizer(source);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ kind: 'credentials', transient: false });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cooling_down', kind: 'credentials' });
  expect(endpoint.calls).toBe(1);
});

it.each<[what: string, credentials: Pick<PasswordSourceOptions, 'username' | 'password'>]>([
  ['user', { username: '', password: 'word' }],
  ['password', { username, password: '' }],
])('an empty %s is a ConfigurationError when the source is made (C16)', (_, credentials) => {
  const make = (): unknown =>
    passwordSource({ tokenUrl: 'https://login.example.org/token', clientAuth, ...credentials });
  expect(make).toThrow(ConfigurationError);
});

it('an empty password from the function is a ConfigurationError, and nothing is sent (C16)', async () => {
  const endpoint = await tokenEndpoint();
  const source = passwordSource({ tokenUrl: endpoint.url, clientAuth, username, password: () => '' });
  expect(await failureOf(new Authorizer(source).getToken())).toMatchObject({ kind: 'configuration' });
  expect(endpoint.calls).toBe(0);
});
