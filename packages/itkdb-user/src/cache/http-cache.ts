// The HTTP cache of a session. It lies above the authorised transport, which retries a 401 before the cache sees it, and below
// the caller. Users never see each other's answers: who is logged in is part of the key.
import { createHash } from 'node:crypto';
import { ConfigurationError } from '@axios-authorizer/core';
import type { AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { buildMemoryStorage, buildStorage, setupCache } from 'axios-cache-interceptor';
import type {
  AxiosCacheInstance,
  AxiosStorage,
  CacheRequestConfig,
  NotEmptyStorageValue,
} from 'axios-cache-interceptor';
import { stableJson } from '../session/objects.js';
import type { UserLike } from '../user.js';
import { register, WaitingTwins } from './waiting-twins.js';
import { folderStorage } from './web-cache.js';

/** A duration as Python's timedelta takes it. */
export interface ExpiresAfter {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

export interface HttpCacheOptions {
  /** `true`: a folder `.webcache`; "memory"; or any storage of axios-cache-interceptor; `false`: no cache. */
  readonly cache: boolean | 'memory' | AxiosStorage;
  readonly expiresAfter: ExpiresAfter | undefined;
  readonly user: UserLike;
  /** Whether a request goes to the database; others are not cached. */
  readonly isOurs: (config: InternalAxiosRequestConfig) => boolean;
}

const FOLDER = '.webcache';

/** Puts the cache on a client that an authorizer is on. @throws ConfigurationError when `expiresAfter` is no duration */
export function useCache(client: AxiosInstance, options: HttpCacheOptions): void {
  const { cache, user, isOurs } = options;
  if (cache === false) return;
  const lifeMs = options.expiresAfter && durationMs(options.expiresAfter);
  const isKept = (config: InternalAxiosRequestConfig): boolean => isOurs(config) && isCacheable(config);
  client.interceptors.response.use((response) => (isKept(response.config) ? freshened(response, lifeMs) : response)); // before the cache reads the headers
  const cached = setupCache(client, {
    register: false,
    // oxlint-disable-next-line typescript/no-deprecated -- its own map forgets who waits for a failed request
    waiting: new WaitingTwins(),
    storage: withoutCookies(storageOf(cache)),
    methods: ['get'],
    ttl: 0, // without headers nothing is fresh; an ETag is asked about
    cachePredicate: { statusCheck: (status) => status === 200 },
    cacheTakeover: false,
    staleIfError: false,
    generateKey: (config) => keyOf(config, user),
  });
  client.interceptors.response.use((response) => forgetting(response, cached));
  register(cached);
  client.interceptors.request.use(async (config) => {
    if (!isKept(config)) return Object.assign(config, { cache: false });
    await loggedIn(user, config); // the key is made next
    return config;
  });
}

/** Only what the session's own user reads: not what another's credentials, or none, would bring. */
function isCacheable({ method, responseType, authorizer, auth, headers }: InternalAxiosRequestConfig): boolean {
  const isOwn =
    authorizer === undefined && auth === undefined && !headers.has('Authorization') && !headers.has('Cookie');
  return isOwn && method?.toLowerCase() === 'get' && responseType !== 'stream';
}

async function loggedIn(user: UserLike, { signal }: InternalAxiosRequestConfig): Promise<void> {
  await user.authorizer.getToken(signal instanceof AbortSignal ? { signal } : {});
}

/** What may not be kept replaces what was: twins ask for themselves, and nothing old stays behind. */
async function forgetting(
  response: AxiosResponse & { readonly config: { readonly id?: string } },
  { storage }: AxiosCacheInstance,
): Promise<AxiosResponse> {
  const { id } = response.config;
  if (id !== undefined && /\bno-store\b/i.test(String(response.headers['cache-control'] ?? '')))
    await storage.remove(id);
  return response;
}

/** Who asks for what: without the user two people on one folder would see each other's answers. */
function keyOf(
  { baseURL, url, params, data, responseType }: CacheRequestConfig<unknown, unknown>,
  user: UserLike,
): string {
  const question = { baseURL, url, params: paramsOf(params), data, responseType, user: user.cacheKey };
  return createHash('sha256').update(stableJson(question)).digest('hex');
}

function paramsOf(params: unknown): unknown {
  return params instanceof URLSearchParams ? [...params] : params;
}

/** As the original's heuristic: `expiresAfter` replaces max-age and Expires, but never no-store. The key holds the user, so what is private may be kept. */
function freshened(response: AxiosResponse, lifeMs: number | undefined): AxiosResponse {
  const { headers } = response;
  if (response.status !== 200 && response.status !== 304) headers['cache-control'] = 'no-store';
  const stated = String(headers['cache-control'] ?? '');
  if (lifeMs !== undefined && !/\bno-store\b/i.test(stated)) {
    headers['cache-control'] = `max-age=${Math.floor(lifeMs / 1000)}`;
    delete headers['expires'];
    delete headers['age'];
  } else if (/\bprivate\b/i.test(stated)) headers['cache-control'] = stated.replace(/\bprivate\b\s*,?\s*/i, '');
  return response;
}

function storageOf(cache: true | 'memory' | AxiosStorage): AxiosStorage {
  if (cache === 'memory') return buildMemoryStorage('double');
  return cache === true ? buildStorage(folderStorage(FOLDER)) : cache;
}

/** A cookie is a credential of its own kind, and none of the cache's business. */
function withoutCookies(storage: AxiosStorage): AxiosStorage {
  return { ...storage, set: (key, value, request) => storage.set(key, cleaned(value), request) };
}

function cleaned(value: NotEmptyStorageValue): NotEmptyStorageValue {
  if (value.data === undefined) return value;
  const { 'set-cookie': _cookie, ...headers } = value.data.headers;
  return { ...value, data: { ...value.data, headers } };
}

const UNITS_MS: Readonly<Record<keyof ExpiresAfter, number>> = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
};

function durationMs(duration: ExpiresAfter): number {
  const units: Readonly<Record<string, number>> = UNITS_MS;
  const ms = Object.entries(duration).reduce((sum, [unit, count]) => sum + (units[unit] ?? NaN) * Number(count), 0);
  if (ms >= 0 && ms < Infinity) return ms;
  throw new ConfigurationError('expiresAfter takes weeks, days, hours, minutes and seconds, as numbers');
}
