// A `fetch` that waits for a token, sends it where it may go, and retries a rejection once with a new one (C22).
import { internalsOf, internalsOfOwn } from '../authorizer/internals.js';
import type { Internals } from '../authorizer/internals.js';
import type { Authorizer } from '../authorizer.js';
import type { TokenDemand } from '../lifecycle/single-flight.js';
import { FRESH_TOKEN_REJECTED, renewal, retried } from '../request/retry.js';
import { emitNotice, emitSkipped, noticeOnce, withheld } from '../request/skipped.js';
import { loggedOut } from '../token/errors/lifecycle-errors.js';
import type { SkipReason } from '../token/observer.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';
import type { Token } from '../token/token.js';
import type { Binding, FetchUnauthorized, Sending } from './context.js';
import { judge } from './rejection.js';
import type { Rejection } from './rejection.js';
import { knownMembers, readRequest } from './request.js';
import type { Asked, AuthorizedRequestInit } from './request.js';
import { bodyAgain, carried, discard, send, sendBy, withoutBody } from './sending.js';
import type { Carried } from './sending.js';

/** `fetch`, with two members more in its `init`. */
export type AuthorizedFetch = (input: string | URL | Request, init?: AuthorizedRequestInit) => Promise<Response>;

/** The options of `authorizedFetch`. */
export interface AuthorizedFetchOptions {
  /** URL prefixes that may see the token; '*' is any https origin. No default. */
  readonly allow: string | readonly string[];
  /** Lets the token go over plain http beyond this machine. Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /**
   * URL prefixes below `allow` that never get a token, such as a login or public routes; a relative one (`/login`) is joined to
   * each prefix of `allow`. Default: none.
   */
  readonly except?: string | readonly string[] | undefined;
  /**
   * What becomes of a request while nobody is signed in: it waits for a sign-in and fails without one ('reject'), or goes out
   * without a token, and no sign-in is begun ('anonymous'). A request that began in a session never goes out without a token.
   * Default: 'reject'.
   */
  readonly signedOut?: 'reject' | 'anonymous' | undefined;
  /**
   * Which answers reject the token, in place of the default: also asked about 200s, where GraphQL and others say so in the body.
   * Default: 401, unless its challenge says that a new token would not help (`insufficient_scope`,
   * `insufficient_user_authentication`, `invalid_dpop_proof`, `use_dpop_nonce`).
   */
  readonly unauthorized?: FetchUnauthorized | undefined;
  /**
   * What becomes of an API key, or any header besides Authorization, at a redirect in a browser, which hides where it leads.
   * 'check': a redirect is an error; 'trust': the browser follows it unseen, key and all, for an API that redirects to nobody
   * else. Default: 'check'.
   */
  readonly browserRedirects?: 'check' | 'trust' | undefined;
  /** What sends: the fetch of undici, a mock. Default: the platform's, looked up at each request. */
  readonly fetch?: ((input: string | URL | Request, init?: RequestInit) => Promise<Response>) | undefined;
}

/** What the `key` of a pool is made of. */
export interface KeyRequest {
  /** Where it goes, absolute and normalised. */
  readonly url: string;
  /** As the caller wrote it; GET where it did not. */
  readonly method: string;
  /** The caller's own. */
  readonly headers: Headers;
}

/** The options of `authorizedFetch` with a pool. */
export interface AuthorizedPoolFetchOptions<K> extends AuthorizedFetchOptions {
  /**
   * Whose token a request gets. Called once a request whose URL is allowed and that has no credentials of its own and no
   * `authorizer`; it must answer at once. What it throws, and `undefined`, fail the request with a ConfigurationError.
   */
  readonly key: (request: KeyRequest) => K;
}

const OPTIONS: OptionTable<AuthorizedFetchOptions> = {
  allow: 'any',
  allowInsecure: 'any',
  except: 'any',
  signedOut: ['reject', 'anonymous'],
  unauthorized: 'function',
  browserRedirects: ['check', 'trust'],
  fetch: 'function',
};

/**
 * A `fetch` whose allowed requests carry a good token; a rejected one is retried once with a new token. It rejects as `fetch` does,
 * with a TypeError or the reason of the signal, and with an AuthenticationError when no token can be had. A 401 that stays is
 * returned like every answer.
 * @param options read once; only its own properties count
 * @throws ConfigurationError when it is not said where the token may go, it would go unencrypted, or the platform has no whole URL
 *   implementation
 *
 * @example
 * ```ts
 * const fetchReports = authorizedFetch(authorizer, { allow: 'https://api.example.org/v1' });
 * const response = await fetchReports('https://api.example.org/v1/reports'); // carries the token
 * ```
 */
export function authorizedFetch(authorizer: Authorizer, options: AuthorizedFetchOptions): AuthorizedFetch;
/**
 * The same with a pool: `key` says of each request whose token it carries.
 * @throws ConfigurationError also when there is no `key`
 * @example
 * ```ts
 * const tenants = new AuthorizerPool<{ tenant: string }>(({ tenant }) => new Authorizer(async () => `token-of-${tenant}`));
 * const fetchReports = authorizedFetch(tenants, {
 *   allow: 'https://api.example.org',
 *   key: ({ url }) => ({ tenant: new URL(url).pathname.split('/', 2)[1] ?? '' }),
 * });
 * ```
 */
