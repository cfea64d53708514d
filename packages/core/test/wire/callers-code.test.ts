// The caller's own code takes part: interceptors that take their time, bodies made anew, hooks, an odd `authorizer`. What becomes of
// a request then?
import { Readable } from 'node:stream';
import axios from 'axios';
import type { AxiosAdapter } from 'axios';
import { gate, ManualClock } from '@axios-authorizer/test-kit';
import { authorizedFetch } from '../../src/fetch/index.js';
import { attachAuth, Authorizer, AuthorizerPool } from '../../src/index.js';
import type { Token } from '../../src/index.js';
import { never, ScriptedStore } from '../lifecycle/scripted-store.js';
import { settled } from '../lifecycle/stage.js';
import { rejection, stage } from './world.js';

const play = stage();
const ORIGIN = 'https://api.example.org';

/** A client whose requests go nowhere, and what went out. */
function recording(config: object = {}): {
  readonly client: ReturnType<typeof axios.create>;
  readonly sent: unknown[];
} {
  const sent: unknown[] = [];
  const client = axios.create({
    baseURL: ORIGIN,
    ...config,
    adapter: async (request) => {
      sent.push([request.headers.get('Authorization') ?? null, request.timeout]);
      return { data: '', status: 200, statusText: '', headers: {}, config: request };
    },
  });
  return { client, sent };
}

describe('an asynchronous interceptor that was added later, and runs before ours', () => {
  it.each([
    ['hands on what it got', (config: object) => config],
    ['hands on a copy', (config: object) => ({ ...config })],
    [
      'replaces the headers',
      (config: { headers: object }) =>
        Object.assign(config, { headers: Object.assign(new axios.AxiosHeaders(), config.headers) }),
    ],
  ])(
    'and %s: a request that began signed in is not sent without a token when the session ends (C17, C19)',
    async (_how, handOn) => {
      const auth = new Authorizer(async () => 'never');
      const { client, sent } = recording();
      attachAuth(client, auth, { signedOut: 'anonymous' });
      await auth.setToken({ accessToken: 'ada' });
      const { opened, open } = gate();
      client.interceptors.request.use(async (config) => {
        await opened;
        return handOn(config) as typeof config;
      });
      const waiting = ['/one', '/two'].map((url) => rejection(client.get(url)));
      await auth.logout();
      const later = client.get('/three');
      open();
      for (const failure of waiting) expect(await failure).toMatchObject({ code: 'logged_out', kind: 'session' });
      await later;
      expect(sent).toEqual([[null, 0]]);
    },
  );

  it('a request that began as one person is not sent as another (C17)', async () => {
    const auth = new Authorizer(async () => 'never');
    const { client, sent } = recording();
    attachAuth(client, auth);
    await auth.setToken({ accessToken: 'ada' });
    const { opened, open } = gate();
    client.interceptors.request.use(async (config) => (await opened, config));
    const waiting = rejection(client.get('/one'));
    await auth.setToken({ accessToken: 'bob' });
    open();
    expect(await waiting).toMatchObject({ code: 'logged_out' });
    await client.get('/two');
    expect(sent).toEqual([['Bearer bob', 0]]);
  });
});

it('a request that waited for the store has what is left of its timeout to go out without a token (C4, C18)', async () => {
  const clock = new ManualClock();
  const store = new ScriptedStore();
  const { opened, open } = gate();
  store.on('load', () => opened);
  const auth = new Authorizer(async () => 'never', { store, clock, storeTimeoutMs: 60_000 });
  const { client, sent } = recording({ timeout: 1_000 });
  attachAuth(client, auth, { signedOut: 'anonymous' });
  const answer = client.get('/');
  await settled();
  await clock.advance(400);
  open();
  expect((await answer).config.timeout).toBe(1_000);
  expect(sent).toEqual([[null, 600]]);
});

/** An answer of JSON that never ends, and whether anybody still waits for it. */
function endless(): { readonly response: Response; readonly state: { cancelled: boolean; parts: number } } {
  const state = { cancelled: false, parts: 0 };
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve));
      state.parts += 1;
      controller.enqueue(new TextEncoder().encode('[['));
    },
    cancel: () => void (state.cancelled = true),
  });
  return { response: new Response(body, { headers: { 'content-type': 'application/json' } }), state };
}

