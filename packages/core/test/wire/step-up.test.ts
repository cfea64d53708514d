// An API says that the token is good, but not for this: who is asked for a better one, how often, and what becomes of the request?
import axios from 'axios';
import { gate, ManualClock } from '@axios-authorizer/test-kit';
import { authorizedFetch } from '../../src/fetch/index.js';
import {
  attachAuth,
  Authorizer,
  firstOf,
  isAuthenticationError,
  logObserver,
  memoryTokenStore,
  stepUpChallenge,
} from '../../src/index.js';
import type { AuthChallenge, AuthEvent, AuthorizerOptions, Token, TokenRequest, TokenSource } from '../../src/index.js';
import { settled } from '../lifecycle/stage.js';

const ORIGIN = 'https://api.example.org';
const SCOPE = 'Bearer error="insufficient_scope", scope="pay"';
const WAYS = ['axios', 'fetch'] as const;

/** What the API answers: it lets a token in whose scope holds `pay`, and its challenge says what is missing. */
interface Api {
  challenge: string;
  status: number;
  accepts: (accessToken: string) => boolean;
  readonly seen: string[];
  late?: Promise<void>;
}

type Ask = (init?: { readonly signal?: AbortSignal; readonly body?: ReadableStream }) => Promise<number>;

/** Steps up by adding what is asked for to the name of the token. */
class Stepping implements TokenSource {
  readonly asked: { readonly challenge: AuthChallenge; readonly token: Token; readonly request: TokenRequest }[] = [];
  refreshes = 0;
  answer: (token: Token) => Promise<Token> = async ({ accessToken }) => ({
    accessToken: `${accessToken}+`,
    sessionMark: 'ada',
  });

  authorize(): Promise<Token> {
    return Promise.reject(new Error('nobody signs in here'));
  }
  refresh(token: Token): Promise<Token> {
    this.refreshes += 1;
    return Promise.resolve({ ...token, accessToken: `${token.accessToken}r` });
  }
  stepUp(challenge: AuthChallenge, token: Token, request: TokenRequest): Promise<Token> {
    this.asked.push({ challenge, token, request });
    return this.answer(token);
  }
}

interface Scene {
  readonly api: Api;
  readonly auth: Authorizer;
  readonly ask: Ask;
  readonly clock: ManualClock;
  readonly events: AuthEvent[];
  readonly store: ReturnType<typeof memoryTokenStore>;
}

function scene(way: (typeof WAYS)[number], source: TokenSource, options: AuthorizerOptions = {}): Scene {
  const api: Api = { challenge: SCOPE, status: 403, accepts: (token) => token.endsWith('+'), seen: [] };
  const clock = new ManualClock();
  const events: AuthEvent[] = [];
  const store = memoryTokenStore();
  const initialToken = { accessToken: 'a', refreshToken: 'r', scope: 'read', sessionMark: 'ada' };
  const observer = (event: AuthEvent): void => void events.push(event);
  const auth = new Authorizer(source, { clock, store, initialToken, observer, ...options });
  const answer: Answer = async (authorization) => {
    await api.late;
    const token = (authorization ?? '').replace(/^Bearer /, '');
    api.seen.push(token);
    return api.accepts(token) ? [200, {}] : [api.status, { 'www-authenticate': api.challenge }];
  };
  return { api, auth, clock, events, store, ask: way === 'fetch' ? overFetch(auth, answer) : overAxios(auth, answer) };
}

type Answer = (authorization: string | null | undefined) => Promise<[number, Record<string, string>]>;

function overFetch(auth: Authorizer, answer: Answer): Ask {
  const fetch = authorizedFetch(auth, {
    allow: ORIGIN,
    fetch: async (_input, init) => {
      const [status, headers] = await answer(new Headers(init?.headers).get('authorization'));
      return new Response('words', { status, headers });
    },
  });
  return async ({ signal, body } = {}) => {
    const init = { ...(signal && { signal }), ...(body && { body, method: 'POST', duplex: 'half' as const }) };
    const response = await fetch(`${ORIGIN}/items`, init);
    expect(response.status === 200 || stepUpChallenge(response)?.error).toBeTruthy();
    expect(await response.text()).toBe('words');
    return response.status;
  };
}

