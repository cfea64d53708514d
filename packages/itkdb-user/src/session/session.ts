// A session with the production database: a real axios instance that stays logged in, joins URLs to a prefix, turns error
// answers into the original's exceptions, and caches.
import { attachAuth, ClientSession, ConfigurationError } from '@axios-authorizer/core';
import { checkOptions, omitUndefined, quietly } from '@axios-authorizer/core/extend';
import type { Authorizer, Observer } from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import type {
  AxiosInstance,
  AxiosRequestConfig,
  AxiosResponse,
  CreateAxiosDefaults,
  InternalAxiosRequestConfig,
} from 'axios';
import { cacheSetup } from '../cache/cache-options.js';
import type { CacheOptions } from '../cache/cache-options.js';
import { cacheLayer } from '../cache/http-cache.js';
import { isRefusedBearer } from '../login/refused-bearer.js';
import { settings } from '../settings.js';
import { refuseDuplicates } from './duplicates.js';
import { useLayers } from './layers.js';
import { STATUS_EXCEPTIONS, SUCCESS_STATUSES } from './status-exceptions.js';
import { useExceptions } from './use-exceptions.js';
import { wholeAnswers } from './whole-answers.js';
import { User } from '../user.js';
import type { UserLike } from '../user.js';
import type { UserOptions } from '../user-options.js';

declare module 'axios' {
  // oxlint-disable-next-line typescript/no-explicit-any, typescript/no-unused-vars -- the parameter must be axios's own to merge
  interface AxiosRequestConfig<D = any> {
    /** Of a session: `false` uploads a test run (`uploadTestRunResults`) only when the database has none that is the same. */
    allowDuplicate?: boolean;
  }
}

/** The options of a `Session`: who logs in, which database, and its cache. */
export interface SessionOptions {
  /** Who logs in. Default: a `User` of the settings, with `saveAuth`, `authExpiryThreshold` and `observer`. */
  readonly user?: UserLike | undefined;
  /** What URLs are joined to, and where the bearer may go. Default: ITKDB_API_URL. */
  readonly prefixUrl?: string | undefined;
  /** Lets `prefixUrl`, and the login of the default user, be plain http beyond this machine (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** A file that keeps the login of the default user between programs. Default: none. */
  readonly saveAuth?: UserOptions['saveAuth'];
  /** Seconds before its end at which the login of the default user counts as expired. Default: 15. */
  readonly authExpiryThreshold?: UserOptions['authExpiryThreshold'];
  /**
   * `true`: a folder `.webcache`; `{ folder }`: another; "memory"; any storage of axios-cache-interceptor. Default: "memory"
   * when there is `expiresAfter`, else false.
   */
  readonly cache?: CacheOptions['cache'];
  /** How long an answer is fresh whatever its headers say, no-store excepted. Default: what the headers say. */
  readonly expiresAfter?: CacheOptions['expiresAfter'];
  /** Lets requests that may change something go to the production database. Default: false. */
  readonly allowProductionWrites?: boolean | undefined;
  /** Told of warnings in answers, and of what the default user's authorizer does. Default: nobody. */
  readonly observer?: Observer | undefined;
}

export const SESSION_OPTIONS: OptionTable<SessionOptions> = {
  user: 'object',
  prefixUrl: 'string',
  allowInsecure: 'any',
  saveAuth: 'string',
  authExpiryThreshold: 'any',
  cache: 'any',
  expiresAfter: 'object',
  allowProductionWrites: 'any',
  observer: 'function',
};
const PRODUCTION_HOSTS = new Set(['itkpd.unicornuniversity.net']);
const READING = new Set(['get', 'head', 'options']);
/** In ms; the original waits for ever. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The calls of a {@link Session}, beside those of axios. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the constructor does return a callable axios instance
export interface Session {
  <T = unknown>(method: string, url: string, config?: AxiosRequestConfig): Promise<AxiosResponse<T>>;
  /** As the original's, and as axios's. */
  request<T = unknown>(method: string, url: string, config?: AxiosRequestConfig): Promise<AxiosResponse<T>>;
  /** As axios's: everything in one config. */
  // oxlint-disable-next-line typescript/no-explicit-any, typescript/no-unnecessary-type-parameters -- axios's own declaration
  request<T = any, R = AxiosResponse<T>, D = any>(config: AxiosRequestConfig<D>): Promise<R>;
}

/**
 * A client of the ITk production database with a login of its own: paths are joined to the API's address, refusals are the original's exceptions.
 *
 * @throws `ConfigurationError` for options that cannot work
 *
 * @example
 * ```ts
 * const session = new Session({ user: new User({ accessCode1: 'one', accessCode2: 'two' }) });
 * const { data } = await session.get('getComponentTypes');
 * ```
 */
