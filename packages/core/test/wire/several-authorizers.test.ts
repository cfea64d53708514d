// Which of several authorizers serves a request?
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { attachAuth, Authorizer } from '../../src/index.js';
import { always, bearerOf } from './capture.js';
import { stage, statusOf } from './world.js';

const { world } = stage();

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

    it('a request that several could serve is refused and retried by one only (C7)', async () => {
      const { client, api, idp, events } = await world({ config: { transitional } });
      const other = always('never-asked');
      attachAuth(client, other, { allow: api.origin });
      await client.get('/first');
      idp.revokeAll();
      expect(await statusOf(client.get('/items'))).toBe(200);
      expect(other.token).toBeUndefined();
      expect(events.filter(({ type }) => type === 'unauthorized')).toHaveLength(1);
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
  expect(events).toEqual([expect.objectContaining({ type: 'skipped', reason: 'opted_out' })]);
});

it('`authorizer: another` sends that one’s token, where the attachment allows it (C9)', async () => {
  const { client, idp, api } = await world();
  const another = always('another');
  expect(await bearerOf(client, '/items', { authorizer: another })).toBe('Bearer another');
  expect(await bearerOf(client, 'https://stranger.example/', { authorizer: another })).toBeUndefined();
  expect([idp.calls, api.requests.length]).toEqual([0, 0]);
});

it('a refusal of another’s token is retried by that other (C7)', async () => {
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
