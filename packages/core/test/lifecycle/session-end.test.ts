// A session is over for good, and only a person can go on: when is the program told, and how often?
import { ManualClock } from '@axios-authorizer/test-kit';
import {
  AuthenticationError,
  Authorizer,
  clientCredentialsSource,
  memoryTokenStore,
  refreshTokenSource,
} from '../../src/index.js';
import type { AuthErrorKind, AuthEvent, AuthorizerOptions, Token, TokenSource } from '../../src/index.js';
import { at, failureOf, settled, tokenEndpoints, withoutNews } from './stage.js';

const start = tokenEndpoints();

/** A session that lasts ten seconds, until `fails` says how refreshing and signing in end from now on. */
class Login implements TokenSource {
  fails: Error | undefined;
  readonly #clock: ManualClock;
  #made = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  async authorize(): Promise<Token> {
    if (this.fails) throw this.fails;
    const expiresAt = new Date(this.#clock.now() + 10_000);
    return { accessToken: `t-${(this.#made += 1)}`, refreshToken: 'ada', expiresAt };
  }

  refresh(): Promise<Token> {
    return this.authorize();
  }
}

function failing(code: AuthenticationError['code'], kind: AuthErrorKind): AuthenticationError {
  return new AuthenticationError('no', { code, kind });
}

function stage(options: AuthorizerOptions = {}): {
  readonly clock: ManualClock;
  readonly source: Login;
  readonly auth: Authorizer;
  readonly ends: AuthenticationError[];
} {
  const clock = new ManualClock();
  const source = new Login(clock);
  const ends: AuthenticationError[] = [];
  const onSessionEnd = (error: AuthenticationError): void => void ends.push(error);
  return { clock, source, ends, auth: new Authorizer(source, { clock, maxRetries: 0, onSessionEnd, ...options }) };
}

it('a thousand requests that fail with the session are told as one end, before any of them hears of it (C18)', async () => {
  const { auth, clock, source, ends } = stage();
  await auth.getToken();
  clock.set(clock.now() + 10_000);
  source.fails = failing('token_endpoint', 'session');
  const told: number[] = [];
  const failures = Array.from({ length: 1_000 }, () => auth.getToken().catch(() => void told.push(ends.length)));
  await Promise.all(failures);
  expect(new Set(told)).toEqual(new Set([1]));
  for (let hour = 0; hour < 3; hour += 1) {
    clock.set(clock.now() + 3_600_000);
    await failureOf(auth.getToken());
  }
  expect(ends).toHaveLength(1);
  expect(ends[0]).toMatchObject({ code: 'token_endpoint', kind: 'session' });
});

it.each([
  ['the session is refused', 'once', failing('token_endpoint', 'session')],
  ['the credentials of the refresh are refused', 'once', failing('token_endpoint', 'credentials')],
  ['nobody is signed in any more', 'once', failing('not_authenticated', 'session')],
  ['the server is away', 'never', failing('network', 'unavailable')],
  ['the program is wrong', 'never', failing('configuration', 'configuration')],
])('when %s, the end of the session is told %s (C18)', async (_what, often, failure) => {
  const { auth, clock, source, ends } = stage();
  await auth.getToken();
  clock.set(clock.now() + 10_000);
  source.fails = failure;
  await failureOf(auth.getToken());
  await settled();
  expect(ends).toHaveLength(often === 'once' ? 1 : 0);
});

it.each(['session', 'credentials'] as const)(
  'what fails with kind %s before any session is no end of one (C18)',
  async (kind) => {
    const { auth, source, ends } = stage();
    source.fails = failing(kind === 'session' ? 'not_authenticated' : 'token_endpoint', kind);
    await failureOf(auth.getToken());
    await failureOf(auth.getToken({ force: true }));
    await settled();
    expect(ends).toEqual([]);
  },
);

it('a client that is refused is no end of a session: `invalid_client` (C18)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const ends: unknown[] = [];
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), {
    clock,
    onSessionEnd: (error) => void ends.push(error),
  });
  const token = await auth.getToken();
  idp.always({ status: 401, json: { error: 'invalid_client' } });
  expect(await failureOf(auth.getToken({ rejected: token }))).toMatchObject({ kind: 'credentials' });
  await settled();
  expect(ends).toEqual([]);
});

it('a refresh token that is refused at the start ends the session that it stood for, kept in a store or handed in (C18)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.always({ status: 400, json: { error: 'invalid_grant' } });
  const store = memoryTokenStore();
  await store.save({ accessToken: 'old', refreshToken: 'spent', expiresAt: new Date(clock.now() - 1) });
  for (const kept of [{ store }, { initialToken: { refreshToken: 'spent' } }]) {
    const ends: AuthenticationError[] = [];
    const source = refreshTokenSource(at(idp, clock));
    const auth = new Authorizer(source, { clock, onSessionEnd: (error) => void ends.push(error), ...kept });
    await failureOf(auth.getToken());
    await failureOf(auth.getToken());
    await settled();
    expect(ends).toMatchObject([{ kind: 'session' }]);
  }
});

