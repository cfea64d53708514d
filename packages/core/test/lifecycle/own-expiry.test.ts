// Who says when a token has expired, if not `expiresAt`?
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer } from '../../src/index.js';
import type { Token, TokenSource } from '../../src/index.js';
import { HandHook, Mint } from './hooks.js';
import { failureOf, passing, settled, standing } from './stage.js';

it('a bare string is good without end, until it is refused (C1)', async () => {
  const clock = new ManualClock();
  let asked = 0;
  const auth = new Authorizer(() => Promise.resolve(`static-${(asked += 1)}`), { clock });
  const token = await auth.getToken();
  expect(token).toEqual({ accessToken: 'static-1', issuedAt: new Date(clock.now()) });
  clock.set(clock.now() + 100 * 365 * 24 * 3_600_000);
  expect(await auth.getToken()).toBe(token);
  expect((await auth.getToken({ rejected: token })).accessToken).toBe('static-2');
});

/** Expired from 15 whole seconds before the end on, as the ITk production database's own client counts. */
const whole: TokenSource['expired'] = ({ expiresAt }, now) =>
  Math.floor(((expiresAt?.getTime() ?? 0) - now.getTime()) / 1_000) <= 15;

it.each([
  [16_000, 'given'],
  [15_999, 'waiting'],
  [15_000, 'waiting'],
])("a source's own `expired` decides over the leeway: %i ms left (C1)", async (leftMs, state) => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const initialToken = { accessToken: 'old', expiresAt: new Date(clock.now() + 600_000) };
  const source = { authorize: hook.get as TokenSource['authorize'], expired: whole };
  const auth = new Authorizer(source, { clock, initialToken, leewayMs: 60_000 });
  clock.set(clock.now() + 600_000 - leftMs);
  const call = auth.getToken();
  expect(await standing(call)).toMatchObject({ state });
  hook.answer({ accessToken: 'new', expiresAt: new Date(clock.now() + 600_000) });
  await call;
});

it("a source's own `expired` also ends a token without a known end (C1)", async () => {
  const clock = new ManualClock();
  let asked = 0;
  const source: TokenSource = {
    authorize: () => Promise.resolve({ accessToken: `endless-${(asked += 1)}` }),
    expired: ({ issuedAt }, now) => now.getTime() - (issuedAt?.getTime() ?? 0) >= 5_000,
  };
  const auth = new Authorizer(source, { clock });
  await auth.getToken();
  clock.set(clock.now() + 4_999);
  expect((await auth.getToken()).accessToken).toBe('endless-1');
  clock.set(clock.now() + 1);
  expect((await auth.getToken()).accessToken).toBe('endless-2');
});

it('a source that returns expired tokens is asked again after 1, 2 and 4 s, then given up (C1, C5)', async () => {
  const clock = new ManualClock();
  const begun = clock.now();
  const askedAt: number[] = [];
  const ended = { accessToken: 'old', expiresAt: new Date(begun - 1) };
  const hook = (): Promise<Token> => {
    askedAt.push(clock.now() - begun);
    return Promise.resolve(ended);
  };
  const auth = new Authorizer(hook, { clock });
  const failure = await failureOf(passing(clock, auth.getToken()));
  expect(failure).toMatchObject({ code: 'expired_token', kind: 'unavailable' });
  expect(askedAt).toEqual([0, 1_000, 3_000, 7_000]);
});

it('a source that returns an expired token once is waited for (C1)', async () => {
  const clock = new ManualClock();
  const lives = [-1, 0, 60_000];
  const hook = (): Promise<Token> => {
    const expiresAt = new Date(clock.now() + (lives.shift() ?? 0));
    return Promise.resolve({
      accessToken: `left-${lives.length}`,
      issuedAt: new Date(clock.now() - 60_000),
      expiresAt,
    });
  };
  const auth = new Authorizer(hook, { clock });
  expect((await passing(clock, auth.getToken())).accessToken).toBe('left-0');
});

it('a token that ends as it is issued is good for the callers who waited for it, and no longer (C1)', async () => {
  const clock = new ManualClock();
  const mint = new Mint(clock, 0);
  const auth = new Authorizer(mint.get, { clock });
  expect((await auth.getToken()).accessToken).toBe('minted-1');
  expect((await auth.getToken()).accessToken).toBe('minted-2');
});

it('a hook that returns the same token, as one that reads a file, is asked a few times per life, not per call (C1)', async () => {
  const clock = new ManualClock();
  const token = { accessToken: 'same', expiresAt: new Date(clock.now() + 3_600_000) };
  let asked = 0;
  const hook = (): Promise<Token> => {
    asked += 1;
    return Promise.resolve(token);
  };
  const auth = new Authorizer(hook, { clock });
  for (let second = 0; second < 3_600; second += 1) {
    expect((await auth.getToken()).accessToken).toBe('same');
    if (second % 10 === 0) await settled();
    clock.set(clock.now() + 1_000);
  }
  expect(asked).toBeGreaterThan(1);
  expect(asked).toBeLessThan(30);
});