function overAxios(auth: Authorizer, answer: Answer): Ask {
  const client = axios.create({
    baseURL: ORIGIN,
    adapter: async (config) => {
      const [status, headers] = await answer(config.headers.get('Authorization') as string | null);
      const response = { data: 'words', status, statusText: '', headers, config };
      if (status < 300) return response;
      throw new axios.AxiosError(`${status}`, 'ERR_BAD_REQUEST', config, {}, response);
    },
  });
  attachAuth(client, auth);
  return async ({ signal, body } = {}) => {
    const config = { ...(signal && { signal }), ...(body && { data: body, method: 'POST' }) };
    try {
      return (await client.request({ url: '/items', ...config })).status;
    } catch (error) {
      if (!axios.isAxiosError(error) || isAuthenticationError(error) || !error.response) throw error;
      expect(stepUpChallenge(error)?.error).toBeTruthy();
      return error.response.status;
    }
  };
}

describe.each(WAYS)('over %s', (way) => {
  it.each([
    [403, SCOPE],
    [401, SCOPE],
    [401, 'DPoP algs="ES256", error="insufficient_user_authentication", acr_values="gold"'],
    [403, 'Bearer error="insufficient_user_authentication", acr_values="gold", max_age="5"'],
  ])(
    'a %i with %s asks the source once, refreshes nothing, and sends the request again (C26)',
    async (status, challenge) => {
      const source = new Stepping();
      const { api, ask, events, auth, store } = scene(way, source);
      Object.assign(api, { status, challenge });
      expect(await ask()).toBe(200);
      expect([api.seen, source.refreshes, source.asked.length]).toEqual([['a', 'a+'], 0, 1]);
      expect(source.asked[0]?.request.reason).toBe('step_up');
      expect([auth.accessToken, (await store.load())?.accessToken]).toEqual(['a+', 'a+']);
      expect(auth.token).toMatchObject({ refreshToken: 'r', sessionMark: 'ada' });
      const told = events.flatMap((event) => ('reason' in event ? [`${event.type} ${event.reason}`] : event.type));
      expect(told).toEqual(expect.arrayContaining(['acquiring step_up', 'acquired step_up', 'waited', 'resent']));
    },
  );

  it('what is asked for holds what is granted already, and is what the token has where the answer does not say (C26)', async () => {
    const source = new Stepping();
    const { ask, auth } = scene(way, source);
    await ask();
    expect(source.asked[0]?.challenge.parameters).toMatchObject({ scope: 'read pay', error: 'insufficient_scope' });
    expect(auth.token?.scope).toBe('read pay');
  });

  it('a hundred requests at once ask once; one that comes late with the former token asks no more (C26)', async () => {
    const source = new Stepping();
    const { opened, open } = gate();
    source.answer = async ({ accessToken }) => (await opened, { accessToken: `${accessToken}+` });
    const { api, ask } = scene(way, source);
    const all = Array.from({ length: 100 }, () => ask());
    await settled();
    open();
    expect(new Set(await Promise.all(all))).toEqual(new Set([200]));
    expect(source.asked).toHaveLength(1);
    expect(new Set(api.seen)).toEqual(new Set(['a', 'a+']));
  });

  it('a request that comes late asks nobody where the token that was refreshed meanwhile has the scopes (C26)', async () => {
    const source = new Stepping();
    const { api, ask, auth } = scene(way, source);
    api.accepts = (token) => token === 'a+r' || token === 'a+';
    await ask();
    await auth.getToken({ force: true });
    const { opened, open } = gate();
    api.late = opened;
    await auth.setToken(
      { accessToken: 'old', scope: 'read', sessionMark: 'ada', refreshToken: 'r' },
      { sameSession: true },
    );
    const late = ask();
    await settled();
    await auth.setToken({ accessToken: 'a+r', scope: 'read pay', sessionMark: 'ada' }, { sameSession: true });
    open();
    expect(await late).toBe(200);
    expect(source.asked).toHaveLength(1);
  });

  it('two demands are asked for one after the other, the second with what the first was granted (C26)', async () => {
    const source = new Stepping();
    const { api, ask } = scene(way, source);
    api.accepts = (token) => token.length > 2;
    const first = ask();
    await settled();
    api.challenge = 'Bearer error="insufficient_scope", scope="admin"';
    await Promise.all([first, ask()]);
    expect(source.asked.map(({ challenge }) => challenge.parameters['scope'])).toEqual(['read pay', 'read pay admin']);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('the person closed the window'))],
    ['does not help', async ({ accessToken }: Token) => ({ accessToken: `${accessToken}-`, sessionMark: 'ada' })],
  ])(
    'one that %s leaves the answer as it came, and is not asked for the same again for 60 s (C26)',
    async (_how, answer) => {
      const source = new Stepping();
      source.answer = answer;
      const { api, ask, clock } = scene(way, source);
      expect(await ask()).toBe(403);
      expect(await ask()).toBe(403);
      clock.set(clock.now() + 59_999);
      expect(await ask()).toBe(403);
      expect(source.asked).toHaveLength(1);
      api.challenge = 'Bearer error="insufficient_scope", scope="other"';
      await ask();
      expect(source.asked).toHaveLength(2);
      api.challenge = SCOPE;
      clock.set(clock.now() + 1);
      await ask();
      expect([source.asked.length, source.refreshes]).toEqual([3, 0]);
    },
  );

  it.each([
    ['one after the other', 1],
    ['at once', 20],
  ])('an API that makes up demands %s is soon not listened to, for 60 s (C26)', async (_how, atOnce) => {
    const source = new Stepping();
    source.answer = async ({ accessToken }) => ({ accessToken: `${accessToken}-`, sessionMark: 'ada' });
    const { api, ask, clock } = scene(way, source);
    let demands = 0;
    Object.defineProperty(api, 'challenge', { get: () => `${SCOPE.slice(0, -1)}${(demands += 1)}"` });
    for (let count = 0; count < 20; count += atOnce) await Promise.all(Array.from({ length: atOnce }, () => ask()));
    expect(source.asked.length).toBeLessThan(5); // one more may be under way
    expect(await ask()).toBe(403);
    const asked = source.asked.length;
    clock.set(clock.now() + 60_000);
    source.answer = async ({ accessToken }) => ({ accessToken: `${accessToken}+`, sessionMark: 'ada' });
    expect(await ask()).toBe(200);
    expect(source.asked).toHaveLength(asked + 1);
  });

  it('a token of another person is a typed error, and is not used (C17, C26)', async () => {
    const source = new Stepping();
    source.answer = async () => ({ accessToken: 'b+', sessionMark: 'bob' });
    const { ask, auth, api } = scene(way, source);
    await expect(ask()).rejects.toMatchObject({ code: 'another_identity', kind: 'session' });
    expect([auth.accessToken, api.seen]).toEqual(['a', ['a']]);
  });

  it('a source without `stepUp` gets no question, and the answer comes as it came (C26)', async () => {
    const { ask, api } = scene(way, { authorize: async () => ({ accessToken: 'x' }) });
    expect([await ask(), api.seen]).toEqual([403, ['a']]);
  });

  it.each([
    ['a 403 without a challenge', 403, 'Basic realm="x"'],
    ['a 404', 404, SCOPE],
    ['another error', 403, 'Bearer error="invalid_request"'],
  ])('%s asks for nothing (C7, C26)', async (_what, status, challenge) => {
    const source = new Stepping();
    const { api, ask } = scene(way, source);
    Object.assign(api, { status, challenge });
    await ask().catch(() => undefined);
    expect([api.seen, source.asked.length]).toEqual([['a'], 0]);
  });

  it('a rejected token is refreshed first, and what is then not enough is stepped up once (C7, C26)', async () => {
    const source = new Stepping();
    const { api, ask } = scene(way, source);
    api.status = 401;
    api.challenge = 'Bearer error="invalid_token"';
    api.accepts = (token) => {
      if (token === 'ar') api.challenge = SCOPE;
      return token === 'ar+';
    };
    expect(await ask()).toBe(200);
    expect([api.seen, source.refreshes, source.asked.length]).toEqual([['a', 'ar', 'ar+'], 1, 1]);
  });

  it('a sign-out meanwhile ends the step-up, and its token is not taken (C17, C26)', async () => {
    const source = new Stepping();
    const { opened, open } = gate();
    source.answer = async ({ accessToken }) => (await opened, { accessToken: `${accessToken}+` });
    const { ask, auth } = scene(way, source);
    const waiting = ask();
    await settled();
    await auth.logout();
    expect(await waiting).toBe(403);
    expect(source.asked[0]?.request.signal.aborted).toBe(true);
    open();
    await settled();
    expect(auth.token).toBeUndefined();
  });

  it('a caller that leaves, leaves the step-up to the others (C4, C26)', async () => {
    const source = new Stepping();
    const { opened, open } = gate();
    source.answer = async ({ accessToken }) => (await opened, { accessToken: `${accessToken}+` });
    const { ask } = scene(way, source);
    const leaving = new AbortController();
    const [left, stays] = [ask({ signal: leaving.signal }).catch(() => 'left'), ask()];
    await settled();
    leaving.abort();
    expect(await left).toBe('left');
    open();
    expect(await stays).toBe(200);
  });

  it('an API that asks for more than 50 scopes is not listened to (C26)', async () => {
    const source = new Stepping();
    const { api, ask } = scene(way, source);
    const many = Array.from({ length: 51 }, (_, index) => `s${index}`).join(' ');
    api.challenge = `Bearer error="insufficient_scope", scope="${many}"`;
    expect([await ask(), source.asked.length]).toEqual([403, 0]);
  });

  it('a request whose body is spent asks nobody (C8, C26)', async () => {
    const source = new Stepping();
    const { ask } = scene(way, source);
    expect(await ask({ body: new Blob(['x']).stream() })).toBe(403);
    expect(source.asked).toHaveLength(0);
  });

  it('`firstOf` asks the source that the token is of (C26, C27)', async () => {
    const source = new Stepping();
    const named = firstOf({ other: { authorize: async () => ({ accessToken: 'o' }) }, desk: source });
    const initialToken = { accessToken: 'a', sessionMark: 'ada', source: 'desk' };
    const { ask, auth } = scene(way, named, { initialToken });
    expect(await ask()).toBe(200);
    expect(auth.token).toMatchObject({ accessToken: 'a+', source: 'desk' });
    expect(source.asked[0]?.token).not.toHaveProperty('source');
  });
});