export function authorizedFetch<K>(
  pool: { readonly for: (key: K) => Authorizer },
  options: AuthorizedPoolFetchOptions<K>,
): AuthorizedFetch;
export function authorizedFetch(authorizer: object, given: AuthorizedFetchOptions): AuthorizedFetch {
  const internals = internalsOf(authorizer);
  const options: AuthorizedFetchOptions & Partial<Pick<Binding, 'pick'>> =
    internals.byKey?.(given, OPTIONS, 'authorizedFetch') ?? checkOptions(given, 'authorizedFetch', OPTIONS);
  const { unauthorized, browserRedirects = 'check', signedOut = 'reject', fetch, pick } = options;
  const authorized: AuthorizedFetch = async (input, init) => answerTo(binding, input, init);
  const { allowList } = internals.allowLists.add(options, authorized);
  const noticed = new Set<SkipReason>();
  const binding = { internals, pick, allowList, noticed, unauthorized, browserRedirects, signedOut, fetch };
  return authorized;
}

async function answerTo(
  binding: Binding,
  input: string | URL | Request,
  init: AuthorizedRequestInit | undefined,
): Promise<Response> {
  const asked = readRequest(input, init);
  const { url, authorizer } = asked;
  const untouched = (): Promise<Response> => sendBy(binding, input, withoutOurs(init));
  if (url === undefined || !binding.allowList.allows(url)) return notAllowed(binding, url, untouched());
  const skip = skipReason(asked);
  const own = authorizer ? internalsOfOwn(authorizer) : binding.internals;
  if (skip !== undefined) {
    emitSkipped(own, url, skip);
    noticeOnce(own, binding.noticed, skip);
    return untouched();
  }
  const internals = authorizer ? own : (binding.pick?.(keyRequest(asked, url)) ?? own);
  if (mayBeAnonymous(binding, internals) && !(await internals.lifecycle.signedIn(asked.signal))) {
    emitSkipped(internals, url, 'signed_out');
    return untouched();
  }
  const token = internals.lifecycle.ready() ?? (await awaitToken(internals, asked));
  return authorizedAnswer(sendingOf({ ...asked, asked, url, binding, internals }, token));
}

/** Whether a request that begins now goes out without a token should nobody be signed in (C18). */
function mayBeAnonymous({ signedOut }: Binding, { lifecycle }: Internals<Token>): boolean {
  return signedOut === 'anonymous' && lifecycle.openSession === undefined;
}

/** The init as fetch knows it. */
function withoutOurs(init: AuthorizedRequestInit | undefined): RequestInit | undefined {
  if (!init || !('authorizer' in init || 'resendBody' in init)) return init;
  return knownMembers(init);
}

async function notAllowed(binding: Binding, url: URL | undefined, sent: Promise<Response>): Promise<Response> {
  const isExcepted = url !== undefined && binding.allowList.excepts(url);
  emitSkipped(binding.internals, url, isExcepted ? 'excepted' : 'not_allowed');
  const response = await sent;
  const isDenied = response.status === 401 || response.status === 403;
  if (isDenied && url && !isExcepted && binding.allowList.knows(url.host)) emitNotice(binding.internals, withheld(url));
  return response;
}

/** Why a request whose URL is allowed goes without a token all the same. */
function skipReason({ authorizer, headers }: Asked): SkipReason | undefined {
  if (authorizer === false) return 'opted_out';
  return headers.has('authorization') ? 'own_authorization' : undefined;
}

function keyRequest({ method, headers }: Asked, { href }: URL): KeyRequest {
  return { url: href, method, headers: new Headers(headers) };
}

/** @throws AuthenticationError, also `logged_out` when the session of the token is over; the reason of the caller's signal */
async function awaitToken(
  { lifecycle }: Internals<Token>,
  { signal }: Asked,
  demand?: TokenDemand<Token>,
): Promise<Token> {
  const token = await lifecycle.get({ ...demand, signal });
  if (lifecycle.sessionOf(token) !== lifecycle.session) throw loggedOut();
  return token;
}

function sendingOf(request: Omit<Sending, keyof Carried | 'token'>, token: Token): Sending {
  return { ...request, token, ...carried(request, token) };
}

async function authorizedAnswer(sending: Sending): Promise<Response> {
  const response = await send(sending);
  const rejection = await judge(sending, response);
  return rejection ? afterRejection(sending, response, rejection) : response;
}

/** The answer to one retry with a new token, or the rejection as it came (C7, C8). */
async function afterRejection(sending: Sending, response: Response, rejection: Rejection): Promise<Response> {
  const { internals, asked } = sending;
  let isDiscarded = false;
  const next = await renewal(sending, rejection, {
    bodyAgain: () => bodyAgain(sending, asked),
    discard: () => {
      isDiscarded = true;
      discard(response);
    },
    awaitToken: (demand) => awaitToken(internals, asked, demand),
  });
  if (next === undefined) return isDiscarded ? withoutBody(response) : response;
  if ('token' in next) return retry(sendingOf({ ...sending, ...next.body }, next.token));
  emitNotice(internals, `Not sent again: ${next.spent}`);
  return response;
}

async function retry(sending: Sending): Promise<Response> {
  const at = sending.internals.clock.now();
  let [status, rejected]: [number | undefined, boolean] = [undefined, false];
  try {
    const response = await send(sending);
    ({ status } = response);
    rejected = (await judge(sending, response)) !== undefined;
    if (rejected) emitNotice(sending.internals, FRESH_TOKEN_REJECTED);
    return response;
  } finally {
    retried(sending, { at, status, rejected });
  }
}
