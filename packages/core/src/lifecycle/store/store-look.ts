// While there is no token to be had here, another process or tab may sign in: the store is looked into now and then (C5).
import type { Clock } from '../../internal/clock.js';
import { forCaller } from '../../token/errors/errors.js';
import type { AuthenticationError } from '../../token/errors/errors.js';

/** At most so often, whoever asks. */
const EVERY_MS = 1_000;

export class StoreLook {
  readonly #clock: Clock;
  readonly #adopt: () => Promise<void>;
  #waiting = 0;
  #isHearing = false;
  #hasNews = false;
  #last: { readonly at: number; readonly over: Promise<void> } | undefined;
  /** That nobody is signed in, as the source said it last. */
  #nobody: { readonly at: number; readonly failure: AuthenticationError } | undefined;

  /** @param adopt looks into the store, and takes what is good */
  constructor(clock: Clock, adopt: () => Promise<void>) {
    this.#clock = clock;
    this.#adopt = adopt;
  }

  /** The look that all share who ask within a second. */
  shared(): Promise<void> {
    if (this.#last === undefined || !this.#isRecent(this.#last.at)) {
      const over = this.#counted(this.#adopt());
      this.#last = { at: this.#clock.now(), over };
      over.catch(() => this.forget()); // it is told once
    }
    return this.#last.over;
  }

  /** Another has changed the store: it is looked into at once, and once more when that happens again meanwhile. */
  async heard(): Promise<void> {
    this.#hasNews = true;
    if (this.#isHearing) return;
    this.#isHearing = true;
    while (this.#hasNews) {
      this.#hasNews = false;
      this.forget();
      await this.shared().catch(() => undefined); // whose session has ended is told by the token manager
    }
    this.#isHearing = false;
  }

  /** Whether somebody waits for the store. */
  get isBusy(): boolean {
    return this.#waiting > 0;
  }

  /** An acquisition failed. */
  failed(failure: AuthenticationError): void {
    this.#nobody = failure.code === 'not_authenticated' ? { at: this.#clock.now(), failure } : undefined;
  }

  /** Whether the source said a moment ago that nobody is signed in. */
  get isNobody(): boolean {
    return this.#nobody !== undefined && this.#isRecent(this.#nobody.at);
  }

  /** @throws AuthenticationError what it said */
  assertSomebody(): void {
    if (this.#nobody && this.isNobody) throw forCaller(this.#nobody.failure);
  }

  /** Something changed here: what was seen and said before counts no more. */
  forget(): void {
    this.#last = this.#nobody = undefined;
  }

  async #counted(look: Promise<void>): Promise<void> {
    this.#waiting += 1;
    return look.finally(() => (this.#waiting -= 1));
  }

  #isRecent(at: number): boolean {
    return Math.abs(this.#clock.now() - at) < EVERY_MS;
  }
}
