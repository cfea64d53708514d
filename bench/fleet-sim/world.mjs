// A fleet in virtual time: machines, one token endpoint, and a Redis or none; and what happens to it, one phase after the other.
import { Endpoint } from './endpoint.mjs';
import { Machine } from './machine.mjs';
import { RedisModel } from './redis-model.mjs';
import { withSeed } from './seeded.mjs';
import { Tally } from './tally.mjs';
import { EXPIRIES, windowOf } from './formula.mjs';
import { VirtualTime } from './virtual-time.mjs';

const START_MS = Date.UTC(2030, 0, 1);
const MINUTE_MS = 60_000;
/** How many of the machines restart, within a minute. */
const RESTARTED = 1 / 3;
const STEP_MS = 1_000;

/** @returns what was measured in each phase, by its name */
export function simulate({ machines, lifetimeS, hasRedis, seed, phases }) {
  return withSeed(seed, async (random) => {
    const fleet = new Fleet({ machines, lifetimeS, hasRedis, random });
    const measured = {};
    for (const name of phases) measured[name] = await fleet.measured(() => PHASES[name](fleet));
    fleet.end();
    return measured;
  });
}

/** What happens to a fleet; the first of a run is one of the two starts. */
const PHASES = {
  'all start at once': async (fleet) => {
    fleet.start(0);
    await fleet.pass(20_000);
    await fleet.beforeRefresh();
  },
  'start within a minute': async (fleet) => {
    fleet.start(MINUTE_MS);
    await fleet.pass(MINUTE_MS + 1_000);
    await fleet.expiries(1);
  },
  steady: (fleet) => fleet.expiries(EXPIRIES),
  'a third restarts': async (fleet) => {
    fleet.restart(RESTARTED, MINUTE_MS);
    await fleet.pass(MINUTE_MS + 1_000);
    await fleet.beforeRefresh();
  },
  'token endpoint down': async (fleet) => {
    fleet.endpoint.down();
    await fleet.pass(MINUTE_MS);
    fleet.endpoint.up();
    await fleet.pass(MINUTE_MS);
    await fleet.beforeRefresh();
  },
  'Redis away': async (fleet) => {
    fleet.redis.away();
    await fleet.pass(MINUTE_MS);
    fleet.redis.back();
    await fleet.pass(MINUTE_MS);
    await fleet.beforeRefresh();
  },
};

class Fleet {
  tally = new Tally();
  #machines = [];
  #window;
  #count;

  constructor({ machines, lifetimeS, hasRedis, random }) {
    this.random = random;
    this.time = new VirtualTime(START_MS);
    this.endpoint = new Endpoint(this.time, { random, lifetimeS });
    this.redis = hasRedis ? new RedisModel(this.time) : undefined;
    if (this.redis) this.redis.onCommand = (name, at) => this.tally.command(name, at);
    this.sparseMs = (lifetimeS * 1_000) / 4;
    this.#count = machines;
    this.#window = windowOf(lifetimeS);
  }

  /** Until then no refresh of a token is due. */
  quietUntil(expiresAt) {
    return expiresAt - this.#window.latestAheadMs;
  }

  start(withinMs) {
    for (let index = 0; index < this.#count; index += 1) this.#startOne(index, withinMs);
  }

  #startOne(index, withinMs) {
    this.time.at(this.time.now + this.random() * withinMs, () => {
      this.#machines[index]?.stop();
      this.#machines[index] = new Machine(this);
    });
  }

  restart(fraction, withinMs) {
    const restarted = Math.round(this.#count * fraction);
    for (let index = 0; index < restarted; index += 1) this.#startOne(index, withinMs);
  }

  pass(ms) {
    return this.time.until(this.time.now + ms);
  }

  /** Until shortly before the next token that all share is refreshed; without a shared one, nothing. */
  async beforeRefresh() {
    if (!this.redis) return;
    const last = this.endpoint.calls.findLast(({ isGranted }) => isGranted);
    const at = last.at + this.#window.freshMs - 2_000;
    if (at > this.time.now) await this.time.until(at);
  }

  /** The time that so many tokens take, one after the other. */
  async expiries(count) {
    const calls = this.endpoint.calls.length;
    if (!this.redis) return this.pass(this.#window.meanPeriodMs);
    while (this.endpoint.calls.length - calls < count) await this.pass(STEP_MS);
    return this.beforeRefresh();
  }

  async measured(phase) {
    const { time, endpoint, redis, tally } = this;
    tally.taken();
    const [at, calls, messages] = [time.now, endpoint.calls.length, redis?.messages ?? 0];
    if (redis) redis.longestQueueMs = 0;
    await phase();
    const seconds = (time.now - at) / 1_000;
    return {
      at,
      seconds,
      ...tally.taken(),
      tokenCalls: endpoint.calls.slice(calls),
      messages: (redis?.messages ?? 0) - messages,
      longestQueueMs: redis?.longestQueueMs ?? 0,
      connections: redis?.mostConnections ?? 0,
    };
  }

  end() {
    for (const machine of this.#machines) machine.stop();
  }
}