describe('stepUpChallenge', () => {
  it('reads an error of axios, an answer and bare headers alike (C26)', () => {
    const header =
      'Bearer realm="x", error="insufficient_user_authentication", error_description="too old", acr_values="gold silver", max_age="5"';
    const expected = {
      error: 'insufficient_user_authentication',
      acrValues: 'gold silver',
      maxAge: 5,
      description: 'too old',
    };
    const headers = { 'WWW-Authenticate': header };
    for (const from of [
      { response: { status: 401, headers } },
      new Response(null, { status: 403, headers }),
      new Headers(headers),
      headers,
      { status: 401, headers: axios.AxiosHeaders.from(headers) },
    ])
      expect(stepUpChallenge(from)).toEqual(expected);
  });

  it.each([
    [undefined],
    [null],
    [7],
    ['Bearer'],
    [new Error('x')],
    [{ response: { status: 200, headers: { 'www-authenticate': SCOPE } } }],
    [new Headers({ 'www-authenticate': 'Bearer error="invalid_token"' })],
    [{ headers: null }],
  ])('is undefined for %p (C26)', (from) => expect(stepUpChallenge(from)).toBeUndefined());

  it('a `max_age` that is none is left out (C26)', () => {
    for (const age of ['-1', '1e9', 'x', ''])
      expect(stepUpChallenge({ 'www-authenticate': `${SCOPE}, max_age="${age}"` })).toEqual({
        error: 'insufficient_scope',
        scope: 'pay',
      });
  });
});

it('a log says that an API asked for more (C26)', () => {
  const lines: string[] = [];
  logObserver((line) => void lines.push(line))({ type: 'acquiring', id: 1, at: 0, reason: 'step_up' });
  expect(lines).toEqual(['auth: #1 asking for a token, since an API asks for more than the held one is good for']);
});
