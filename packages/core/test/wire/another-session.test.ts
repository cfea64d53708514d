// One person's request is under way when that person signs out and another signs in: is it ever sent as the other's?
import axios, { AxiosError } from 'axios';
import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import axiosRetry from 'axios-retry';
import { gate, until } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer, memoryTokenStore } from '../../src/index.js';
import type { AuthorizerOptions, TokenSource } from '../../src/index.js';
import { changeOver, Keyboard, rejected, seen, startDesk } from './desk.js';
import type { Desk } from './desk.js';
import { OVER_FETCH } from './over-fetch.js';
import { rejection, stage, statusOf } from './world.js';

const play = stage();
const adapters = ['http', 'fetch'] as const;
const desk = (adapter: string, options?: AuthorizerOptions): Promise<Desk> => startDesk(play, adapter, options);

describe.each([...adapters, OVER_FETCH])('over the %s adapter', (adapter) => {
  it.each(['a logout and a login', 'setToken'])(
    'a POST that is under way during %s gets its 401 and is not sent as the other person (C17)',
    async (how) => {
      const scene = await desk(adapter);
      const { opened, open } = gate();
      scene.api.next({ ...rejected, after: opened });
      await scene.auth.getToken();
      const post = rejection(scene.client.post('/orders', 'ada’s order'));
      await until(() => scene.api.requests.length === 1, 'the request to arrive');
      await changeOver(scene, how);
      open();
      expect((await post).response?.status).toBe(401);
      expect(await statusOf(scene.client.post('/orders', 'bob’s order'))).toBe(200);
      expect(seen(scene.api)).toEqual(['ada: ada’s order', 'bob: bob’s order']);
    },
  );

  it('within one session it is sent again, with the new token of the same person (C8, C17)', async () => {
    const scene = await desk(adapter);
    scene.api.next(rejected);
    expect(await statusOf(scene.client.post('/orders', 'x'))).toBe(200);
    expect(seen(scene.api)).toEqual(['ada: x', 'ada: x']);
  });

  it('a token given with `sameSession` goes on with it (C17)', async () => {
    const scene = await desk(adapter);
    const { opened, open } = gate();
    scene.api.next({ ...rejected, after: opened });
    const post = statusOf(scene.client.post('/orders', 'x'));
    await until(() => scene.api.requests.length === 1, 'the request to arrive');
    await scene.auth.setToken({ accessToken: 'ada-9', refreshToken: 'ada' }, { sameSession: true });
    open();
    expect(await post).toBe(200);
    expect(scene.api.bearers()).toEqual(['ada-1', 'ada-9']);
  });
});

