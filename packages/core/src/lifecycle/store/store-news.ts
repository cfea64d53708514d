// A store may tell when another process or tab has changed it (C18, C21). That is a hint: whoever hears nothing sees it at the
// next acquisition.
import type { ResolvedOptions } from '../options.js';
import { asString, recordOf } from '../../internal/records.js';
import type { Token } from '../../token/token.js';
import type { StoreChanged, TokenStore } from '../../token/store.js';

export class StoreNews {
  readonly #store: Pick<TokenStore, 'subscribe'>;
  readonly #options: Pick<ResolvedOptions<Token>, 'clock' | 'observer'>;
  readonly #changed: StoreChanged;
  #end: (() => unknown) | undefined;
  #isClosed = false;
  #isRefused = false;

  constructor(
    store: Pick<TokenStore, 'subscribe'>,
    options: Pick<ResolvedOptions<Token>, 'clock' | 'observer'>,
    changed: StoreChanged,
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

  heard(...news: Parameters<StoreChanged>): void {
    this.#changed(...news);
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

  /** A store's own code may throw, at once or later. */
  #tolerated(call: () => unknown): void {
    try {
      Promise.resolve(call()).catch((error: unknown) => this.#failed(error));
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const { clock, observer } = this.#options;
    const { name, code, kind, message } = recordOf(error);
    const why = kind === undefined ? (asString(code) ?? asString(name)) : asString(message);
    const text = `The token store tells no news (${why ?? 'unknown'}): what others do there is seen at the next acquisition`;
    observer?.({ type: 'notice', at: clock.now(), message: text });
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

  /** @returns what `subscribe` returns, or a promise of it */
  begin(subscribe: (changed: StoreChanged) => unknown): unknown {
    this.#unsubscribe = subscribe((...told) => {
      const news = this.#isOver ? undefined : this.#news.deref();
      if (news) news.heard(...told);
      else Promise.resolve(this.end()).catch(() => undefined);
    });
    return this.#unsubscribe;
  }

  end(): unknown {
    this.#isOver = true;
    const unsubscribe = this.#unsubscribe;
    this.#unsubscribe = undefined;
    if (typeof unsubscribe === 'function') return Reflect.apply(unsubscribe, undefined, []);
    const late = Promise.resolve(unsubscribe).catch(() => undefined); // why it failed has been told
    return late.then((found: unknown): unknown =>
      typeof found === 'function' ? Reflect.apply(found, undefined, []) : undefined,
    );
  }
}
