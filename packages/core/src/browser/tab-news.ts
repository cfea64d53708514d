// What one tab tells the others over a BroadcastChannel: that what is kept has changed, and that a holder of the lock works. No
// token is in it. Who has slept has heard nothing, so whatever wakes a page counts as news.
import { recordOf } from '../internal/records.js';
import { randomId } from './platform.js';
import type { BrowserPlatform } from './platform.js';
import type { StoreChanged } from '../index.js';

export type News = 'changed' | 'beat';

export class TabNews {
  readonly #platform: Pick<BrowserPlatform, 'openChannel' | 'page'>;
  readonly #channel: string;
  readonly #id: string = randomId();

  constructor(platform: Pick<BrowserPlatform, 'openChannel' | 'page'>, channel: string) {
    this.#platform = platform;
    this.#channel = channel;
  }

  /** A hint, which fails nobody. */
  tell(news: News): void {
    try {
      const channel = this.#platform.openChannel(this.#channel);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin, and takes no target
      channel.postMessage({ from: this.#id, news });
      channel.close();
    } catch {
      // where there is no channel, the store is read at each refresh
    }
  }

  /** Calls `hear` for news of others. @returns what ends it */
  listen(news: News, hear: () => void): () => void {
    const channel = this.#platform.openChannel(this.#channel);
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const { from, news: heard } = recordOf(data);
      if (heard === news && from !== this.#id) hear();
    });
    return () => channel.close();
  }

  /**
   * Calls `changed` when another has written, and with `outdated` when this page may have missed that: what it does next waits for
   * the store (C21). @returns what ends it
   */
  subscribe(changed: StoreChanged): () => void {
    const { page } = this.#platform;
    const hear = (): void => changed();
    const awake = (): void => changed({ outdated: true });
    let close = this.listen('changed', hear);
    if (page === undefined) return () => close();
    const leaving = new AbortController();
    const on = (target: EventTarget, type: string, listener: (event: object) => void): void =>
      target.addEventListener(type, listener, { signal: leaving.signal });
    on(page.window, 'pagehide', () => close()); // a page with an open channel is not kept to go back to
    on(page.window, 'pageshow', (event) => {
      if (recordOf(event)['persisted'] !== true) return;
      close();
      close = this.listen('changed', hear);
      awake();
    });
    on(page.document, 'resume', awake);
    on(page.document, 'visibilitychange', () => page.document.visibilityState === 'visible' && awake());
    return () => {
      leaving.abort();
      close();
    };
  }
}
