// Does anything that holds a credential show it when it is printed?
import { inspect } from 'node:util';
import { join } from 'node:path';
import axios from 'axios';
import {
  attachAuth,
  Authorizer,
  authInterceptors,
  BearerAuthSession,
  clientCredentialsSource,
  clientSecretBasic,
  clientSecretPost,
  composeClients,
  memoryTokenStore,
  publicClient,
  passwordSource,
  refreshTokenSource,
  RefreshableJWTHandler,
  RefreshableJWTSession,
} from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { temporaryFolder } from '../stores/folder.js';
import { accessToken, apiKey, clientSecret, password, refreshToken, shown, token } from './secrets.js';
import type { TokenStore } from '../../src/index.js';

const baseURL = 'https://api.example.org';
const tokenUrl = 'https://login.example.org/token';
const clientInfo = { clientId: 'me', clientSecret, apiKey };
const clientAuth = clientSecretBasic({ clientId: 'me', clientSecret });
const expires = new Date(Date.UTC(2100, 0, 1));

function holding(store?: TokenStore): Authorizer {
  const source = clientCredentialsSource({ tokenUrl, clientAuth });
  return new Authorizer(source, { clientInfo, initialToken: token, ...(store && { store }) });
}

function handlerHolding(): RefreshableJWTHandler {
  return new RefreshableJWTHandler({ jwt: accessToken, expires, clientInfo, getToken: () => [accessToken, expires] });
}

function attachedClient(): unknown {
  const client = axios.create({ baseURL });
  attachAuth(client, holding());
  return client;
}

it.each<[what: string, make: () => unknown]>([
  ['an Authorizer', () => holding()],
  ['an Authorizer that resumes', () => new Authorizer(() => Promise.resolve('x'), { initialToken: { refreshToken } })],
  ['clientSecretBasic', () => clientAuth],
  ['clientSecretPost', () => clientSecretPost({ clientId: 'me', clientSecret })],
  ['clientCredentialsSource', () => clientCredentialsSource({ tokenUrl, clientAuth })],
  ['refreshTokenSource', () => refreshTokenSource({ tokenUrl, clientAuth, refreshToken })],
  [
    'passwordSource',
    () => passwordSource({ tokenUrl, clientAuth: publicClient({ clientId: 'me' }), username: 'u', password }),
  ],
  ['RefreshableJWTHandler', handlerHolding],
  ['RefreshableJWTSession', () => new RefreshableJWTSession(handlerHolding(), { baseURL })],
  ['BearerAuthSession', () => new BearerAuthSession(accessToken, { baseURL })],
  ['an attached client', attachedClient],
  ['its defaults and interceptors', () => ({ ...(attachedClient() as object) })],
  ['authInterceptors', () => authInterceptors(holding(), { allow: baseURL })],
  ['composed clients', () => composeClients({ api: { config: { baseURL }, authorizer: holding() } })],
])('%s shows nothing that it holds (C11)', (_, make) => {
  expect(shown(make())).toEqual([]);
  expect(shown([make()])).toEqual([]);
  expect(shown({ nested: { holder: make() } })).toEqual([]);
});

it('hidden members show nothing either (C11)', () => {
  const printed = [holding(), handlerHolding(), new BearerAuthSession(accessToken, { baseURL })].map((holder) =>
    inspect(holder, { showHidden: true, depth: 10, getters: false }),
  );
  expect(shown(printed.join('\n'))).toEqual([]);
});

it('a store in memory shows nothing of what it keeps (C11)', async () => {
  const store = memoryTokenStore();
  await store.save(token);
  expect(shown(store)).toEqual([]);
  expect(shown(holding(store))).toEqual([]);
});

it('a store in a file shows nothing of what it keeps (C11)', async () => {
  const store = fileTokenStore(join(await temporaryFolder(), 'token.json'));
  await store.save(token);
  await store.load();
  expect(shown(store)).toEqual([]);
});

it('the search finds what is shown, such as a token itself, which is data (C11)', () => {
  expect(shown(token).length).toBeGreaterThan(0);
  expect(shown({ headers: holding().headersFor(token) }).length).toBeGreaterThan(0);
});
