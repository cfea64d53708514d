// Puts an authorizer on an axios client, and takes it off again.
import { attachmentOf, interceptorsOf } from './interceptors.js';
import type { AuthInterceptorsOptions } from './interceptors.js';
import type { InternalAxiosRequestConfig } from 'axios';
import { internalsOf } from '../authorizer/internals.js';
import type { Authorizer } from '../authorizer.js';
import { assertAxios } from './version.js';
import type { Internals } from '../authorizer/internals.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { isObject, recordOf, ownProperty } from '../internal/records.js';
import type { OptionTable } from '../token/options-check.js';
import { checkOptions } from '../token/options-check.js';
import type { SharedAllowList } from '../request/shared-allow-lists.js';
import type { Token } from '../token/token.js';

declare module 'axios' {
  // oxlint-disable-next-line typescript/no-explicit-any -- the parameter must be axios's own to merge
  interface AxiosRequestConfig<D = any> {
    /**
     * Another authorizer's token for this request (the attachment's `allow` stays), or none. Default: the attachment's. What is neither
     * an Authorizer nor false is a ConfigurationError of the request.
     */
    authorizer?: Authorizer | false;
    /** Makes the body anew, so that a stream can be sent again after a 401. Default: such a request is not sent again. */
    resendBody?: () => unknown;
    /** What becomes of an API key at a redirect in a browser, for this request. Default: the attachment's `browserRedirects`. */
    browserRedirects?: 'check' | 'trust';
  }
}

/**
 * What `attachAuth` needs of an axios client, callable or not. It is a shape and not axios's class: the class of axios's ESM
 * declarations does not fit that of its CommonJS ones, and a CommonJS project may hold a client of an ESM package.
 */
export interface AxiosClient {
  /** The defaults of the client; its `baseURL` says where tokens may go when `allow` does not. */
  readonly defaults: {
    /** An absolute URL; what is below it may see the token. Default: `allow` is needed. */
    readonly baseURL?: string | undefined;
  };
  /** The lists of interceptors, to which one each is added. */
  readonly interceptors: {
    /** Called before a request is sent. */
    readonly request: ClientInterceptors;
    /** Called with its answer or error. */
    readonly response: ClientInterceptors;
  };
}

/**
 * Puts retries of transient failures on a callable client, and returns the numbers of the interceptors that it added, so that
 * they can be taken off again. `transientRetry` makes one.
 */
export type RetrySetup = (client: AxiosClient) => {
  /** What `interceptors.request.use` returned. */
  readonly requestInterceptorId: number;
  /** What `interceptors.response.use` returned. */
  readonly responseInterceptorId: number;
};

/** The options of {@link attachAuth}: where the token may go, what counts as its rejection, and what is retried. */
export interface AttachAuthOptions extends AuthInterceptorsOptions {
  /** Retries transient failures: `transientRetry({ retries: 3 })`. Default: false, nothing but a 401 is retried. */
  readonly retry?: RetrySetup | false | undefined;
}

/** An `AuthorizerPool`, as far as an attachment needs it. */
export interface AuthorizersByKey<K> {
  /** The authorizer of one key. */
  readonly for: (key: K) => Authorizer;
}

/** The options of {@link attachAuth} for a pool. */
export interface AttachPoolOptions<K> extends AttachAuthOptions {
  /**
   * Whose token a request gets. Called once a request, when it is sent, as its URL is allowed and it has no credentials of its own
   * and no `authorizer`; it must answer at once. What it throws, and `undefined`, fail the request with a ConfigurationError.
   */
  readonly key: (config: InternalAxiosRequestConfig) => K;
}

/**
 * Every option of an attachment, for factories that pass them on.
 *
 * @example
 * ```ts
 * Object.keys(ATTACH_OPTIONS); // the names that attachAuth takes
 * ```
 */
export const ATTACH_OPTIONS: OptionTable<AttachAuthOptions> = {
  allow: 'any',
  except: 'any',
  signedOut: ['reject', 'anonymous'],
  allowInsecure: 'any',
  unauthorized: 'function',
  browserRedirects: ['check', 'trust'],
  retry: 'any',
};

/**
 * Puts `authorizer` on `client`: each allowed request carries a good token, a rejected one is retried once with a new token.
 * Attaching the same authorizer twice is once.
 * @param options read once; only its own properties count
 * @returns detach, which leaves the client as it was; called again it does nothing
 * @throws ConfigurationError when it is not said where the token may go, it would go unencrypted, axios is older than 1.18.0,
 *   the platform has no whole URL implementation, or `retry` was not made by `transientRetry`
 *
 * @example
 * ```ts
 * const detach = attachAuth(client, authorizer, { allow: 'https://api.example.org/v1' });
 * await client.get('https://api.example.org/v1/reports'); // carries the token; a 401 refreshes it and retries once
 * detach();
 * ```
 */
export function attachAuth(client: AxiosClient, authorizer: Authorizer, options?: AttachAuthOptions): () => void;
/**
 * Puts a pool on `client`: `key` says of each request whose token it carries.
 * @throws ConfigurationError also when there is no `key`
 * @example
 * ```ts
 * const pool = new AuthorizerPool<{ tenant: string }>(() => new Authorizer(source));
 * attachAuth(client, pool, { key: ({ baseURL = '' }) => ({ tenant: baseURL }) });
 * ```
 */
