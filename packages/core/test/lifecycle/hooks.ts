// Users' own functions that return tokens: one that the test answers by hand, and one that makes tokens at once.
import type { Clock, GetToken, Token, TokenRequest } from '../../src/index.js';

interface Pending {
  readonly resolve: (token: Token | string) => void;
  readonly reject: (error: unknown) => void;
}

/** A hook whose every call waits until the test answers it; the oldest call is answered first. */
export class HandHook {
  readonly requests: TokenRequest[] = [];
  readonly #pending: Pending[] = [];

  readonly get: GetToken = (request) => {
    this.requests.push(request);
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  };

  get reasons(): readonly string[] {
    return this.requests.map(({ reason }) => reason);
  }

  answer(token: Token | string): void {
    this.#oldest().resolve(token);
  }

  fail(error: unknown): void {
    this.#oldest().reject(error);
  }

  #oldest(): Pending {
    const oldest = this.#pending.shift();
    if (oldest === undefined) throw new Error('Nobody asks for a token');
    return oldest;
  }
}

/** A hook that makes a token of `lifeMs`, counted from when it was asked, in `tookMs` of the clock's time. */
export class Mint {
  calls = 0;
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #tookMs: number;

  constructor(clock: Clock, lifeMs: number, tookMs = 0) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
    this.#tookMs = tookMs;
  }

  readonly get: GetToken = async ({ signal }) => {
    const accessToken = `minted-${(this.calls += 1)}`;
    const expiresAt = new Date(this.#clock.now() + this.#lifeMs);
    if (this.#tookMs > 0) await this.#clock.sleep(this.#tookMs, signal);
    return { accessToken, expiresAt };
  };
}
