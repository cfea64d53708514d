// Rollover under load: tokens of two seconds, a token endpoint that takes 300 ms, 300 requests a second for ten seconds.
// Does a request ever wait for a token while a live one is held?

import { setTimeout as sleep } from 'node:timers/promises';
import { ours } from './candidates/ours.mjs';
import { World } from './world.mjs';

const SECONDS = 10;
const PER_SECOND = 300;
const TOKEN_MS = 300;
/** The API takes 1 ms; what takes this much longer has waited for a token. */
const SLOW_MS = 100;
/** Nobody has a token before the first one is there. */
const WARM_UP_MS = 500;
const TICK_MS = 10;

/** All candidates side by side, each with a world of its own. */
export function runRollover(candidates) {
  return Promise.all(candidates.map((candidate) => run(candidate)));
}

async function run(candidate) {
  const world = new World({ lifeSeconds: 2, tokenMs: TOKEN_MS });
  const watch = new Watch();
  const { send } = candidate.create(world, { accessToken: undefined, expiresAt: 0 }, watch.observe);
  const result = { name: candidate.name, requests: 0, failed: 0, slow: 0, longestMs: 0 };
  await load(send, result);
  const waitedWithLiveToken = candidate === ours ? watch.waitedWithLiveToken : undefined;
  return { ...result, longestMs: Math.round(result.longestMs), tokenCalls: world.tokenCalls, waitedWithLiveToken };
}

async function load(send, result) {
  const startedAt = performance.now();
  const underway = [];
  for (let elapsed = 0; elapsed < SECONDS * 1000; elapsed = performance.now() - startedAt) {
    const warm = elapsed > WARM_UP_MS;
    while (result.requests < (elapsed * PER_SECOND) / 1000) {
      result.requests += 1;
      underway.push(timed(send, { result, warm }));
    }
    await sleep(TICK_MS);
  }
  await Promise.all(underway);
}

async function timed(send, { result, warm }) {
  const startedAt = performance.now();
  await send().catch(() => (result.failed += 1));
  const ms = performance.now() - startedAt;
  if (!warm) return;
  if (ms > SLOW_MS) result.slow += 1;
  result.longestMs = Math.max(result.longestMs, ms);
}

/** Listens to our authorizer: which requests waited although a token was held that had neither ended nor been refused. */
class Watch {
  waitedWithLiveToken = 0;
  #tokens = [];

  observe = (event) => this.#take[event.type]?.(event);

  #take = {
    acquired: ({ at, durationMs, expiresAt }) =>
      this.#tokens.push({ from: at + durationMs, to: expiresAt?.getTime() ?? Infinity }),
    acquiring: ({ at, reason }) => {
      const held = this.#tokens.at(-1);
      if (held && reason === 'refused') held.to = Math.min(held.to, at);
    },
    waited: ({ at }) => {
      const held = this.#tokens.findLast(({ from }) => from <= at);
      if (held && at < held.to) this.waitedWithLiveToken += 1;
    },
  };
}