export function attachAuth<K>(
  client: AxiosClient,
  pool: AuthorizersByKey<K>,
  options: AttachPoolOptions<K>,
): () => void;
export function attachAuth(client: AxiosClient, authorizer: object, options?: AttachAuthOptions): () => void {
  if (!isClient(client)) throw new ConfigurationError('attachAuth needs an axios client, as axios.create makes it');
  assertAxios(client);
  const internals = internalsOf(authorizer);
  const own =
    internals.byKey?.(options, ATTACH_OPTIONS, 'attachAuth') ?? checkOptions(options, 'attachAuth', ATTACH_OPTIONS);
  assertRetry(client, own.retry);
  const allow = own.allow ?? ownProperty(client.defaults, 'baseURL');
  const standing = internals.clients.get(client);
  const except = own.except ?? (standing?.isOn() ? standing.except : undefined);
  const added = internals.allowLists.add({ allow, allowInsecure: own.allowInsecure, except }, client);
  if (standing?.isOn()) return sameAttachment(standing, added, own);
  standing?.detach(); // what `clear()` has left of it
  return attached(client, { internals, options: own, added });
}

interface Parts {
  readonly internals: Internals<Token>;
  readonly options: Parameters<typeof attachmentOf>[2] & AttachAuthOptions;
  readonly added: SharedAllowList;
}

function attached(client: AxiosClient, { internals, options, added }: Parts): () => void {
  const { request, response } = interceptorsOf(attachmentOf(internals, added.allowList, options));
  const ejectors = [
    added.remove,
    useRetry(client, options.retry),
    ejector(client.interceptors.request, client.interceptors.request.use(...request)),
    ejector(client.interceptors.response, client.interceptors.response.use(...response)),
  ];
  const detach = (): void => {
    for (const eject of ejectors.splice(0)) eject();
    if (internals.clients.get(client)?.detach === detach) internals.clients.delete(client);
  };
  const isOn = (): boolean =>
    handlersOf(client.interceptors.request).some((current) => current?.fulfilled === request[0]);
  internals.clients.set(client, { detach, allow: added.key, except: options.except, options, isOn });
  return detach;
}

/** axios's list of interceptors, in what each of its declarations says of it. */
export interface ClientInterceptors {
  /** Adds a pair of functions. @returns its number, for `eject` */
  use(
    fulfilled: <V>(value: V) => V,
    rejected: ((error: unknown) => never) | null,
    options?: { readonly synchronous?: boolean; readonly runWhen?: (config: object) => boolean },
  ): number;
  /** Takes off what `use` added under that number. */
  eject(id: number): void;
}

/** axios's types leave out what the list holds. */
interface Slots {
  readonly handlers?: readonly ({ readonly fulfilled?: unknown } | null | undefined)[];
  eject(id: number): void;
}

function handlersOf({ handlers = [] }: Slots): NonNullable<Slots['handlers']> {
  return handlers;
}

/** Takes an interceptor off, unless `clear()` did and its number is another's by now. */
function ejector(interceptors: Slots, id: number): () => void {
  const ours = handlersOf(interceptors)[id];
  return () => {
    if (handlersOf(interceptors)[id] === ours) interceptors.eject(id);
  };
}

/** @throws ConfigurationError for what is not a setup, or has nothing to send requests again with */
function assertRetry(client: AxiosClient, retry: unknown): void {
  if (!retry) return;
  if (typeof retry !== 'function')
    throw new ConfigurationError(
      "`retry` takes what transientRetry returns, not axios-retry's options: write `retry: transientRetry({ retries: 3 })`",
    );
  if (typeof client !== 'function')
    throw new ConfigurationError('`retry` needs a callable client, as axios.create makes it');
}

function useRetry(client: AxiosClient, retry: RetrySetup | false | undefined): () => void {
  if (!retry) return () => undefined;
  const { requestInterceptorId, responseInterceptorId } = retry(client);
  const ejectors = [
    ejector(client.interceptors.request, requestInterceptorId),
    ejector(client.interceptors.response, responseInterceptorId),
  ];
  return () => ejectors.forEach((eject) => eject());
}

function isClient(client: unknown): boolean {
  const members = typeof client === 'function' || isObject(client) ? client : {};
  return isObject(Reflect.get(members, 'defaults')) && isObject(Reflect.get(members, 'interceptors'));
}

/** What is compared as the list that it makes. */
const OF_THE_LIST = ['allow', 'allowInsecure', 'except'];

/** The second call must want what the first did: nothing is dropped silently. What it does not say stays as it is. */
function sameAttachment(
  { detach, allow, options: standing }: { detach: () => void; allow: string; options: object },
  { key, remove }: SharedAllowList,
  options: AttachAuthOptions,
): () => void {
  remove();
  const others = Object.entries(options).filter(([name]) => !OF_THE_LIST.includes(name));
  const other = others.find(([name, value]) => value !== undefined && !isSame(name, value, recordOf(standing)[name]));
  if (allow === key && other === undefined) return detach;
  const name = other?.[0] ?? 'allow` or `except';
  throw new ConfigurationError(`This authorizer is on this client already, with another \`${name}\`: detach it first`);
}

/** Objects that say the same count as the same. */
function isSame(name: string, one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one === 'function' && name === 'retry') return typeof other === 'function'; // each transientRetry() makes one
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys({ ...one, ...other });
  return names.every((key) => Object.is(one[key], other[key]));
}
