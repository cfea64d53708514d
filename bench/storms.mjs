// The storms: what a client costs the token endpoint, and how many of its requests it loses, when tokens go bad.

import { setTimeout as sleep } from 'node:timers/promises';
import { World } from './world.mjs';

const BUDGET_MS = 15_000;
const LIVES = 3_600_000;
const expired = () => ({ accessToken: 'initial', expiresAt: Date.now() - 60_000 });
const looksGood = () => ({ accessToken: 'initial', expiresAt: Date.now() + LIVES });
/** How long the API takes when many ask at once; a retry that takes no time would hide overlapping refreshes. */
const API_MS = 20;

export const storms = [
  { name: 'b', about: '1,000 at once, token expired', count: 1000, start: expired, world: { apiMs: API_MS } },
  { name: 'c1', about: '1,000 at once, all refused together', count: 1000, start: looksGood, world: { apiMs: API_MS } },
  {
    name: 'c2',
    about: '1,000 at once, refusals over 10-410 ms',
    count: 1000,
    start: looksGood,
    world: { apiMs: API_MS, staggerMs: [10, 410] },
  },
  { name: 'd', about: '100 at once, every token refused', count: 100, start: looksGood, world: { refusesAll: true } },
  {
    name: 'd2',
    about: '100 in sequence, every token refused',
    count: 100,
    sequential: true,
    start: looksGood,
    world: { refusesAll: true },
  },
  {
    name: 'e',
    about: '100 in sequence, token endpoint down, 15 s',
    count: 100,
    sequential: true,
    start: expired,
    world: { down: true },
  },
  {
    name: 'f',
    about: '20 in sequence, endpoint down, token good for 60 s',
    count: 20,
    sequential: true,
    start: () => ({ accessToken: 'initial', expiresAt: Date.now() + 60_000 }),
    world: { down: true, accepted: ['initial'] },
  },
  {
    name: 'g',
    about: '200 in sequence, tokens of 60 s',
    count: 200,
    sequential: true,
    start: expired,
    world: { lifeSeconds: 60 },
  },
  {
    name: 'rotation',
    about: '60 at once, refusals over 10-410 ms, refresh tokens for one use',
    count: 60,
    start: () => ({ ...looksGood(), refreshToken: 'refresh-0' }),
    world: { apiMs: API_MS, staggerMs: [10, 410], rotating: true },
  },
];

/** Runs one storm with one candidate. */
export async function runStorm(storm, candidate) {
  const world = new World(storm.world);
  const { send } = candidate.create(world, storm.start());
  const result = { ok: 0, failed: 0 };
  const over = new AbortController();
  const work = storm.sequential
    ? inSequence(storm.count, { send, result, over })
    : allAtOnce(storm.count, { send, result });
  const startedAt = performance.now();
  await Promise.race([work, sleep(BUDGET_MS, undefined, { signal: over.signal })]);
  over.abort();
  const { tokenCalls, apiCalls, reuses, familyAlive } = world;
  const ms = Math.round(performance.now() - startedAt);
  // A copy: what is still underway goes on counting.
  const { ok, failed } = result;
  return { tokenCalls, apiCalls, ok, failed, hung: storm.count - ok - failed, reuses, familyAlive, ms };
}

async function allAtOnce(count, { send, result }) {
  await Promise.all(Array.from({ length: count }, () => counted(send, result)));
}

async function inSequence(count, { send, result, over }) {
  for (let done = 0; done < count && !over.signal.aborted; done += 1) await counted(send, result);
}

async function counted(send, result) {
  try {
    await send();
    result.ok += 1;
  } catch {
    result.failed += 1;
  }
}