export class Session extends ClientSession {
  /** Which exception stands for which status. */
  static readonly STATUS_EXCEPTIONS: typeof STATUS_EXCEPTIONS = STATUS_EXCEPTIONS;
  /** Statuses that the original declares as successes; every one below 300 counts as one. */
  static readonly SUCCESS_STATUSES: typeof SUCCESS_STATUSES = SUCCESS_STATUSES;
  /** Who is logged in. */
  declare readonly user: UserLike;
  /** What URLs are joined to, and where the bearer may go. */
  declare readonly prefixUrl: string;

  /**
   * @param axiosConfig further defaults of the client
   * @throws ConfigurationError when an option cannot work
   */
  constructor(given?: SessionOptions, axiosConfig: CreateAxiosDefaults = {}) {
    const options = checkOptions(given, 'Session', SESSION_OPTIONS);
    const { prefixUrl = settings.ITKDB_API_URL, allowInsecure } = options;
    const caching = cacheSetup(options);
    const user: UserLike = options.user ?? new User(userOptions(options));
    const unauthorized = user.renewable === false ? () => false : isRefusedBearer;
    const attachment = { allow: prefixUrl, unauthorized, ...omitUndefined({ allowInsecure }) };
    super(
      user.authorizer,
      { timeout: REQUEST_TIMEOUT_MS, adapter: 'http', baseURL: prefixUrl, validateStatus: isSuccess, ...axiosConfig },
      attachment,
    );
    Object.defineProperties(this, { user: { value: user }, prefixUrl: { value: prefixUrl } });
    const prefix = new URL(prefixUrl);
    const isOurs = (config: InternalAxiosRequestConfig): boolean => isUnder(prefix, urlOf(this, config));
    const observer = quietly(options.observer);
    const notice = (message: string): void => observer?.({ type: 'notice', at: Date.now(), message });
    const layers = [...(caching ? [cacheLayer({ ...caching, user, isOurs, notice })] : []), wholeAnswers(isOurs)];
    attachAuth(this, user.authorizer, attachment)(); // it goes back on beneath the layers
    useLayers(this, layers, () => attachAuth(this, user.authorizer, attachment));
    useExceptions(this, { user, isOurs, observer });
    refuseDuplicates(this, isOurs);
    if (options.allowProductionWrites !== true) guardProduction(this);
    const request = this.request.bind(this);
    const value = (...args: readonly unknown[]): unknown => Reflect.apply(request, this, axiosArguments(args));
    Object.defineProperty(this, 'request', { value, configurable: true, writable: true, enumerable: true });
    return callable(this);
  }

  /** What keeps the login: that of `user`. */
  get authorizer(): Authorizer {
    return this.user.authorizer;
  }
}

/** As the original: what says that nothing has changed is no error. */
function isSuccess(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

function userOptions({ saveAuth, authExpiryThreshold, allowInsecure, observer }: SessionOptions): UserOptions {
  return { saveAuth, authExpiryThreshold, allowInsecure, observer };
}

function urlOf(client: AxiosInstance, { baseURL, url }: InternalAxiosRequestConfig): URL | undefined {
  try {
    return new URL(client.getUri({ ...(baseURL !== undefined && { baseURL }), url: url ?? '' }));
  } catch {
    return undefined;
  }
}

function isUnder(prefix: URL, url: URL | undefined): boolean {
  const path = prefix.pathname.replace(/\/+$/, '');
  return url?.origin === prefix.origin && (url.pathname === path || url.pathname.startsWith(`${path}/`));
}

/** Writing to production is an explicit choice; a script tried out there once too often is hard to undo. */
function guardProduction(client: AxiosInstance): void {
  client.interceptors.request.use((config) => {
    const { method = 'get' } = config;
    const host = urlOf(client, config)?.hostname.replace(/\.$/, '') ?? ''; // a full name may end in a dot
    if (PRODUCTION_HOSTS.has(host) && !READING.has(method.toLowerCase()))
      throw new ConfigurationError(
        `${method.toUpperCase()} to the production database (${host}) is not sent: say \`allowProductionWrites: true\` if it is meant, or set ITKDB_API_URL to a test instance`,
      );
    return config;
  });
}

/** The original is called with a method and a URL; axios's own ways of calling stay. */
function callable(session: Session): Session {
  return new Proxy(session, {
    apply: (client, self, args: readonly unknown[]): unknown => Reflect.apply(client, self, axiosArguments(args)),
  });
}

function axiosArguments(args: readonly unknown[]): readonly unknown[] {
  const [method, url, config] = args;
  if (typeof method !== 'string' || typeof url !== 'string') return args;
  return [{ ...Object(config), method, url }];
}