describe('fetch', () => {
  it.each([401, 307])(
    'a `resendBody` that never answers ends with the caller’s signal, after a %i (C4, C22)',
    async (status) => {
      const auth = new Authorizer(async () => 't');
      const headers = { location: `${ORIGIN}/elsewhere` };
      const fetch = authorizedFetch(auth, {
        allow: ORIGIN,
        fetch: async () => new Response('no', { status, headers }),
      });
      const leaving = new AbortController();
      const body = new Blob(['x']).stream();
      const answer = fetch(ORIGIN, { method: 'POST', body, duplex: 'half', resendBody: never, signal: leaving.signal });
      const failed = answer.catch((error: unknown) => error);
      await settled();
      leaving.abort('enough');
      expect(await failed).toBe('enough');
    },
  );

  it('an answer that `unauthorized` rejects comes whole when somebody signs out meanwhile (C17, C22)', async () => {
    const { opened, open } = gate();
    const source = {
      authorize: async (): Promise<Token> => (await opened, { accessToken: 'late' }),
    };
    const auth = new Authorizer(source, { initialToken: { accessToken: 'first' } });
    const fetch = authorizedFetch(auth, {
      allow: ORIGIN,
      unauthorized: async (_answer, json) => JSON.stringify(await json()).includes('expired'),
      fetch: async () => Response.json({ errors: ['expired'] }),
    });
    const answer = fetch(ORIGIN);
    await settled();
    await auth.logout();
    open();
    expect(await (await answer).json()).toEqual({ errors: ['expired'] });
  });

  it('an answer whose reading never ends is left with the caller’s signal, and nobody reads on (C4, C22)', async () => {
    const { response, state } = endless();
    const leaving = new AbortController();
    const fetch = authorizedFetch(new Authorizer(async () => 't'), {
      allow: ORIGIN,
      unauthorized: async (_answer, json) => Boolean(await json()),
      fetch: async () => response,
    });
    const failed = fetch(ORIGIN, { signal: leaving.signal }).catch((error: unknown) => error);
    await settled();
    expect(state.parts).toBeGreaterThan(0);
    leaving.abort('enough');
    expect(await failed).toBe('enough');
    await settled();
    expect(state.cancelled).toBe(true);
  });
});

it('axios: a stream that `unauthorized` rejects comes whole when somebody signs out meanwhile (C8, C17)', async () => {
  const { opened, open } = gate();
  const source = { authorize: async (): Promise<Token> => (await opened, { accessToken: 'late' }) };
  const auth = new Authorizer(source, { initialToken: { accessToken: 'first' } });
  const adapter: AxiosAdapter = async (config) => {
    const headers = { 'x-expired': 'yes' };
    return { data: Readable.from(['whole']), status: 200, statusText: '', headers, config };
  };
  const client = axios.create({ baseURL: ORIGIN, adapter, responseType: 'stream' });
  attachAuth(client, auth, { unauthorized: ({ headers }) => headers['x-expired'] === 'yes' });
  const answer = client.get<Readable>('/');
  await settled();
  await auth.logout();
  open();
  expect(await (await answer).data.toArray()).toEqual(['whole']);
});

it('axios: a `resendBody` that never answers ends with the caller’s signal and timeout (C4, C8)', async () => {
  const { client, clock, idp } = await play.world({ config: { maxRedirects: 0 } });
  await client.get('/');
  const leaving = new AbortController();
  const post = (config: object): Promise<unknown> =>
    rejection(client.post('/', new Blob(['x']).stream(), { adapter: 'fetch', resendBody: never, ...config }));
  idp.revokeAll();
  const failures = [post({ signal: leaving.signal }), post({ timeout: 1_000 })];
  while (clock.sleepers === 0) await settled();
  await settled();
  leaving.abort();
  expect(await failures[0]).toMatchObject({ code: 'ERR_CANCELED' });
  await clock.advance(1_000);
  expect(await failures[1]).toMatchObject({ code: 'ETIMEDOUT' });
});

describe.each([
  ['null', null],
  ['0', 0],
  ['an empty text', ''],
  ['true', true],
  ['an object', {}],
])('`authorizer` that is %s, and no Authorizer', (_what, value) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JavaScript lets through
  const authorizer = value as unknown as Authorizer;
  const unsaid: object = { authorizer: undefined };
  const pool = new AuthorizerPool(() => new Authorizer(async () => 'of-a-tenant'));

  it('is the ConfigurationError of an axios request (C9, C20)', async () => {
    for (const attach of [
      (client: ReturnType<typeof axios.create>) => attachAuth(client, new Authorizer(async () => 't')),
      (client: ReturnType<typeof axios.create>) => attachAuth(client, pool, { key: () => 'a' }),
    ]) {
      const { client, sent } = recording();
      attach(client);
      expect(await rejection(client.get('/', { authorizer }))).toMatchObject({ kind: 'configuration' });
      await client.get('/', unsaid);
      await client.get('/', { authorizer: false });
      expect(sent).toHaveLength(2);
    }
  });

  it('is the ConfigurationError of a fetch (C20, C22)', async () => {
    const fetch = async (): Promise<Response> => new Response('sent');
    const own = authorizedFetch(new Authorizer(async () => 't'), { allow: ORIGIN, fetch });
    const pooled = authorizedFetch(pool, { allow: ORIGIN, fetch, key: () => 'a' });
    for (const authorized of [own, pooled]) {
      await expect(authorized(ORIGIN, { authorizer })).rejects.toMatchObject({ kind: 'configuration' });
      expect((await authorized(ORIGIN, { authorizer: undefined })).status).toBe(200);
    }
  });
});
