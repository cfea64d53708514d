// What the cache asks of a storage, whoever's it is: an answer is an answer, whether it can be kept or not.
import type { AxiosStorage, NotEmptyStorageValue, StorageValue } from 'axios-cache-interceptor';

/** @param failed told what the storage failed with; nobody's request fails of it */
export function carefulStorage(storage: AxiosStorage, failed: (error: unknown) => void): AxiosStorage {
  const quietly = async <R>(work: () => R | PromiseLike<R>, otherwise: R): Promise<R> => {
    try {
      return await work();
    } catch (error) {
      failed(error);
      return otherwise;
    }
  };
  const { clear } = storage;
  return {
    ...storage,
    get: (key, config) => quietly<StorageValue>(() => storage.get(key, config), { state: 'empty' }),
    set: (key, value, config) => quietly<void>(() => storage.set(key, withoutCookies(value), config), undefined),
    remove: (key, config) => quietly<void>(() => storage.remove(key, config), undefined),
    ...(clear && { clear: () => quietly<void>(() => clear.call(storage), undefined) }),
  };
}

/** A cookie is a credential of its own kind, and none of the cache's business. */
function withoutCookies(value: NotEmptyStorageValue): NotEmptyStorageValue {
  if (value.data === undefined) return value;
  const { 'set-cookie': _cookie, ...headers } = value.data.headers;
  return { ...value, data: { ...value.data, headers } };
}

/** Leaves nothing behind that says a request is under way: what was there before is asked about next time, if it may be. */
export async function settle(
  storage: AxiosStorage,
  key: string,
  { isFailed }: { readonly isFailed: boolean },
): Promise<void> {
  const value = await storage.get(key);
  if (value.state !== 'loading') return;
  const { data, createdAt } = value;
  if (isFailed && data !== undefined) await storage.set(key, { state: 'stale', data, createdAt });
  else await storage.remove(key);
}
