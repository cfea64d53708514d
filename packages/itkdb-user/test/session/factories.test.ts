// The session in the words of the family: one call for everything, a part of composeClients, and interceptors alone.
import axios from 'axios';
import { composeClients } from '@axios-authorizer/core';
import { createItkdbClient, itkdbInterceptors, itkdbService, Session, User, UserBearer } from '../../src/index.js';
import { codes, environment, failureOf, identity, world } from '../stage.js';
import type { ItkdbOptions } from '../../src/index.js';
import type { World } from '../stage.js';

async function withOptions(): Promise<World & { readonly given: ItkdbOptions }> {
  const here = await world();
  const { authUrl, apiUrl } = here.itkdb;
  return { ...here, given: { ...codes, authUrl, apiUrl, clock: here.clock } };
}

it('createItkdbClient makes session and user out of one object (I4)', async () => {
  const { given, itkdb } = await withOptions();
  const client = createItkdbClient({ ...given, authExpiryThreshold: 30 }, { headers: { 'x-mine': '1' } });
  expect(client).toBeInstanceOf(Session);
  expect(client.user).toBeInstanceOf(User);
  expect(client.user).toMatchObject({ authExpiryThreshold: 30 });
  await client.get('listInstitutions');
  expect(client.authorizer.accessToken).toBeDefined();
  expect(itkdb.api.requests[0]?.headers).toMatchObject({ 'x-mine': '1' });
  expect(itkdb.api.bearers()).toEqual([client.user.bearer]);
});

it('createItkdbClient takes a user that is there already (I4)', async () => {
  const { given, itkdb, user } = await withOptions();
  const client = createItkdbClient({ apiUrl: given.apiUrl, user });
  await client.get('listInstitutions');
  expect([client.user, itkdb.logins]).toEqual([user, 1]);
});

it('createItkdbClient caches when it is told to (I3)', async () => {
  const { given, itkdb } = await withOptions();
  const client = createItkdbClient({ ...given, cache: 'memory', expiresAfter: { minutes: 1 } });
  await client.get('listInstitutions');
  await client.get('listInstitutions');
  expect(itkdb.api.requests).toHaveLength(1);
});

it('createItkdbClient without anything goes by the settings, and says what is missing (I4)', async () => {
  const making = Promise.resolve().then(() => createItkdbClient());
  expect((await failureOf(making)).message).toContain('ITKDB_ACCESS_CODE1');
  environment({ ITKDB_ACCESS_CODE1: 'a', ITKDB_ACCESS_CODE2: 'b' });
  expect(createItkdbClient().prefixUrl).toBe('https://itkpd.unicornuniversity.net/');
});

it('itkdbService is a part of composeClients, whose errors are those of axios (I4)', async () => {
  const { given, itkdb } = await withOptions();
  const { itk } = composeClients({ itk: itkdbService(given, { timeout: 1_000 }) }, { headers: { 'x-shared': '1' } });
  itkdb.nextApi({ status: 500, json: signature });
  const { data } = await itk.get<{ readonly askedBy: string }>('cache-control/', { data: { a: 1 } });
  expect(data).toMatchObject({ askedBy: identity, dtoIn: { a: 1 } });
  expect([itkdb.logins, itk.defaults.timeout]).toEqual([2, 1_000]);
  expect(await failureOf(itk.get('status/404'))).toMatchObject({ name: 'AxiosError', status: 404 });
});

const signature = {
  uuAppErrorMap: { 'uu-app-server/internalServerError': { message: 'Signature verification raised' } },
};

it('a service over a static bearer renews nothing (I4)', async () => {
  const { given, itkdb } = await withOptions();
  const user = new UserBearer(itkdb.tokenWith({}));
  const { itk } = composeClients({ itk: itkdbService({ ...given, user }) });
  itkdb.revokeAll();
  expect(await failureOf(itk.get('listInstitutions'))).toMatchObject({ status: 401 });
  expect([itkdb.api.requests.length, itkdb.login.requests]).toEqual([1, []]);
});

it('itkdbInterceptors work on a client of the caller (I4)', async () => {
  const { given, itkdb } = await withOptions();
  const { request, response, authorizer } = itkdbInterceptors(given);
  const client = axios.create({ baseURL: given.apiUrl ?? '' });
  client.interceptors.request.use(...request);
  client.interceptors.response.use(...response);
  await client.get('listInstitutions');
  itkdb.revokeAll();
  expect((await client.get('listInstitutions')).status).toBe(200);
  expect(itkdb.logins).toBe(2);
  expect(itkdb.api.bearers().at(-1)).toBe(authorizer.token?.idToken);
});

it('two sessions of one user share its login (I4)', async () => {
  const { user, itkdb } = await world();
  const sessions = Array.from({ length: 3 }, () => new Session({ user, prefixUrl: itkdb.apiUrl }));
  await Promise.all(sessions.map((session) => session.get('listInstitutions')));
  expect(itkdb.logins).toBe(1);
});

it('a URL that somebody wrote on Object.prototype is not where a bearer may go (C9)', async () => {
  const { given } = await withOptions();
  const planted = { prefixUrl: 'https://evil.example', apiUrl: 'https://evil.example' };
  for (const [name, value] of Object.entries(planted))
    Reflect.defineProperty(Object.prototype, name, { value, configurable: true });
  try {
    const { apiUrl: _url, ...without } = given;
    expect(itkdbService(without).options?.allow).not.toContain('evil');
    expect(new Session({ user: new UserBearer('bearer') }).prefixUrl).not.toContain('evil');
  } finally {
    for (const name of Object.keys(planted)) Reflect.deleteProperty(Object.prototype, name);
  }
});
