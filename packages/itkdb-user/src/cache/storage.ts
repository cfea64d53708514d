// What the cache asks of a storage, whoever's it is: an answer is an answer, whether it can be kept or not.
import { recordOf } from '@axios-authorizer/core/extend';
import { isObjectLike } from '../session/objects.js';
import type { AxiosStorage, NotEmptyStorageValue, StorageValue } from 'axios-cache-interceptor';

/** As long as core waits for a store: an answer that came is worth more than one that can be kept. */
const LIMIT_MS = 2_000;
/** How long one that did not answer is not asked, so that not every request waits for it. */
const SILENCE_MS = 10_000;

/** @param failed told what the storage failed with; nobody's request fails of it */
export function carefulStorage(storage: AxiosStorage, failed: (error: unknown) => void): AxiosStorage {
  let silentUntil = 0;
  const quietly = async <R>(work: () => R | PromiseLike<R>, otherwise: R): Promise<R> => {
    if (performance.now() < silentUntil) return otherwise;
    try {
      return await inTime(work, () => (silentUntil = performance.now() + SILENCE_MS));
    } catch (error) {
      failed(error);
      return otherwise;
    }
  };
  const { clear } = storage;
  return {
    ...storage,
    get: (key, config) =>
      quietly<StorageValue>(async () => entryOf(await storage.get(key, config)), { state: 'empty' }),
    set: (key, value, config) => quietly<void>(() => storage.set(key, withoutCookies(value), config), undefined),
    remove: (key, config) => quietly<void>(() => storage.remove(key, config), undefined),
    ...(clear && { clear: () => quietly<void>(() => clear.call(storage), undefined) }),
  };
}

async function inTime<R>(work: () => R | PromiseLike<R>, isSilent: () => void): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => {
      isSilent();
      reject(new Error(`no answer within ${LIMIT_MS} ms`));
    };
    timer = setTimeout(giveUp, LIMIT_MS);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

const STATES = new Set<unknown>([
  'empty',
  'loading',
  'cached',
  'stale',
  'must-revalidate',
] satisfies StorageValue['state'][]);

/** What a storage has of somebody else's is no entry. @throws Error */
function entryOf(value: StorageValue): StorageValue {
  const { state, data } = recordOf(value);
  const isKept = state !== 'empty' && state !== 'loading';
  if (STATES.has(state) && (!isKept || isObjectLike(recordOf(data)['headers']))) return value;
  throw new Error('what it holds is no entry of a cache');
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
