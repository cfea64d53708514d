// A hundred thousand tenants through one pool: what stays of those that went, and does anybody ever get another's token?
import { setImmediate as turn } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import fc from 'fast-check';
import { Authorizer, AuthorizerPool, isAuthenticationError } from '../../src/index.js';
import type { Token } from '../../src/index.js';

const KEPT = 1_000;
const KEYS = 100_000;
const AT_ONCE = 20_000;
/** Of so many one is watched until it is collected. */
const SAMPLED = 10;
/** The text of a key in the pool, such as {"scope":["x","y"],"tenant":10000}, and what refers to it. */
const BYTES_OF_A_KEY = 64;

function gc(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

async function heapUsed(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    await turn();
    gc();
  }
  return process.memoryUsage().heapUsed;
}

interface Key {
  readonly tenant: number;
  readonly scope: readonly string[];
}

async function tokenFor({ tenant }: Key): Promise<Token> {
  await turn();
  return { accessToken: `tenant-${tenant}`, expiresAt: new Date(Date.now() + 3_600_000) };
}

it(`of ${KEYS} keys ${KEPT} are kept, and nothing grows: no authorizer, no key, no reference (C20)`, async () => {
  let made = 0;
  const sample: WeakRef<object>[] = [];
  const pool = new AuthorizerPool<Key>((key) => {
    const authorizer = new Authorizer(() => tokenFor(key));
    if (made % SAMPLED === 0) sample.push(new WeakRef(key), new WeakRef(authorizer));
    made += 1;
    return authorizer;
  });
  const heap: number[] = [];
  for (let from = 0; from < KEYS; from += KEYS / 5) {
    await use(pool, from, from + KEYS / 5);
    heap.push(await heapUsed());
  }
  expect([made, pool.size, sample.length]).toEqual([KEYS, KEPT, (2 * KEYS) / SAMPLED]);
  expect(sample.filter((one) => one.deref() !== undefined).length).toBeLessThanOrEqual((2 * KEPT) / SAMPLED + 2);
  // What stays of each key would make every fifth larger; what the runtime compiles for itself does not.
  const grown = heap.slice(1).map((used, index) => used - (heap[index] ?? 0));
  expect(Math.min(...grown)).toBeLessThan(BYTES_OF_A_KEY * (KEYS / 5));
}, 120_000);

async function use(pool: AuthorizerPool<Key>, from: number, to: number): Promise<void> {
  for (let tenant = from; tenant < to; tenant += 100) {
    const keys = Array.from({ length: 100 }, (_, index) => ({ tenant: tenant + index, scope: ['x', 'y'] }));
    const tokens = await Promise.all(keys.map((key) => pool.for(key).getToken()));
    expect(tokens.map(({ accessToken }) => accessToken)).toEqual(keys.map((key) => `tenant-${key.tenant}`));
  }
}

it('twenty thousand keys at once all get their tokens, and the pool is small again afterwards (C20)', async () => {
  const pool = new AuthorizerPool<Key>((key) => new Authorizer(() => tokenFor(key), { timeoutMs: 300_000 }));
  const keys = Array.from({ length: AT_ONCE }, (_, tenant) => ({ tenant, scope: [] }));
  const tokens = await Promise.all(keys.map((key) => pool.for(key).getToken()));
  expect(tokens.every(({ accessToken }, tenant) => accessToken === `tenant-${tenant}`)).toBe(true);
  expect(pool.size).toBe(AT_ONCE);
  for (let call = 0; call < AT_ONCE / 30; call += 1) pool.for({ tenant: call % 10, scope: [] });
  expect(pool.size).toBe(KEPT);
}, 120_000);

const letters = ['a', 'b', 'c'];
const key = fc.record({
  tenant: fc.constantFrom(...letters, 1, '1', 'ab'),
  user: fc.constantFrom(...letters, null, ''),
  scope: fc.subarray(letters),
});
const step = fc.oneof(
  fc.record({ does: fc.constantFrom('get', 'force', 'reject', 'logout'), key, isReversed: fc.boolean() }),
  fc.record({ does: fc.constantFrom('wait', 'wait', 'wait', 'wait', 'wait', 'wait', 'wait', 'collect') }),
);
type Step = {
  readonly does: string;
  readonly key?: { readonly scope: readonly string[] };
  readonly isReversed?: boolean;
};

const NOBODY = { scope: [] };

/** The same key, with its members and its scope in another order. */
function reordered(given: object): object {
  const entries = Object.entries(given).map(([name, member]: [string, unknown]) => [
    name,
    Array.isArray(member) ? member.toReversed() : member,
  ]);
  return Object.fromEntries(entries.toReversed()) as object;
}

/** One caller: what it was given must be of its own key, and its authorizer the only one that is alive for that key. */
async function play(pool: AuthorizerPool<object>, { does, key: own = NOBODY, isReversed }: Step): Promise<void> {
  if (does === 'collect') gc();
  if (does === 'collect' || does === 'wait') return turn();
  const authorizer = pool.for(isReversed ? reordered(own) : own);
  const said = JSON.stringify(own);
  if (does === 'logout') return authorizer.logout();
  try {
    const token = await authorizer.getToken({ force: does === 'force' });
    expect(token.accessToken.split('#')[0]).toBe(Buffer.from(said).toString('base64url'));
    if (does !== 'reject') return;
    const next = await authorizer.getToken({ rejected: token });
    expect(next.accessToken.split('#')[0]).toBe(Buffer.from(said).toString('base64url'));
  } catch (error) {
    if (!isAuthenticationError(error) || !/logged_out|rejected_again/.test(error.code)) throw error;
  }
}

it('whatever is asked in whatever order, no key gets another’s token, and none is acquired twice at once (C2, C20)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 20, maxLength: 120 }),
      fc.integer({ min: 1, max: 6 }),
      async (steps, max) => {
        let serial = 0;
        const busy = new Set<string>();
        const twice: string[] = [];
        const pool = new AuthorizerPool<object>(
          (given) => {
            const { tenant, user, scope } = given as {
              readonly tenant: unknown;
              readonly user: unknown;
              readonly scope: unknown;
            };
            const said = Buffer.from(JSON.stringify({ tenant, user, scope })).toString('base64url');
            return new Authorizer(async ({ signal }) => {
              if (busy.has(said)) twice.push(said);
              busy.add(said);
              await turn();
              await turn();
              busy.delete(said);
              signal.throwIfAborted();
              return `${said}#${(serial += 1)}`;
            });
          },
          { max },
        );
        const started: Promise<void>[] = [];
        for (const one of steps) {
          const played = play(pool, one);
          if (one.does === 'wait') await played;
          started.push(played);
        }
        await Promise.all(started);
        expect(twice).toEqual([]);
        await turn();
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);