describe.each(adapters)('over the %s adapter', (adapter) => {
  it('a request that waits for a token when the session ends is told so, and nothing is sent (C17)', async () => {
    const { opened, open } = gate();
    const scene = await desk(adapter);
    const keyboard = scene.keyboard;
    const slow: TokenSource = { authorize: () => opened.then(() => keyboard.authorize()) };
    const auth = new Authorizer(slow, { initialToken: { accessToken: 'ada-0', expiresAt: new Date(0) } });
    const post = rejection(scene.client.post('/orders', 'x', { authorizer: auth }));
    const other = auth.setToken({ accessToken: 'bob-0' });
    open();
    await other;
    expect(await post).toMatchObject({ code: 'logged_out', kind: 'session' });
    expect(scene.api.requests).toEqual([]);
  });

  it.each(['a logout and a login', 'setToken'])(
    'axios-retry does not send it as the other person after %s in the middle of its delay (C12, C17)',
    async (how) => {
      const scene = await desk(adapter);
      const { opened, open } = gate();
      const delayed = gate();
      axiosRetry(scene.client, {
        retries: 3,
        retryDelay: () => 0,
        onRetry: async () => {
          delayed.open();
          await opened;
        },
      });
      scene.api.next({ status: 503 });
      const put = rejection(scene.client.put('/orders', 'x'));
      await delayed.opened;
      await changeOver(scene, how);
      open();
      expect(await put).toMatchObject({ code: 'logged_out' });
      expect(seen(scene.api)).toEqual(['ada: x']);
    },
  );

  /** What fails the first request, whose answer the adapter has handed over already or that never got there. */
  const above: readonly [where: string, fail: (client: AxiosInstance, once: () => void) => void, sent: number][] = [
    [
      'a transformResponse',
      (client, once) => void (client.defaults.transformResponse = (data: unknown) => (once(), data)),
      1,
    ],
    [
      'another’s response interceptor',
      (client, once) => client.interceptors.response.use((response) => (once(), response)),
      1,
    ],
    [
      'another’s request interceptor',
      (client, once) => client.interceptors.request.use((config) => (once(), config)),
      0,
    ],
  ];

  it.each(above)(
    'an error of %s, retried by axios-retry across a login, does not send it as the other (C12, C17)',
    async (_where, fail, sent) => {
      const scene = await desk(adapter);
      const client = axios.create({ baseURL: scene.api.origin, adapter });
      const { opened, open } = gate();
      const delayed = gate();
      let failures = 0;
      const failing: { config?: InternalAxiosRequestConfig } = {};
      fail(client, () => {
        failures += 1;
        if (failures === 1) throw new AxiosError('not what I wanted', 'ECONNRESET', failing.config);
      });
      attachAuth(client, scene.auth);
      client.interceptors.request.use((config) => (failing.config = config));
      axiosRetry(client, {
        retries: 3,
        retryDelay: () => 0,
        onRetry: async () => {
          delayed.open();
          await opened;
        },
      });
      await scene.auth.getToken();
      const put = rejection(client.put('/orders', 'x'));
      await delayed.opened;
      await changeOver(scene, 'setToken');
      open();
      expect(await put).toMatchObject({ code: 'logged_out' });
      expect(seen(scene.api)).toEqual(Array.from({ length: sent }, () => 'ada: x'));
    },
  );

  it('the config of an answer that arrived may be sent again after a new login (C12, C17)', async () => {
    const scene = await desk(adapter);
    axiosRetry(scene.client, { retries: 1, retryDelay: () => 0 });
    const { config } = await scene.client.put('/orders', 'x');
    await changeOver(scene, 'setToken');
    scene.api.next({ status: 503 });
    expect(await statusOf(scene.client.request(config))).toBe(200);
    expect(seen(scene.api)).toEqual(['ada: x', 'bob: x', 'bob: x']);
  });

  it('an application that repeats the last error after a new login is served: its config is clean (C12, C17)', async () => {
    const scene = await desk(adapter);
    axiosRetry(scene.client, { retries: 1, retryDelay: () => 0 });
    scene.api.next({ status: 503 }, { status: 503 });
    const { config } = await rejection(scene.client.put('/orders', 'x'));
    expect(JSON.stringify(config?.['axios-retry'])).not.toContain('session');
    await changeOver(scene, 'setToken');
    expect(await statusOf(scene.client.request(config ?? {}))).toBe(200);
    expect(seen(scene.api)).toEqual(['ada: x', 'ada: x', 'bob: x']);
  });

  it('axios-retry with a condition of its own that wants a 401 again does not send it as the other (C12, C17)', async () => {
    const scene = await desk(adapter);
    const { opened, open } = gate();
    axiosRetry(scene.client, { retries: 3, retryDelay: () => 0, retryCondition: () => true });
    scene.api.next({ ...rejected, after: opened });
    const post = rejection(scene.client.post('/orders', 'x'));
    await until(() => scene.api.requests.length === 1, 'the request to arrive');
    await changeOver(scene, 'setToken');
    open();
    expect(await post).toMatchObject({ code: 'logged_out' });
    expect(seen(scene.api)).toEqual(['ada: x']);
  });

  it.each(['a logout and a login', 'setToken'])(
    'another interceptor takes its time, and %s comes meanwhile: the request is not that person’s (C17)',
    async (how) => {
      const scene = await desk(adapter);
      const slow = gate();
      const arrived = gate();
      const client = axios.create({ baseURL: scene.api.origin, adapter });
      client.interceptors.request.use(async (config) => {
        arrived.open();
        await slow.opened;
        return config;
      });
      attachAuth(client, scene.auth); // axios runs the last one first
      await scene.auth.getToken();
      const post = rejection(client.post('/orders', 'x'));
      await arrived.opened;
      await changeOver(scene, how);
      slow.open();
      expect(await post).toMatchObject({ code: 'logged_out' });
      expect(scene.api.requests).toEqual([]);
    },
  );

  it('another tab that signs in as somebody else through a shared store takes over, not the request (C17)', async () => {
    const store = memoryTokenStore();
    const scene = await desk(adapter, { store });
    const { opened, open } = gate();
    scene.api.next({ ...rejected, after: opened });
    const post = rejection(scene.client.post('/orders', 'ada’s order'));
    await until(() => scene.api.requests.length === 1, 'the request to arrive');
    const elsewhere = new Authorizer(new Keyboard(), { store });
    await elsewhere.logout();
    await elsewhere.setToken({ accessToken: 'bob-0', refreshToken: 'bob' });
    open();
    expect((await post).response?.status).toBe(401);
    expect(await statusOf(scene.client.post('/orders', 'bob’s order'))).toBe(200);
    expect(seen(scene.api)).toEqual(['ada: ada’s order', 'bob: bob’s order']);
  });
});
