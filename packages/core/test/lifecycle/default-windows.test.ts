// When are tokens replaced if nobody says when?
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer } from '../../src/index.js';
import { HandHook, Mint } from './hooks.js';
import { settled, standing } from './stage.js';

const many = 40;

interface Rollover {
  readonly clock: ManualClock;
  readonly hook: HandHook;
  readonly auth: Authorizer;
}

/** An authorizer that holds a token of `lifeMs` of which `leftMs` are left. */
async function withLeft(leftMs: number, lifeMs: number): Promise<Rollover> {
  const clock = new ManualClock();
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock });
  const endsAt = clock.now() + lifeMs;
  const first = auth.getToken();
  await standing(first);
  hook.answer({ accessToken: 'old', expiresAt: new Date(endsAt) });
  await first;
  clock.set(endsAt - leftMs);
  return { clock, hook, auth };
}

/** Whether such a token is handed out, and whether a refresh begins. */
async function ageOf(leftMs: number, lifeMs: number): Promise<'fresh' | 'stale' | 'expired'> {
  const { hook, auth } = await withLeft(leftMs, lifeMs);
  const call = auth.getToken();
  const { state } = await standing(call);
  const replaced = hook.requests.length > 1;
  if (replaced) hook.answer('new');
  await call;
  if (state === 'waiting') return 'expired';
  return replaced ? 'stale' : 'fresh';
}

async function agesOf(leftMs: number, lifeMs: number): Promise<readonly string[]> {
  const ages = await Promise.all(Array.from({ length: many }, () => ageOf(leftMs, lifeMs)));
  return [...new Set(ages)].toSorted();
}

// life, leeway = min(15 s, life / 10), ahead = 20 to 30 % of the life, of which at most 1,000 s count; all in ms
const defaults = [
  [2_000, 200, 400, 600],
  [60_000, 6_000, 12_000, 18_000],
  [300_000, 15_000, 60_000, 90_000],
  [3_600_000, 15_000, 200_000, 300_000],
] as const;

it.each(defaults)('a token of %i ms expires %i ms before its end (C1)', async (lifeMs, leewayMs) => {
  expect(await agesOf(leewayMs + 1, lifeMs)).toEqual(['stale']);
  expect(await agesOf(leewayMs, lifeMs)).toEqual(['expired']);
});

it.each(defaults)('a token of %i ms (leeway %i) is stale between %i and %i ms before that (C1)', async (...row) => {
  const [lifeMs, leewayMs, leastMs, mostMs] = row;
  expect(await agesOf(leewayMs + mostMs + 1, lifeMs)).toEqual(['fresh']);
  expect(await agesOf(leewayMs + leastMs, lifeMs)).toEqual(['stale']);
});

it.each(defaults)('forty clients with tokens of %i ms do not refresh at one instant (C1)', async (...row) => {
  const [lifeMs, leewayMs, leastMs, mostMs] = row;
  expect(await agesOf(leewayMs + (leastMs + mostMs) / 2, lifeMs)).toEqual(['fresh', 'stale']);
});

it('the share is drawn once per token: at one instant the age does not change from call to call (C1)', async () => {
  const { hook, auth } = await withLeft(6_000 + 15_000, 60_000);
  await auth.getToken();
  await settled();
  const asked = hook.requests.length;
  for (let call = 0; call < 1_000; call += 1) await auth.getToken();
  await settled();
  expect(hook.requests).toHaveLength(asked);
});

it.each([
  ['1 ms before', -1, 1],
  ['at', 0, 2],
])(
  'refreshing begins at least twice the last acquisition ahead: %s that instant (C1)',
  async (_when, offsetMs, calls) => {
    const clock = new ManualClock();
    const mint = new Mint(clock, 300_000, 60_000);
    const auth = new Authorizer(mint.get, { clock, timeoutMs: 100_000 });
    const endsAt = clock.now() + 300_000;
    const first = auth.getToken();
    await clock.advance(60_000);
    await first;
    clock.set(endsAt - 15_000 - 120_000 + offsetMs);
    expect((await auth.getToken()).accessToken).toBe('minted-1');
    await settled();
    expect(mint.calls).toBe(calls);
    await clock.advance(60_000);
  },
);

it.each([1, 1_000, 2_000])(
  'a token of %i ms is fresh for a part of its life, else each call would replace it (C1)',
  async (ms) => {
    const clock = new ManualClock();
    const mint = new Mint(clock, ms);
    const auth = new Authorizer(mint.get, { clock, refreshAheadMs: 60_000, leewayMs: 0 });
    for (let call = 0; call < 100; call += 1) {
      await auth.getToken();
      await settled();
    }
    expect(mint.calls).toBe(1);
  },
);
