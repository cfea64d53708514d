// What does a user's own function do wrong, and what becomes of it?
import { inspect } from 'node:util';
import { ManualClock } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer, ConfigurationError } from '../../src/index.js';
import type { GetToken, Token, TokenSource } from '../../src/index.js';
import { failureOf, passing } from './stage.js';

it.each<readonly [string, unknown]>([
  ['an Error', new Error('boom')],
  ['a TypeError', new TypeError('x is not a function')],
  ['an error with a network code', Object.assign(new Error('boom'), { code: 'ECONNRESET' })],
  ['a string', 'boom'],
  ['nothing at all', undefined],
  ['null', null],
])('a hook that throws %s is tried once, and the error is wrapped as `unavailable` (C5)', async (_what, thrown) => {
  let calls = 0;
  const hook: GetToken = async () => {
    calls += 1;
    // oxlint-disable-next-line typescript/only-throw-error -- users do
    throw thrown;
  };
  const clock = new ManualClock();
  const failure = await failureOf(passing(clock, new Authorizer(hook, { clock }).getToken()));
  expect(failure).toMatchObject({ name: 'AuthenticationError', code: 'source_failed', kind: 'unavailable' });
  expect((failure.cause as AuthenticationError).cause).toBe(thrown);
  expect(calls).toBe(1);
});

function boom(): never {
  throw new Error('boom');
}

it('a hook that throws before it returns a promise is treated the same (C5)', async () => {
  const failure = await failureOf(new Authorizer(boom, { clock: new ManualClock() }).getToken());
  expect(failure).toMatchObject({ code: 'source_failed', kind: 'unavailable' });
  expect(failure.message).toContain('boom');
});

it.each([
  ['an AuthenticationError', 'session', false, 1],
  ['a transient AuthenticationError', 'unavailable', true, 4],
] as const)('a hook says itself what kind of failure it is: %s (C5)', async (_what, kind, transient, calls) => {
  const clock = new ManualClock();
  let asked = 0;
  const hook: GetToken = () => {
    asked += 1;
    return Promise.reject(new AuthenticationError('mine', { code: 'not_authenticated', kind, transient }));
  };
  const failure = await failureOf(passing(clock, new Authorizer(hook, { clock }).getToken()));
  expect(failure).toMatchObject({ message: 'mine', code: 'not_authenticated', kind, transient });
  expect(asked).toBe(calls);
});

it('an error of another copy of this library is known by its shape (C5)', async () => {
  const foreign = Object.assign(new Error('theirs'), { code: 'network', kind: 'unavailable', transient: true });
  const clock = new ManualClock();
  let asked = 0;
  const hook: GetToken = () => (++asked > 1 ? Promise.resolve('token') : Promise.reject(foreign));
  expect((await passing(clock, new Authorizer(hook, { clock }).getToken())).accessToken).toBe('token');
});

it.each<readonly [string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['a number', 7],
  ['an empty string', ''],
  ['an empty object', {}],
  ['a token without a value', { accessToken: '' }],
  ['a token with a blank', 'a b'],
  ['a token with a line break', { accessToken: 'a\r\nX-Evil: 1' }],
  ['a token with a trailing line break', 'token\n'],
  ['an end that is no date', { accessToken: 'a', expiresAt: new Date(Number.NaN) }],
])('a hook that returns %s is a ConfigurationError at once, and nothing is held (C5, C10)', async (_what, answer) => {
  let calls = 0;
  const hook = (): Promise<Token> => {
    calls += 1;
    return Promise.resolve(answer as Token);
  };
  const auth = new Authorizer(hook, { clock: new ManualClock() });
  const failure = await failureOf(auth.getToken());
  expect(failure).toBeInstanceOf(ConfigurationError);
  expect(failure.kind).toBe('configuration');
  expect(auth.token).toBeUndefined();
  expect(calls).toBe(1);
});

it('a hook is told why it is asked (C5)', async () => {
  const clock = new ManualClock();
  const reasons: string[] = [];
  const hook: GetToken = ({ reason }) => {
    const expiresAt = new Date(clock.now() + 100_000);
    return Promise.resolve({ accessToken: `for-${reasons.push(reason)}`, expiresAt });
  };
  const auth = new Authorizer(hook, { clock, leewayMs: 10_000, refreshAheadMs: 10_000 });
  const rejected = await auth.getToken();
  await auth.getToken({ rejected });
  await auth.getToken({ force: true });
  clock.set(clock.now() + 80_000);
  await auth.getToken();
  await clock.advance(0);
  clock.set(clock.now() + 90_000);
  await auth.getToken();
  expect(reasons).toEqual(['missing', 'unauthorized', 'forced', 'stale', 'expiring']);
});

it('`ended` that throws says nothing: the token is used, and no request fails with its words (C5, C25)', async () => {
  const auth = new Authorizer({ authorize: async () => ({ accessToken: 'token' }), ended: boom });
  await auth.getToken();
  expect((await auth.getToken()).accessToken).toBe('token');
  expect([auth.accessToken, auth.authenticated]).toEqual(['token', true]);
});

it.each(['expired', 'bearer'] as const)(
  '`%s` that throws later, with the token in its words, fails what needs the token with an error of ours (C5, C11)',
  async (hook) => {
    let isBroken = false;
    const throwing = ({ accessToken }: Token): unknown => {
      if (isBroken) throw new Error(`no good: ${accessToken}`);
      return hook === 'bearer' ? accessToken : false;
    };
    const source = { authorize: async () => ({ accessToken: 'secret-token-1' }), [hook]: throwing } as TokenSource;
    const auth = new Authorizer(source, { allow: 'https://api.example.org' });
    const headers = (): Promise<unknown> => auth.headers('https://api.example.org/');
    await headers();
    isBroken = true;
    const failures = [headers(), new Authorizer(source).getToken()];
    if (hook === 'bearer') failures.push(new Authorizer(source).setToken({ accessToken: 'secret-token-1' }));
    for (const failure of await Promise.all(failures.map(failureOf))) {
      expect(failure).toMatchObject({ name: expect.stringMatching(/(?:Authentication|Configuration)Error/) as string });
      expect(inspect(failure)).toContain('no good');
      expect(inspect(failure)).not.toContain('secret-token-1');
    }
  },
);
