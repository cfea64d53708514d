// How fast this machine is at the moment. What the clients live through is a matter of proportions: a token of two seconds
// says something where a request takes a millisecond. On a busy machine everything takes longer, so all times of the demo
// are stretched alike: lifetimes, delays, outages, pauses, its length, and the time between two requests.

import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoopback } from '@axios-authorizer/test-kit';
import axios from 'axios';

/** Requests of one round of the fixed piece of work; the first round warms up and does not count. */
const REQUESTS = 150;
const AT_ONCE = 15;
const ROUNDS = 6;
/** What a round takes on the machine that the demo's times were chosen on, with nothing else to do. */
const QUIET_MS = 110;
/** Steps of half, so that lifetimes stay whole seconds, which is what servers count in. */
const STEPS = 2;
/** A minute at most; what is slower than that has to make do. */
const MOST = 6;
const TICK_MS = 10;
/**
 * A single request of plain axios may take this long while the clients run. Tokens of two seconds, which a server that counts whole
 * seconds takes for one, then still outlive a few of them: a refresh, and the request that is retried.
 */
const LONGEST_REQUEST_MS = 250;
const PROBE_EVERY_MS = 100;
/** A turn of the event loop counts as this much at most, so that a process that was held up does not send all it missed at once. */
const LONGEST_TURN_MS = 20;

export class Pace {
  /** How many times longer than usual everything takes: 1, 1.5, 2 … */
  stretch;

  constructor(stretch) {
    this.stretch = stretch;
  }

  /** Milliseconds of the demo in milliseconds of this machine. */
  ms(milliseconds) {
    return Math.round(milliseconds * this.stretch);
  }

  /** The same for seconds; an even number stays whole. */
  seconds(seconds) {
    return seconds * this.stretch;
  }

  async sleep(milliseconds) {
    await sleep(this.ms(milliseconds));
  }

  /** The time of the demo since it began in milliseconds, turn by turn of the event loop. */
  async *turns() {
    let last = performance.now();
    for (let elapsed = 0; ;) {
      yield elapsed;
      await sleep(TICK_MS);
      const now = performance.now();
      elapsed += Math.min((now - last) / this.stretch, LONGEST_TURN_MS);
      last = now;
    }
  }

  /**
   * The pace for another try, when the machine became slower than was measured; undefined when it did not, or cannot be given
   * more time.
   * @param longestMs what the slowest request took meanwhile
   */
  after(longestMs) {
    const needed = Math.ceil((longestMs / LONGEST_REQUEST_MS) * STEPS) / STEPS;
    return needed > this.stretch && this.stretch < MOST ? new Pace(Math.min(needed, MOST)) : undefined;
  }

  /** In words, or undefined when there is nothing to say. */
  get inWords() {
    return this.stretch > 1 ? `this machine is busy: times are stretched ${this.stretch} times` : undefined;
  }
}

/** Measures a fixed piece of work: requests over real connections. */
export async function measurePace() {
  return withPlainClient(async (client) => {
    const [, ...rounds] = await timesOf(() => round(client));
    return new Pace(stretchOf(Math.max(...rounds)));
  });
}

/** What the slowest of the requests took that plain axios makes one after the other while `work` is done. */
export async function slowestDuring(work) {
  return withPlainClient(async (client) => {
    let slowestMs = 0;
    const over = new AbortController();
    const done = work().finally(() => over.abort());
    while (!over.signal.aborted) {
      const startedAt = performance.now();
      await client.get('/');
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      await Promise.race([sleep(PROBE_EVERY_MS), done.catch(() => undefined)]);
    }
    await done;
    return slowestMs;
  });
}

async function withPlainClient(use) {
  const server = await startLoopback((_, response) => void response.end('{}'));
  const httpAgent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    return await use(axios.create({ baseURL: server.origin, httpAgent }));
  } finally {
    httpAgent.destroy();
    await server.stop();
  }
}

/** @param roundMs what a round takes here */
export function stretchOf(roundMs) {
  const slower = Math.round((roundMs / QUIET_MS) * STEPS) / STEPS;
  return Math.min(Math.max(slower, 1), MOST);
}

async function timesOf(work) {
  const times = [];
  while (times.length < ROUNDS) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return times;
}

async function round(client) {
  await Promise.all(Array.from({ length: REQUESTS }, () => client.get('/')));
}
