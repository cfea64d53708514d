// Which authorizer serves a request, and what is left when one is taken off?
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { attachAuth, authInterceptors, Authorizer, ConfigurationError } from '../../src/index.js';
import { capture } from './capture.js';
import { stage, statusOf } from './world.js';

const { world, api: anotherApi } = stage();
const always = (accessToken: string): Authorizer => new Authorizer(async () => Promise.resolve(accessToken));

interface Handlers {
  readonly handlers: readonly unknown[];
}
function standing({ interceptors }: AxiosInstance): number[] {
  return [interceptors.request, interceptors.response].map(
    (manager) => (manager as unknown as Handlers).handlers.filter((handler) => handler !== null).length,
  );
}

async function bearerOf(client: AxiosInstance, url: string, config = {}): Promise<unknown> {
  const { adapter, sent } = capture();
  await client.get(url, { adapter, ...config });
  return sent[0]?.headers.get('Authorization');
}

it('detach leaves the client as it was, and its requests go out without a token (C13)', async () => {
  const client = axios.create({ baseURL: 'https://api.example' });
  client.interceptors.request.use((config) => config);
  const before = { handlers: standing(client), defaults: structuredClone(client.defaults.headers) };
  const detach = attachAuth(client, always('mine'), { retry: { retries: 1 } });
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

it('a request that is under way when its authorizer is taken off is still healed (C13)', async () => {
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

describe.each([true, false, undefined])(
  'with legacyInterceptorReqResOrdering %s',
  (legacyInterceptorReqResOrdering) => {
    const transitional = legacyInterceptorReqResOrdering === undefined ? {} : { legacyInterceptorReqResOrdering };
    function three(): AxiosInstance {
      const client = axios.create({ transitional });
      attachAuth(client, always('narrow'), { allow: 'https://api.example/fhir' });
      attachAuth(client, always('other'), { allow: 'https://other.example' });
      attachAuth(client, always('wide'), { allow: ['https://api.example', 'https://other.example/x'] });
      return client;
    }

    it.each([
      ['https://api.example/fhir/Patient', 'Bearer narrow'],
      ['https://api.example/else', 'Bearer wide'],
      ['https://other.example/x', 'Bearer other'],
      ['https://stranger.example/', undefined],
    ])('of several authorizers the first whose allow matches serves %s (C13)', async (url, bearer) => {
      expect(await bearerOf(three(), url)).toBe(bearer);
    });

    it('a request that several could serve is refused and healed by one only (C7)', async () => {
      const { client, api, idp, events } = await world({ config: { transitional } });
      const other = always('never-asked');
      attachAuth(client, other, { allow: api.origin });
      await client.get('/first');
      idp.revokeAll();
      expect(await statusOf(client.get('/items'))).toBe(200);
      expect(other.token).toBeUndefined();
      expect(events.filter(({ type }) => type === 'refused')).toHaveLength(1);
      expect(api.requests).toHaveLength(3);
    });

    it('an async interceptor between two authorizers changes nothing (C13)', async () => {
      const client = axios.create({ transitional });
      attachAuth(client, always('first'), { allow: 'https://api.example' });
      client.interceptors.request.use(async (config) => Promise.resolve({ ...config }));
      attachAuth(client, always('second'), { allow: 'https://api.example' });
      expect(await bearerOf(client, 'https://api.example/')).toBe('Bearer first');
    });
  },
);

it('taking one of several authorizers off leaves the others (C13)', async () => {
  const client = axios.create({ baseURL: 'https://api.example' });
  const detach = attachAuth(client, always('first'));
  attachAuth(client, always('second'));
  expect(await bearerOf(client, '/a')).toBe('Bearer first');
  detach();
  expect(await bearerOf(client, '/b')).toBe('Bearer second');
});

it('`authorizer: false` sends one request without a token, and without a login (C9)', async () => {
  const { client, idp, events } = await world();
  expect(await bearerOf(client, '/public', { authorizer: false })).toBeUndefined();
  expect(idp.calls).toBe(0);
  expect(events).toEqual([expect.objectContaining({ type: 'skipped', reason: 'opted out' })]);
});

it('`authorizer: another` sends that one’s token, where the attachment allows it (C9)', async () => {
  const { client, idp, api } = await world();
  const another = always('another');
  expect(await bearerOf(client, '/items', { authorizer: another })).toBe('Bearer another');
  expect(await bearerOf(client, 'https://stranger.example/', { authorizer: another })).toBeUndefined();
  expect([idp.calls, api.requests.length]).toEqual([0, 0]);
});

it('a refusal of another’s token is healed by that other (C7)', async () => {
  let made = 0;
  const another = new Authorizer(async () => Promise.resolve(`another-${++made}`));
  const { client, idp, api } = await world();
  api.accepts = (bearer) => bearer === 'another-2';
  expect(await statusOf(client.get('/items', { authorizer: another }))).toBe(200);
  expect(api.bearers()).toEqual(['another-1', 'another-2']);
  expect(idp.calls).toBe(0);
});

it('something else than an authorizer in `authorizer` is a ConfigurationError before anything is sent (C13)', async () => {
  const { client, api } = await world();
  const error: unknown = await client
    .get('/items', { authorizer: {} as Authorizer })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'ConfigurationError', kind: 'configuration' });
  expect(api.requests).toHaveLength(0);
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
