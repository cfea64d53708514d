// What happened to one client, as its observer and its requests told it: counted for the table, kept for the timelines.
// It holds numbers and times only, never a token.

import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Of a token's lifetime, counted from its end: where every request begins a refresh in the background if none has begun. The
 * authorizer begins 20 to 30 % before its leeway of 10 % (C1); what lies next to these bounds is not judged.
 */
const SURELY_STALE = { from: 0.3, to: 0.15 };

/** The part of a token's lifetime in which no server that counts whole seconds takes it for expired already. */
const NEW = 1 / 3;
const LOOK_MS = 5;

export class Journal {
  requests = 0;
  answered = 0;
  healed = 0;
  waited = 0;
  /** Requests that waited although a token was held that had neither ended nor been refused, and could have been replaced before. */
  waitedWithLiveToken = 0;
  failures = [];
  /** Each token: when it came, when it ends, when it was refused or replaced. */
  tokens = [];
  /** Each attempt to get one. */
  acquisitions = [];
  refusals = [];
  resends = [];
  /** Stretches of time worth a word, such as an outage. */
  bands = [];
  #listeners = [];
  /** When each request was made. */
  #asked = [];
  /** Those that have no answer yet, and when they were made. */
  #underway = new Map();

  constructor(name) {
    this.name = name;
  }

  /** The authorizer's observer. */
  observe = (event) => {
    this.#take[event.type]?.(event);
    this.#tell(event.type, event);
  };

  /** Counts a request and how it ended; never rejects. */
  follow(request) {
    this.requests += 1;
    this.#asked.push(Date.now());
    const over = this.#ended(request).finally(() => this.#underway.delete(over));
    this.#underway.set(over, Date.now());
    return over;
  }

  async #ended(request) {
    try {
      await request;
      this.answered += 1;
    } catch (error) {
      const failure = { at: Date.now(), what: `${error.name} ${error.code ?? ''}`.trim() };
      this.failures.push(failure);
      this.#tell('failure', failure);
    }
  }

  /** Something the scenario did to its servers. */
  note(text) {
    this.#tell('note', { at: Date.now(), text });
  }

  /** Begins a stretch of time; the function that comes back ends it. */
  begin(label) {
    const band = { label, from: Date.now(), to: Infinity };
    this.bands.push(band);
    this.note(`${label} begins`);
    return () => {
      band.to = Date.now();
      this.note(`${label} ends`);
    };
  }

  onEvent(listener) {
    this.#listeners.push(listener);
  }

  /**
   * Resolves when the token in use is new and no request is underway with an older one, since who is refused twice is refused
   * for good; and when that takes longer than `mostMs`.
   */
  async newToken(mostMs) {
    const until = performance.now() + mostMs;
    while (!this.#isNew(this.tokens.at(-1)) && performance.now() < until) await sleep(LOOK_MS);
  }

  #isNew(token) {
    const olderOnes = [...this.#underway.values()].filter((asked) => asked <= token?.from);
    return token !== undefined && Date.now() < token.from + (token.to - token.from) * NEW && olderOnes.length === 0;
  }

  /** Resolves when no token is being fetched. */
  async settled() {
    while (this.acquisitions.some(({ ok }) => ok === undefined)) await this.#eventOf(['acquired', 'failed']);
  }

  /** The token that could be sent at that time. */
  liveAt(at) {
    const last = this.tokens.findLast(({ from }) => from <= at);
    return last !== undefined && at < endOf(last) ? last : undefined;
  }

  #take = {
    acquiring: ({ id, at, reason }) => {
      this.acquisitions.push({ id, from: at, to: Infinity, reason, ok: undefined });
      const held = this.tokens.at(-1);
      if (held && reason === 'refused') held.refusedAt ??= at;
    },
    acquired: (event) => {
      const to = this.#finish(event, true);
      const previous = this.tokens.at(-1);
      if (previous) previous.replacedAt = to;
      this.tokens.push({ from: to, to: event.expiresAt?.getTime() ?? Infinity, reason: event.reason });
    },
    failed: (event) => this.#finish(event, false),
    waited: ({ id, at }) => {
      this.waited += 1;
      if (this.#acquisition(id)?.reason !== 'refused' && this.#neededNoWait(at)) this.waitedWithLiveToken += 1;
    },
    refused: ({ at }) => {
      this.refusals.push(at);
    },
    resent: ({ at, durationMs, status = 0 }) => {
      this.resends.push(at + durationMs);
      if (status >= 200 && status < 400) this.healed += 1;
    },
  };

  /**
   * Whether a live token was held that an authorizer in order would have handed out. When the process stood still for the
   * whole time in which a refresh begins in the background, nobody asked for one: the first to ask then waits (C1).
   */
  #neededNoWait(at) {
    const token = this.liveAt(at);
    if (token === undefined) return false;
    const [from, to] = [SURELY_STALE.from, SURELY_STALE.to].map((share) => token.to - (token.to - token.from) * share);
    return !(at >= to) || this.#asked.some((asked) => asked >= from && asked < to);
  }

  #eventOf(types) {
    return new Promise((resolve) => this.onEvent((type) => types.includes(type) && resolve()));
  }

  #finish({ id, at, durationMs }, ok) {
    const acquisition = this.acquisitions.findLast((one) => one.id === id && one.ok === undefined);
    if (acquisition) Object.assign(acquisition, { to: at + durationMs, ok });
    return at + durationMs;
  }

  #acquisition(id) {
    return this.acquisitions.findLast((one) => one.id === id);
  }

  #tell(type, event) {
    for (const listener of this.#listeners) listener(type, event);
  }
}

/** When a token stopped being good. */
export function endOf({ to, refusedAt = Infinity }) {
  return Math.min(to, refusedAt);
}
