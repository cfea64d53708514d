// What a caller may say of the cache, and what is made of it once.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions, omitUndefined } from '@axios-authorizer/core/extend';
import { buildMemoryStorage, buildStorage } from 'axios-cache-interceptor';
import type { AxiosStorage, CacheProperties } from 'axios-cache-interceptor';
import { isObjectLike } from '../session/objects.js';
import { folderStorage } from './web-cache.js';

declare module 'axios' {
  // oxlint-disable-next-line typescript/no-explicit-any -- the parameter must be axios's own to merge
  interface AxiosRequestConfig<D = any> {
    /** Of a session with a cache: `false` passes it by, `{ override: true }` asks anew and keeps what comes. */
    // oxlint-disable-next-line typescript/no-explicit-any -- as axios-cache-interceptor declares it
    cache?: false | Partial<CacheProperties<any, D>>;
  }
  // oxlint-disable-next-line typescript/no-explicit-any -- the parameter must be axios's own to merge
  interface AxiosResponse<T = any> {
    /** Whether a session's cache answered; undefined for what it does not look at. */
    cached?: boolean;
  }
}

/** A duration as Python's timedelta takes it. */
export interface ExpiresAfter {
  /** Weeks, at least 0; parts count. Default: 0. */
  readonly weeks?: number;
  /** Days, at least 0; parts count. Default: 0. */
  readonly days?: number;
  /** Hours, at least 0; parts count. Default: 0. */
  readonly hours?: number;
  /** Minutes, at least 0; parts count. Default: 0. */
  readonly minutes?: number;
  /** Seconds, at least 0; parts count. Default: 0. */
  readonly seconds?: number;
}

/** A folder of the caller's, which is made 0700 at the first answer. */
export interface CacheFolder {
  /** Its path, absolute or from the working folder; not empty. */
  readonly folder: string;
}

/** Where answers are kept: `true` is the folder `.webcache`. */
export type CacheSetting = boolean | 'memory' | CacheFolder | AxiosStorage;

/** What a session says of its cache. */
export interface CacheOptions {
  /** Where answers are kept; false: nowhere. Default: "memory" with `expiresAfter`, else false. */
  readonly cache?: CacheSetting | undefined;
  /** How long an answer is fresh whatever its headers say, no-store excepted. Default: what the headers say. */
  readonly expiresAfter?: ExpiresAfter | undefined;
}

/** A cache that is on. */
export interface CacheSetup {
  readonly storage: AxiosStorage;
  /** How long an answer is fresh whatever its headers say; undefined: what they say. */
  readonly lifeMs: number | undefined;
}

const FOLDER = '.webcache';

/** @returns undefined without a cache. @throws ConfigurationError for what is neither a place nor a duration */
export function cacheSetup({ cache, expiresAfter }: CacheOptions): CacheSetup | undefined {
  const lifeMs = expiresAfter && durationMs(expiresAfter);
  const storage = storageOf(cache ?? (expiresAfter === undefined ? false : 'memory'));
  return storage && { storage, lifeMs };
}

function storageOf(cache: CacheSetting): AxiosStorage | undefined {
  if (cache === false) return undefined;
  if (cache === 'memory') return buildMemoryStorage('double');
  if (cache === true) return buildStorage(folderStorage(FOLDER));
  if (isStorage(cache)) return cache;
  if (!isObjectLike(cache) || !('folder' in cache)) throw noPlace();
  const { folder } = checkOptions<CacheFolder>(cache, 'cache', { folder: 'string' });
  if (folder.trim() === '') throw new ConfigurationError('The folder of the cache is empty; where is it read from?');
  return buildStorage(folderStorage(folder));
}

function isStorage(cache: unknown): cache is AxiosStorage {
  return isObjectLike(cache) && Boolean(cache['is-storage']); // what its buildStorage leaves, and its setupCache demands
}

function noPlace(): ConfigurationError {
  return new ConfigurationError(
    "`cache` takes true (a folder .webcache), 'memory', { folder: 'a/path' }, a storage of axios-cache-interceptor, or false",
  );
}

const UNITS_MS: Readonly<Record<keyof ExpiresAfter, number>> = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
};
const UNITS = { weeks: 'any', days: 'any', hours: 'any', minutes: 'any', seconds: 'any' } as const;

function durationMs(duration: ExpiresAfter): number {
  const given = Object.entries(omitUndefined(checkOptions<ExpiresAfter>(duration, 'expiresAfter', UNITS)));
  const units: Readonly<Record<string, number>> = UNITS_MS;
  const counts = given.map(([unit, count]) => (typeof count === 'number' ? count * (units[unit] ?? NaN) : NaN));
  const ms = counts.reduce((sum, part) => sum + part, 0);
  if (counts.length > 0 && ms >= 0 && ms < Infinity) return ms;
  throw new ConfigurationError(
    'expiresAfter takes weeks, days, hours, minutes and seconds, as numbers that are not below 0: { hours: 1 }',
  );
}
