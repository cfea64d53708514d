// Whose credentials win when the caller brings its own?
import axios from 'axios';
import type { AxiosRequestConfig } from 'axios';
import { attachAuth } from '../../src/index.js';
import { capture } from './capture.js';
import { stage, statusOf } from './world.js';

const { world } = stage();
const clientInfo = { clientId: 'me', apiKey: 'the-key' };
const any = { accepts: () => true };

describe.each(['http', 'fetch'])('through the %s adapter', (adapter) => {
  it.each(['Authorization', 'authorization', 'AUTHORIZATION', 'aUTHORIZATION'])(
    'a header %s of the caller wins, costs no login, and the observer hears of it (C10)',
    async (name) => {
      const { client, api, idp, events } = await world({ api: any, config: { adapter } });
      await client.get('/items', { headers: { [name]: 'Bearer my-own' } });
      expect(api.bearers()).toEqual(['my-own']);
      expect(api.requests[0]?.rawHeaders.filter((header) => /^authorization$/i.test(header))).toHaveLength(1);
      expect(idp.calls).toBe(0);
      expect(events).toEqual([
        expect.objectContaining({ type: 'skipped', reason: 'own_authorization' }),
        expect.objectContaining({ type: 'notice', message: expect.stringContaining('Authorization') as string }),
      ]);
    },
  );

  it('an Authorization among the client’s defaults wins as well (C10)', async () => {
    const headers = { Authorization: 'Bearer from-defaults' };
    const { client, api, idp } = await world({ api: any, config: { adapter, headers } });
    await client.get('/items');
    expect(api.bearers()).toEqual(['from-defaults']);
    expect(idp.calls).toBe(0);
  });

  it('axios’s `auth` wins, since it would delete our header (C10)', async () => {
    const { client, api, idp, events } = await world({ api: any, config: { adapter } });
    await client.get('/items', { auth: { username: 'ada', password: 'word' } });
    expect(api.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ada:word').toString('base64')}`);
    expect(idp.calls).toBe(0);
    expect(events).toEqual([
      expect.objectContaining({ type: 'skipped', reason: 'basic_auth' }),
      expect.objectContaining({ type: 'notice', message: expect.stringContaining('own `auth` wins') as string }),
    ]);
  });

  it.each([{ headers: { authorization: 'Bearer my-own' } }, { auth: { username: 'ada', password: 'word' } }])(
    'a 401 for the caller’s own credentials is the caller’s, not ours to retry (C7, C10)',
    async (own: AxiosRequestConfig) => {
      const { client, api, idp } = await world({ api: { accepts: () => false }, config: { adapter } });
      expect(await statusOf(client.get('/items', own))).toBe(401);
      expect(api.requests).toHaveLength(1);
      expect(idp.calls).toBe(0);
    },
  );

  it.each(['X-Api-Key', 'x-api-key', 'X-API-KEY'])(
    'a header %s of the caller wins beside our token (C10)',
    async (name) => {
      const { client, api, idp } = await world({ auth: { clientInfo }, config: { adapter } });
      const own = { headers: { [name]: 'my-key' } };
      await client.get('/first', own);
      idp.revokeAll();
      await client.get('/items', own);
      expect(api.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['my-key', 'my-key', 'my-key']);
      expect(api.bearers()).toEqual(['token-1', 'token-1', 'token-2']);
    },
  );
});

it('an Authorization that an interceptor sets after ours wins too (C10)', async () => {
  const { client, events } = await world();
  client.interceptors.request.use(async (config) => {
    await Promise.resolve();
    config.headers.set('Authorization', 'Bearer by-interceptor');
    return config;
  });
  const { adapter, sent } = capture();
  await client.get('/items', { adapter });
  expect(sent[0]?.headers.get('Authorization')).toBe('Bearer by-interceptor');
  expect(events).toEqual([
    expect.objectContaining({ type: 'skipped', reason: 'own_authorization' }),
    expect.objectContaining({ type: 'notice', message: expect.stringContaining('Authorization') as string }),
  ]);
});

it('each client’s observer gets one notice of headers of its own and one of `auth`, however many requests have them (C10)', async () => {
  const { client, api, auth, events } = await world({
    api: any,
    config: { headers: { Authorization: 'Bearer left-over' } },
  });
  const other = axios.create({ baseURL: api.origin });
  attachAuth(other, auth);
  const basic = { auth: { username: 'ada', password: 'word' } };
  for (const path of ['/a', '/b', '/c']) {
    await client.get(path);
    await other.get(path, basic);
    await other.get(path, { authorizer: false });
  }
  const notices = events.flatMap((event) => (event.type === 'notice' ? event.message : []));
  expect(notices.map((message) => /`auth`/.test(message))).toEqual([false, true]);
  expect(notices.join()).not.toMatch(/left-over|word/);
  expect(events.filter(({ type }) => type === 'skipped')).toHaveLength(9);
});

it('a header that is undefined is none, and ours is sent (C10)', async () => {
  const { client, api } = await world({ auth: { clientInfo } });
  const headers: object = { Authorization: undefined, 'X-Api-Key': undefined };
  expect(await statusOf(client.get('/items', { headers }))).toBe(200);
  expect(api.bearers()).toEqual(['token-1']);
  expect(api.requests[0]?.headers['x-api-key']).toBe('the-key');
});

it.each([null, false])('a header Authorization: %s is the caller’s way to send none (C10)', async (value) => {
  const { client, api, idp } = await world({ api: any });
  await client.get('/items', { headers: { Authorization: value } });
  expect(api.bearers()).toEqual([undefined]);
  expect(idp.calls).toBe(0);
});
