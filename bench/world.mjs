// An authorization server and an API in memory, the same for every candidate: what is counted is what reaches them.

import { setTimeout as sleep } from 'node:timers/promises';

export const TOKEN_URL = 'https://auth.example/token';
export const API_URL = 'https://api.example';

/** Multiples of the golden ratio fill a range evenly, however many follow. */
const GOLDEN = 0.618_033_988_749_895;

export class World {
  tokenCalls = 0;
  apiCalls = 0;
  refusals = 0;
  reuses = 0;
  familyAlive = true;
  #issued = new Map();
  #spent = new Set();
  #options;

  /**
   * @param options tokenMs, apiMs: how long an answer takes; lifeSeconds: of the tokens; down: the token endpoint answers
   *   503; refusesAll: the API answers 401; staggerMs: the range over which 401s are spread; rotating: refresh tokens are
   *   good for one use, and the family dies on reuse; accepted: access tokens that the API takes from the beginning
   */
  constructor(options = {}) {
    this.#options = { tokenMs: 20, apiMs: 1, lifeSeconds: 3600, ...options };
    for (const token of options.accepted ?? []) this.#issued.set(token, Infinity);
  }

  /** The token endpoint. */
  async grant(refreshToken) {
    const { tokenMs, lifeSeconds, down, rotating } = this.#options;
    this.tokenCalls += 1;
    await sleep(tokenMs);
    if (down) return { status: 503, body: { error: 'temporarily_unavailable' } };
    if (rotating && !this.#spend(refreshToken)) return { status: 400, body: { error: 'invalid_grant' } };
    const token = `token-${this.#issued.size}`;
    this.#issued.set(token, Date.now() + lifeSeconds * 1000);
    const renewal = rotating ? { refresh_token: `refresh-${this.#issued.size}` } : {};
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: lifeSeconds, ...renewal } };
  }

  /** The API. @returns the status */
  async api(authorization) {
    const { apiMs, refusesAll, staggerMs } = this.#options;
    this.apiCalls += 1;
    const token = String(authorization ?? '').replace(/^Bearer /, '');
    const good = !refusesAll && this.familyAlive && (this.#issued.get(token) ?? 0) > Date.now();
    if (good || staggerMs === undefined) {
      await sleep(apiMs);
      return good ? 200 : 401;
    }
    const [from, to] = staggerMs;
    await sleep(from + (to - from) * ((this.refusals++ * GOLDEN) % 1));
    return 401;
  }

  #spend(refreshToken) {
    if (this.#spent.has(refreshToken)) {
      this.reuses += 1;
      this.familyAlive = false;
    }
    this.#spent.add(refreshToken);
    return this.familyAlive;
  }
}
