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
  await load(() => {
    watch.asked();
    return send();
  }, result);
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

/**
 * Of a token's lifetime, counted from its end: where each request begins a refresh in the background if none has begun. We begin
 * 20 to 30 % before the leeway of 10 % (C1); what lies next to these bounds is not judged.
 */
const SURELY_STALE = { from: 0.3, to: 0.15 };

/**
 * Listens to our authorizer: which requests waited although a token was held that had neither ended nor been rejected, and that
 * could have been replaced before: in a process that was held up for the whole time to do it, the first to ask waits (C1).
 */
class Watch {
  waitedWithLiveToken = 0;
  #tokens = [];
  #asked = [];

  asked() {
    this.#asked.push(Date.now());
  }

  observe = (event) => this.#take[event.type]?.(event);

  #take = {
    acquired: ({ at, durationMs, expiresAt }) =>
      this.#tokens.push({ from: at + durationMs, to: expiresAt?.getTime() ?? Infinity }),
    acquiring: ({ at, reason }) => {
      const held = this.#tokens.at(-1);
      if (held && reason === 'unauthorized') held.to = Math.min(held.to, at);
    },
    waited: ({ at }) => {
      const held = this.#tokens.findLast(({ from }) => from <= at);
      if (held && at < held.to && this.#wasReplaceable(held, at)) this.waitedWithLiveToken += 1;
    },
  };

  #wasReplaceable({ from, to }, at) {
    const [begin, end] = [SURELY_STALE.from, SURELY_STALE.to].map((share) => to - (to - from) * share);
    return !(at >= end) || this.#asked.some((asked) => asked >= begin && asked < end);
  }
}
