// What happened to one client, as its observer and its requests report it: counted for the table, kept for the timelines.
// It holds numbers and times only, never a token.

import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Of a token's lifetime, counted from its expiry: where every request begins a refresh in the background if none has begun. The
 * authorizer begins 20 to 30 % before its leeway of 10 % (C1); what lies next to these bounds is not judged.
 */
const SURELY_STALE = { from: 0.25, to: 0.15 };

/** The part of a token's lifetime in which no server that counts whole seconds takes it for expired. */
const NEW = 1 / 3;
const LOOK_MS = 5;

export class Journal {
  requests = 0;
  answered = 0;
  retried = 0;
  waited = 0;
  /** Requests that waited beside a current token that had neither expired nor been rejected, and could have been refreshed before. */
  waitedWithLiveToken = 0;
  failures = [];
  /** Each token: when it was asked for, when it came, when it expires, when it was rejected or refreshed. */
  tokens = [];
  /** Each attempt to get one. */
  acquisitions = [];
  rejections = [];
  resends = [];
  /** Stretches of time worth a word, such as an outage. */
  bands = [];
  #listeners = [];
  /** When each request was made. */
  #asked = [];
  /** Those that have no answer yet, and when they were made. */
  #underway = new Map();

  #clock;

  constructor(name, clock = Date) {
    this.name = name;
    this.#clock = clock;
  }

  /** The authorizer's observer. */
  observe = (event) => {
    this.#take[event.type]?.(event);
    this.#tell(event.type, event);
  };

  /** Counts a request and how it ended; never rejects. */
  follow(request) {
    this.requests += 1;
    this.#asked.push(this.#clock.now());
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
   * Resolves when the current token is new, none is being acquired and no request is underway with an older one, since a request
   * that is rejected twice fails; and when that takes longer than `mostMs`.
   */
  async newToken(mostMs) {
    await until(() => this.#isNew(this.tokens.at(-1)), mostMs);
  }

  /** Resolves when a token has come since the first `count`, and when that takes longer than `mostMs`. */
  async tokenAfter(count, mostMs) {
    await until(() => this.tokens.length > count, mostMs);
  }

  /** Resolves when `count` more requests were made, however long this process is held up meanwhile; and after `mostMs`. */
  async moreRequests(count, mostMs) {
    const enough = this.requests + count;
    await until(() => this.requests >= enough, mostMs);
  }

  #isNew(token) {
    if (token === undefined || this.#isAcquiring) return false;
    const olderOnes = [...this.#underway.values()].filter((asked) => asked <= token.from);
    return Date.now() < token.askedAt + (token.to - token.askedAt) * NEW && olderOnes.length === 0;
  }

  /** What is being acquired now may have been granted before its tokens are revoked, and arrive after that. */
  get #isAcquiring() {
    return this.acquisitions.some(({ ok }) => ok === undefined);
  }

  /** Resolves when no token is being acquired. */
  async settled() {
    while (this.#isAcquiring) await this.#eventOf(['acquired', 'failed']);
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
      if (held && reason === 'unauthorized') held.rejectedAt ??= at;
    },
    acquired: (event) => {
      const to = this.#finish(event, true);
      const previous = this.tokens.at(-1);
      if (previous) previous.refreshedAt = to;
      this.tokens.push({
        askedAt: event.at,
        from: to,
        to: event.expiresAt?.getTime() ?? Infinity,
        reason: event.reason,
      });
    },
    failed: (event) => this.#finish(event, false),
    waited: ({ id, at }) => {
      this.waited += 1;
      if (this.#acquisition(id)?.reason !== 'unauthorized' && this.#neededNoWait(at)) this.waitedWithLiveToken += 1;
    },
    unauthorized: ({ at }) => {
      this.rejections.push(at);
    },
    resent: ({ at, durationMs, status = 0 }) => {
      this.resends.push(at + durationMs);
      if (status >= 200 && status < 400) this.retried += 1;
    },
  };

  /**
   * Whether there was a live token that an authorizer in order would have given out. Times are whole milliseconds: who began to
   * wait in the millisecond in which the token came was there before it. And when the process was paused for the whole time
   * in which a refresh begins in the background, or the token came when that time was over, nobody asked for one: the first
   * to ask then waits (C1). The lifetime counts from when the token was asked for, as the authorizer's leeway does.
   */
  #neededNoWait(at) {
    const token = this.liveAt(at - 1);
    if (token === undefined || at >= endOf(token)) return false;
    const lifetime = token.to - token.askedAt;
    const [from, to] = [SURELY_STALE.from, SURELY_STALE.to].map((share) => token.to - lifetime * share);
    return !(at >= to) || this.#asked.some((asked) => asked > token.from && asked >= from && asked < to);
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

async function until(isSo, mostMs) {
  const end = performance.now() + mostMs;
  while (!isSo() && performance.now() < end) await sleep(LOOK_MS);
}

/** When a token stopped being good. */
export function endOf({ to, rejectedAt = Infinity }) {
  return Math.min(to, rejectedAt);
}
