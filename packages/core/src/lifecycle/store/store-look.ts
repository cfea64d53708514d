// While there is no token to be had here, another process or tab may sign in: the store is looked into now and then (C5). It is
// looked into as well where what is held here may be outdated, before that goes out (C21).
import type { Clock } from '../../internal/clock.js';
import { forCaller, isAuthenticationError } from '../../token/errors/errors.js';
import type { AuthenticationError } from '../../token/errors/errors.js';

/** At most so often, whoever asks. */
const EVERY_MS = 1_000;

/** What a look into the store has shown. */
export interface Finding {
  /** Whether it holds what is good still, or can be refreshed. */
  readonly isSomebody: boolean;
  /** Why it could not say. */
  readonly failure?: unknown;
}

export class StoreLook {
  readonly #clock: Clock;
  readonly #adopt: () => Promise<Finding>;
  #waiting = 0;
  #isHearing = false;
  #hasNews = false;
  #last: { readonly at: number; readonly over: Promise<Finding> } | undefined;
  /** That nobody is signed in, as the source said it last. */
  #nobody: { readonly at: number; readonly failure: AuthenticationError } | undefined;
  /** How often what is held was said to be outdated, and how many of these times a look has settled. */
  #outdated = 0;
  #settled = 0;

  /** @param adopt looks into the store, and takes what is good */
  constructor(clock: Clock, adopt: () => Promise<Finding>) {
    this.#clock = clock;
    this.#adopt = adopt;
  }

  /** The look that all share who ask within a second. @throws `logged_out` to those of a session that it has ended */
  shared(): Promise<Finding> {
    if (this.#last === undefined || !this.#isRecent(this.#last.at)) {
      const over = this.#look();
      this.#last = { at: this.#clock.now(), over };
      over.catch(() => this.forget()); // it is told once
    }
    return this.#last.over;
  }

  /** Whether what is held may not go out before the store was looked into. */
  get isDue(): boolean {
    return this.#settled < this.#outdated;
  }

  /** What is held may be outdated; a look that is under way may have missed why. */
  outdate(): void {
    this.#outdated += 1;
    this.#last = undefined;
  }

  /** What is held counts, whatever the store holds. */
  settle(): void {
    this.#settled = this.#outdated;
  }

  /**
   * The look that is due. Where the store does not answer what is held goes out, as without news of it.
   * @throws AuthenticationError `logged_out`, and ConfigurationError for a store that cannot work, each caller its own
   */
  async due(): Promise<void> {
    try {
      const { failure } = await this.shared();
      if (isMisconfigured(failure)) throw failure;
    } catch (error) {
      throw forCaller(error);
    }
  }

  /**
   * Another has changed the store: it is looked into at once, and once more when that happens again meanwhile. A store that tells of
   * its own being read is heard once a second.
   */
  async heard(): Promise<void> {
    this.#hasNews = true;
    if (this.#isHearing) return;
    this.#isHearing = true;
    let looks = 0;
    while (this.#hasNews) {
      if ((looks += 1) > 2) await this.#clock.sleep(EVERY_MS).catch(() => undefined);
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

  async #look(): Promise<Finding> {
    const outdated = this.#outdated;
    let found: Finding | undefined;
    this.#waiting += 1;
    try {
      found = await this.#adopt();
      return found;
    } finally {
      this.#waiting -= 1;
      if (!isMisconfigured(found?.failure)) this.#settled = Math.max(this.#settled, outdated);
    }
  }

  #isRecent(at: number): boolean {
    return Math.abs(this.#clock.now() - at) < EVERY_MS;
  }
}

/** Such a store is not passed over: a page's store on a server would serve every user (C6, C21). */
function isMisconfigured(failure: unknown): boolean {
  return isAuthenticationError(failure) && failure.kind === 'configuration';
}
