// A store may tell when another process or tab has changed it (C18, C21). That is a hint: whoever hears nothing sees it at the
// next acquisition.
import type { ResolvedOptions } from '../options.js';
import { asString, recordOf } from '../../internal/records.js';
import type { Token } from '../../token/token.js';
import type { TokenStore } from '../../token/store.js';

export class StoreNews {
  readonly #store: Pick<TokenStore, 'subscribe'>;
  readonly #options: Pick<ResolvedOptions<Token>, 'clock' | 'observer'>;
  readonly #changed: () => void;
  #end: (() => void) | undefined;
  #isClosed = false;
  #isRefused = false;

  constructor(
    store: Pick<TokenStore, 'subscribe'>,
    options: Pick<ResolvedOptions<Token>, 'clock' | 'observer'>,
    changed: () => void,
  ) {
    this.#store = store;
    this.#options = options;
    this.#changed = changed;
  }

  /** Listens from now on, unless that began already or is not wanted. */
  begin(): void {
    const { subscribe } = this.#store;
    if (this.#end || this.#isClosed || this.#isRefused || typeof subscribe !== 'function') return;
    const subscription = new Subscription(this);
    this.#end = () => subscription.end(); // one that fails is not asked again
    this.#tolerated(() => subscription.begin((changed) => Reflect.apply(subscribe, this.#store, [changed])));
  }

  heard(): void {
    this.#changed();
  }

  /** Ends it, also for later calls; `false`: they may begin it again. */
  close(isClosed: boolean): void {
    this.#isClosed = isClosed;
    const end = this.#end;
    if (!isClosed || !end) return;
    this.#end = undefined;
    this.#tolerated(end);
  }

  /** Never listens. */
  refuse(): void {
    this.#isRefused = true;
  }

  #tolerated(call: () => void): void {
    const { clock, observer } = this.#options;
    try {
      call();
    } catch (error) {
      const { name, code, kind, message } = recordOf(error);
      const why = kind === undefined ? (asString(code) ?? asString(name)) : asString(message);
      const text = `The token store tells no news (${why ?? 'unknown'}): what others do there is seen at the next acquisition`;
      observer?.({ type: 'notice', at: clock.now(), message: text });
    }
  }
}

/** A store may outlive an authorizer that nobody has closed: it is not kept for the news. */
class Subscription {
  readonly #news: { deref(): StoreNews | undefined };
  #unsubscribe: unknown;
  #isOver = false;

  constructor(news: StoreNews) {
    this.#news = typeof WeakRef === 'undefined' ? { deref: () => news } : new WeakRef(news);
  }

  begin(subscribe: (changed: () => void) => unknown): void {
    this.#unsubscribe = subscribe(() => {
      const news = this.#isOver ? undefined : this.#news.deref();
      if (news) news.heard();
      else this.end();
    });
  }

  end(): void {
    this.#isOver = true;
    const unsubscribe = this.#unsubscribe;
    this.#unsubscribe = undefined;
    if (typeof unsubscribe === 'function') Reflect.apply(unsubscribe, undefined, []);
  }
}
