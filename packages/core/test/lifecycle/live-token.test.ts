// Does anybody wait while a live token is held, and does anybody get one that has ended? Over lives, pauses and outcomes
// that nobody chose by hand.
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer } from '../../src/index.js';
import type { AuthEvent, GetToken } from '../../src/index.js';
import { Mint } from './hooks.js';

const lives = fc.oneof(fc.constantFrom(2_000, 60_000, 300_000, 3_600_000), fc.integer({ min: 1_000, max: 7_200_000 }));
/** Pauses between calls and the time an acquisition takes, as parts of what the life leaves for a rollover. */
const parts = fc.double({ min: 0, max: 1, noNaN: true });

it('a live token means that no caller waits at a rollover, for lives of 1 s to 2 h (C1)', async () => {
  await fc.assert(
    fc.asyncProperty(lives, parts, fc.array(parts, { minLength: 30, maxLength: 60 }), async (lifeMs, slow, pauses) => {
      const clock = new ManualClock();
      const leewayMs = Math.min(15_000, lifeMs / 10);
      const aheadMs = Math.min(200_000, lifeMs / 5);
      const mint = new Mint(clock, lifeMs, Math.floor(slow * leewayMs * 0.9));
      const waited: AuthEvent[] = [];
      const observer = (event: AuthEvent): void => void (event.type === 'waited' && waited.push(event));
      const auth = new Authorizer(mint.get, { clock, observer });
      const first = auth.getToken();
      await clock.advance(leewayMs);
      await first;
      for (const pause of pauses) {
        await clock.advance(Math.floor(pause * aheadMs));
        const call = auth.getToken();
        await turn();
        expect(waited).toHaveLength(1);
        expect((await call).expiresAt?.getTime()).toBeGreaterThan(clock.now());
      }
    }),
    { numRuns: 60 },
  );
});

type Step = { readonly pauseMs: number; readonly call: 'plain' | 'forced' | 'refused'; readonly fails: boolean };
const steps = fc.array(
  fc.record<Step>({
    pauseMs: fc.integer({ min: 0, max: 30_000 }),
    call: fc.constantFrom('plain', 'plain', 'plain', 'forced', 'refused'),
    fails: fc.boolean(),
  }),
  { minLength: 5, maxLength: 40 },
);

/** Found by the property below: a refusal that comes while a failure is being rested from. */
const refusedAtRest: Step[] = [
  { pauseMs: 1_000, call: 'plain', fails: false },
  { pauseMs: 1_000, call: 'forced', fails: true },
  { pauseMs: 0, call: 'refused', fails: false },
  { pauseMs: 0, call: 'plain', fails: false },
];

/** A hook of 60 s tokens that takes a second and fails when told to; it counts how many ask at once. */
function fickle(clock: ManualClock): { readonly get: GetToken; fails: boolean; atOnce: number; most: number } {
  const state = { get: (): Promise<string> => Promise.reject(new Error('unset')), fails: false, atOnce: 0, most: 0 };
  let made = 0;
  const get: GetToken = async ({ signal }) => {
    state.most = Math.max(state.most, (state.atOnce += 1));
    const { fails } = state;
    const expiresAt = new Date(clock.now() + 60_000);
    await clock.sleep(1_000, signal).finally(() => (state.atOnce -= 1));
    if (fails) throw new Error('away');
    return { accessToken: `t-${(made += 1)}`, expiresAt };
  };
  return Object.assign(state, { get });
}

it('whatever happens, one refresh runs at a time and no ended or rejected token is handed out (C1, C2, C3)', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (walk) => {
      const clock = new ManualClock();
      const hook = fickle(clock);
      const auth = new Authorizer(hook.get, { clock });
      const refused = new Set<string>();
      const calls: Promise<void>[] = [];
      for (const { pauseMs, call, fails } of walk) {
        hook.fails = fails;
        const rejected = call === 'refused' ? auth.token : undefined;
        if (rejected) refused.add(rejected.accessToken);
        const asked = auth.getToken({ force: call === 'forced', ...(rejected && { rejected }) });
        const check = ({ accessToken, expiresAt }: { accessToken: string; expiresAt?: Date }): void => {
          expect(refused).not.toContain(accessToken);
          expect(expiresAt?.getTime()).toBeGreaterThan(clock.now());
        };
        calls.push(asked.then(check, (error: unknown) => expect(error).toMatchObject({ kind: 'unavailable' })));
        await clock.advance(pauseMs);
      }
      await clock.advance(10_000);
      await Promise.all(calls);
      expect(hook.most).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60, examples: [[refusedAtRest]] },
  );
});
