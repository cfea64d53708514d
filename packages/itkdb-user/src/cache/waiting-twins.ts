// Those who wait for the answer to a request that is the same as theirs. They may leave at any time, and none of them is
// forgotten: axios-cache-interceptor removes a failed request from its storage before it tells who waits for it, and a request
// that begins in between would take that one's place in its map, so that they waited for ever.
import { CanceledError } from 'axios';
import type { AxiosCacheInstance, CacheInstance } from 'axios-cache-interceptor';
import { isObjectLike } from '../session/objects.js';

type Deferred = CacheInstance['waiting'] extends Map<string, infer D> ? D : never;

/** Whoever waits for the one whose place is taken hears of the one that took it. */
export class WaitingTwins extends Map<string, Deferred> {
  override set(key: string, next: Deferred): this {
    const before = this.get(key);
    if (before !== undefined && before !== next) next.then(before.resolve, before.reject);
    return super.set(key, next);
  }
}

/** Puts the interceptors of the cache on its client; a request that waits for its twin leaves when its signal aborts. */
export function register(cached: AxiosCacheInstance): void {
  // oxlint-disable-next-line typescript/no-deprecated -- the library itself puts them on without hearing a signal
  const { requestInterceptor, responseInterceptor } = cached;
  const failed = (error: unknown): unknown => responseInterceptor.onRejected?.(isObjectLike(error) ? error : { error });
  cached.interceptors.request.use((config) => {
    const work = Promise.resolve(requestInterceptor.onFulfilled(config));
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        const error = new CanceledError(undefined, config);
        reject(error);
        // What it had begun by then is given back, as that of any request that is aborted.
        work.then(() => failed(error)).catch(() => undefined);
      };
      const settle = (): void => {
        config.signal?.removeEventListener?.('abort', abort);
      };
      config.signal?.addEventListener?.('abort', abort);
      work.finally(settle).then(resolve, reject);
    });
  });
  cached.interceptors.response.use((response) => responseInterceptor.onFulfilled(response), failed);
}
