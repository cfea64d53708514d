// There is no token to be had here, and another process or tab signs in: how soon is its token used?
import { ManualClock } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer, clientCredentialsSource, memoryTokenStore } from '../../src/index.js';
import type { AuthErrorKind, TokenSource } from '../../src/index.js';
import { ScriptedStore } from './scripted-store.js';
import { at, failureOf, settled, tokenEndpoints, withoutNews } from './stage.js';

const start = tokenEndpoints();

/** A source that always fails in the same way. */
function failing(code: 'not_authenticated' | 'token_endpoint', kind: AuthErrorKind): TokenSource & { asked: number } {
  const source = {
    asked: 0,
    authorize: (): Promise<never> => {
      source.asked += 1;
      return Promise.reject(new AuthenticationError('no', { code, kind, transient: kind === 'unavailable' }));
    },
  };
  return source;
}

it.each([
  ['nobody is signed in', 'not_authenticated', 'session'],
  ['the credentials were wrong', 'token_endpoint', 'credentials'],
  ['the session is over', 'token_endpoint', 'session'],
  ['the server is away', 'token_endpoint', 'unavailable'],
] as const)(
  'after “%s” what another has saved is used a second later, at no request (C5)',
  async (_what, code, kind) => {
    const clock = new ManualClock();
    const store = memoryTokenStore();
    const source = failing(code, kind);
    const auth = new Authorizer(source, { clock, store, maxRetries: 0 });
    await failureOf(auth.getToken());
    await failureOf(auth.getToken());
    await store.save({ accessToken: 'of-another-tab' });
    clock.set(clock.now() + 1_000);
    const asked = source.asked;
    expect((await auth.getToken()).accessToken).toBe('of-another-tab');
    expect(source.asked).toBe(asked);
  },
);

it('a crowd that asks meanwhile costs one look into the store a second (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.always({ status: 401, json: { error: 'invalid_client' } });
  const store = new ScriptedStore();
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, store: store.withLease() });
  await failureOf(auth.getToken());
  const before = store.log.length;
  for (let second = 0; second < 10; second += 1) {
    const failures = Array.from({ length: 100 }, () => failureOf(auth.getToken()));
    expect(new Set((await Promise.all(failures)).map(({ code }) => code))).toEqual(new Set(['cooling_down']));
    clock.set(clock.now() + 1_000);
  }
  expect(store.log.slice(before)).toEqual(Array.from({ length: 10 }, () => 'load'));
  expect(idp.calls).toBe(1);
});

it('“nobody is signed in” does not cool down: the source is asked again a second later (C5)', async () => {
  const clock = new ManualClock();
  const source = failing('not_authenticated', 'session');
  const auth = new Authorizer(source, { clock, store: memoryTokenStore() });
  for (let second = 1; second <= 5; second += 1) {
    for (let call = 0; call < 10; call += 1)
      expect(await failureOf(auth.getToken())).toMatchObject({ code: 'not_authenticated' });
    expect(source.asked).toBe(second);
    clock.set(clock.now() + 1_000);
  }
});

it('without a store there is nothing to look into: “nobody is signed in” is asked of the source each time (C5)', async () => {
  const source = failing('not_authenticated', 'session');
  const auth = new Authorizer(source, { clock: new ManualClock() });
  await failureOf(auth.getToken());
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'not_authenticated' });
  expect(source.asked).toBe(2);
});

it('a force, a sign-in of one’s own and setToken do not wait for the next look (C5, C18)', async () => {
  const clock = new ManualClock();
  const source = failing('not_authenticated', 'session');
  const auth = new Authorizer(source, { clock, store: memoryTokenStore() });
  await failureOf(auth.getToken());
  await failureOf(auth.getToken({ force: true }));
  expect(source.asked).toBe(2);
  await auth.setToken({ accessToken: 'mine' });
  expect((await auth.getToken()).accessToken).toBe('mine');
});

it('a sign-out that is found in the store while cooling down ends the session here too (C17)', async () => {
  const clock = new ManualClock();
  const store = withoutNews(memoryTokenStore());
  const source: TokenSource = {
    authorize: () => Promise.reject(new AuthenticationError('no', { code: 'token_endpoint', kind: 'credentials' })),
  };
  const initialToken = { accessToken: 'ada', expiresAt: new Date(clock.now()) };
  const auth = new Authorizer(source, { clock, store, initialToken });
  await failureOf(auth.getToken());
  await new Authorizer(source, { clock, store }).logout();
  clock.set(clock.now() + 1_000);
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'logged_out' });
  await settled();
  expect(auth.token).toBeUndefined();
});