it('a refresh in the background that is refused ends the session when the token expires, not before (C1, C18)', async () => {
  const { auth, clock, source, ends } = stage();
  await auth.getToken();
  source.fails = failing('token_endpoint', 'session');
  clock.set(clock.now() + 8_000);
  await auth.getToken();
  await settled();
  expect(ends).toEqual([]);
  expect(auth.authenticated).toBe(true);
  clock.set(clock.now() + 2_000);
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'cooling_down' });
  expect(ends).toMatchObject([{ code: 'token_endpoint', kind: 'session' }]);
});

it('one’s own sign-out and sign-in are no end of a session, not even with a refresh under way (C18)', async () => {
  const { auth, clock, source, ends } = stage({ store: memoryTokenStore() });
  await auth.getToken();
  clock.set(clock.now() + 10_000);
  source.fails = failing('token_endpoint', 'session');
  const waiting = failureOf(auth.getToken());
  await auth.logout();
  await waiting;
  await auth.setToken({ accessToken: 'bob' });
  await auth.setToken({ accessToken: 'eve' });
  await settled();
  expect(ends).toEqual([]);
});

it('after a new sign-in the next session has an end of its own (C18)', async () => {
  const { auth, clock, source, ends } = stage();
  for (const round of [1, 2]) {
    await auth.setToken({ accessToken: `of-${round}`, expiresAt: new Date(clock.now() + 10_000) });
    clock.set(clock.now() + 10_000);
    source.fails = failing('token_endpoint', 'session');
    await failureOf(auth.getToken());
    await settled();
    expect(ends).toHaveLength(round);
  }
});

it.each(['by news', 'at the next acquisition'])('a sign-out elsewhere ends the session %s (C17, C18)', async (how) => {
  const store = how === 'by news' ? memoryTokenStore() : withoutNews(memoryTokenStore());
  const { auth, clock, ends } = stage({ store });
  const token = await auth.getToken();
  await new Authorizer(new Login(clock), { clock, store }).logout();
  await settled();
  if (how !== 'by news') await failureOf(auth.getToken({ rejected: token }));
  await settled();
  expect(ends).toMatchObject([{ code: 'logged_out', kind: 'session' }]);
});

it('another person who signs in elsewhere ends the session here (C17, C18)', async () => {
  const store = memoryTokenStore();
  const { auth, clock, ends } = stage({ store });
  await auth.getToken();
  await new Authorizer(new Login(clock), { clock, store }).setToken({ accessToken: 'bob' });
  await settled();
  expect(auth.accessToken).toBe('bob');
  expect(ends).toMatchObject([{ code: 'logged_out' }]);
});

it('a token to begin with gives way to the stored one, which ends no session (C18)', async () => {
  const store = memoryTokenStore();
  await store.save({ accessToken: 'stored', sessionMark: 'of-bob' });
  const { auth, ends, clock } = stage({ store, initialToken: { accessToken: 'first', expiresAt: new Date(0) } });
  clock.set(clock.now() + 1);
  await auth.getToken().catch(() => undefined); // it began with the first one
  expect((await auth.getToken()).accessToken).toBe('stored');
  await settled();
  expect(ends).toEqual([]);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('the router is gone');
    },
  ],
  ['rejects', () => Promise.reject(new Error('the router is gone'))],
])('a hook that %s is reported, and fails nobody (C13, C18)', async (_how, hook) => {
  const events: AuthEvent[] = [];
  const { auth, clock, source } = stage({ onSessionEnd: hook, observer: (event) => void events.push(event) });
  await auth.getToken();
  clock.set(clock.now() + 10_000);
  source.fails = failing('token_endpoint', 'session');
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'token_endpoint' });
  await settled();
  const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  expect(notices.join()).toContain('onSessionEnd failed, which changes nothing: Error');
});

it('a hook may sign in again by itself: what is asked from then on gets the new token (C18)', async () => {
  const clock = new ManualClock();
  const source = new Login(clock);
  const auth: Authorizer = new Authorizer(source, {
    clock,
    onSessionEnd: () => void auth.setToken({ accessToken: 'anew' }),
  });
  await auth.getToken();
  clock.set(clock.now() + 10_000);
  source.fails = failing('token_endpoint', 'session');
  await failureOf(auth.getToken());
  expect((await auth.getToken()).accessToken).toBe('anew');
});
