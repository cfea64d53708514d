// Which authorizer serves a request, and what is left when one is taken off?
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { attachAuth, authInterceptors, ConfigurationError, transientRetry } from '../../src/index.js';
import { always, bearerOf } from './capture.js';
import { stage, statusOf } from './world.js';

const { world, api: anotherApi } = stage();
interface Handlers {
  readonly handlers: readonly unknown[];
}
function standing({ interceptors }: AxiosInstance): number[] {
  return [interceptors.request, interceptors.response].map(
    (manager) => (manager as unknown as Handlers).handlers.filter((handler) => handler !== null).length,
  );
}

it('detach leaves the client as it was, and its requests go out without a token (C13)', async () => {
  const client = axios.create({ baseURL: 'https://api.example' });
  client.interceptors.request.use((config) => config);
  const before = { handlers: standing(client), defaults: structuredClone(client.defaults.headers) };
  const detach = attachAuth(client, always('mine'), { retry: transientRetry({ retries: 1 }) });
  expect(await bearerOf(client, '/a')).toBe('Bearer mine');
  detach();
  expect(await bearerOf(client, '/b')).toBeUndefined();
  expect({ handlers: standing(client), defaults: structuredClone(client.defaults.headers) }).toEqual(before);
});

it('detach may be called twice, and the authorizer attached again (C13)', async () => {
  const client = axios.create({ baseURL: 'https://api.example' });
  const auth = always('mine');
  const detach = attachAuth(client, auth);
  detach();
  detach();
  attachAuth(client, auth);
  detach();
  expect(await bearerOf(client, '/a')).toBe('Bearer mine');
});

it('a request that is under way when its authorizer is taken off is still retried (C13)', async () => {
  const { client, idp, detach } = await world();
  await client.get('/first');
  idp.revokeAll();
  const answer = client.get('/items');
  detach();
  expect(await statusOf(answer)).toBe(200);
});

it('attaching the same authorizer twice is once (C13)', async () => {
  const { client, auth, idp, api, detach } = await world();
  const before = standing(client);
  const again = attachAuth(client, auth);
  expect(standing(client)).toEqual(before);
  await client.get('/first');
  idp.revokeAll();
  await client.get('/items');
  expect(api.requests).toHaveLength(3);
  again();
  detach();
  expect(standing(client)).toEqual([0, 0]);
});

it('attaching it a second time with another allow is a mistake that is told (C13)', async () => {
  const { client, auth } = await world();
  expect(() => attachAuth(client, auth, { allow: 'https://other.example' })).toThrow(ConfigurationError);
});

it('one authorizer may serve several clients, with one token (C2)', async () => {
  const { client, auth, api, idp } = await world();
  const other = axios.create({ baseURL: api.origin });
  attachAuth(other, auth);
  await Promise.all([client.get('/a'), other.get('/b')]);
  expect(idp.calls).toBe(1);
});

it('a client made with create() of an attached one is a client of its own, without a token (C13)', async () => {
  const { client, auth, api } = await world();
  const child = client.create({ headers: { 'X-Child': '1' } });
  expect(await statusOf(child.get('/child'))).toBe(401);
  attachAuth(child, auth);
  expect(await statusOf(child.get('/child'))).toBe(200);
  expect(api.bearers()).toEqual([undefined, 'token-1']);
});

it('authInterceptors can be used by hand, with the same effect (C13)', async () => {
  const { client, auth, api, idp } = await world({ attach: false });
  const { request, response } = authInterceptors(auth, { allow: api.origin });
  client.interceptors.request.use(...request);
  client.interceptors.response.use(...response);
  await client.get('/first');
  idp.revokeAll();
  expect(await statusOf(client.get('/items'))).toBe(200);
});

it('authorizers know only the requests of their own client (C13)', async () => {
  const { client } = await world();
  const bare = await anotherApi({ accepts: () => true });
  await client.get('/first');
  await axios.get(`${bare.origin}/items`);
  expect(bare.bearers()).toEqual([undefined]);
});

const baseURL = 'https://api.example';
const elsewhere = 'https://other.example';

it('taking one of two clients with the same allow off leaves headers(url) working; both, and no scope is left (C13)', async () => {
  const auth = always('mine');
  const detach = [1, 2].map(() => attachAuth(axios.create({ baseURL }), auth));
  expect(await auth.headers(`${baseURL}/a`)).toEqual({ Authorization: 'Bearer mine' });
  detach[0]?.();
  detach[0]?.();
  expect(await auth.headers(`${baseURL}/a`)).toEqual({ Authorization: 'Bearer mine' });
  detach[1]?.();
  await expect(auth.headers(`${baseURL}/a`)).rejects.toThrow(ConfigurationError);
});

it('taking a client off takes its allow away from headers(url), and no other (C9, C13)', async () => {
  const auth = always('mine');
  attachAuth(axios.create({ baseURL }), auth);
  const detach = attachAuth(axios.create({ baseURL: elsewhere }), auth);
  expect(Object.keys(await auth.headers(`${elsewhere}/a`))).toEqual(['Authorization']);
  detach();
  expect(await auth.headers(`${elsewhere}/a`)).toEqual({});
  expect(Object.keys(await auth.headers(`${baseURL}/a`))).toEqual(['Authorization']);
});

it('an insecure attachment does not open the same allow of another (C9, C13)', async () => {
  const auth = always('mine');
  const allow = ['http://api.example'];
  const detach = attachAuth(axios.create(), auth, { allow, allowInsecure: true });
  expect(() => attachAuth(axios.create(), auth, { allow })).toThrow(ConfigurationError);
  detach();
  await expect(auth.headers('http://api.example/a')).rejects.toThrow(ConfigurationError);
});

it('a thousand clients that came and went leave nothing to look through (C13)', async () => {
  const auth = always('mine');
  for (let client = 0; client < 1_000; client += 1) attachAuth(axios.create({ baseURL }), auth)();
  await expect(auth.headers(`${baseURL}/a`)).rejects.toThrow(ConfigurationError);
});

it('a thousand clients with one allow are looked through as one (C13)', async () => {
  const auth = always('mine');
  const detach = Array.from({ length: 1_000 }, () => attachAuth(axios.create({ baseURL }), auth));
  for (const off of detach.slice(1)) off();
  expect(Object.keys(await auth.headers(`${baseURL}/a`))).toEqual(['Authorization']);
  detach[0]?.();
  await expect(auth.headers(`${baseURL}/a`)).rejects.toThrow(ConfigurationError);
});
