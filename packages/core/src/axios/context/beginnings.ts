// In which session a request began: when axios was asked for it, since interceptors of others may take their time before ours
// (C17, C19). axios asks `runWhen` of each interceptor before it runs the first one.
import type { InternalAxiosRequestConfig } from 'axios';
import type { Internals } from '../../authorizer/internals.js';
import type { Session } from '../../lifecycle/session.js';
import type { Token } from '../../token/token.js';

/** In which session of whose a request began. */
export interface Begun {
  readonly internals: Internals<Token>;
  readonly session: Session | undefined;
}

export class Beginnings {
  /** The last one: nearly always its turn comes next, and it is remembered without a map. */
  #config: InternalAxiosRequestConfig | undefined;
  #internals: Internals<Token> | undefined;
  #session: Session | undefined;
  /** Those that others hold up, by their config and its headers: an interceptor may replace either. */
  readonly #heldUp = new WeakMap<object, Begun>();

  note(config: InternalAxiosRequestConfig, internals: Internals<Token>): void {
    const { openSession } = internals.lifecycle;
    if (this.#config) this.#holdUp(this.#config);
    this.#config = openSession && config;
    this.#internals = internals;
    this.#session = openSession;
  }

  /** The session of `internals` in which the request began; undefined for none, and where nobody has noted it. */
  take(config: InternalAxiosRequestConfig, internals: Internals<Token>): Session | undefined {
    if (config === this.#config) {
      this.#config = undefined;
      return this.#internals === internals ? this.#session : undefined;
    }
    if (this.#config) this.#holdUp(this.#config);
    this.#config = undefined;
    const begun = this.#heldUp.get(config) ?? this.#heldUp.get(config.headers);
    return begun?.internals === internals ? begun.session : undefined;
  }

  #holdUp(config: InternalAxiosRequestConfig): void {
    if (!this.#internals) return;
    const begun = { internals: this.#internals, session: this.#session };
    this.#heldUp.set(config, begun);
    this.#heldUp.set(config.headers, begun);
  }
}
