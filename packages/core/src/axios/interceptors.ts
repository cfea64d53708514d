// The interceptors themselves: the request's wraps the adapter, the response's only tidies up after requests that never got there.
import { isAxiosError } from 'axios';
import type { InternalAxiosRequestConfig } from 'axios';
import { internalsOf } from '../authorizer/internals.js';
import type { Authorizer } from '../authorizer.js';
import { AddressBook } from './request-config.js';
import { assertAxios, isOldestAxios } from './version.js';
import { cleanEarly } from './response.js';
import type { Internals } from '../authorizer/internals.js';
import { isObject } from '../internal/records.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';
import { allowListOf } from '../request/allow-list.js';
import type { AllowList } from '../request/allow-list.js';
import { printable } from './http/http-adapter.js';
import type { Token } from '../token/token.js';
import type { Attachment } from './context/request-context.js';
import type { Unauthorized } from './unauthorized.js';
import { AdapterWrapper, unwrapAdapter } from './auth-adapter.js';

/** The options of {@link authInterceptors}: where the token may go, and what counts as its rejection. */
export interface AuthInterceptorsOptions {
  /** URL prefixes that may see the token; '*' is any https origin. Default: the client's `baseURL`; neither is an error. */
  readonly allow?: string | readonly string[] | undefined;
  /**
   * URL prefixes below `allow` that never get a token, judged by the same rules: `/login`, `/refresh`, public routes. A relative one
   * lies below each prefix of `allow`. Such a request passes untouched and waits for nothing. Default: none.
   */
  readonly except?: string | readonly string[] | undefined;
  /**
   * What becomes of requests while nobody is signed in: they fail with the error of the authorizer, whose source is asked to sign
   * in first ('reject'), or go out without a token, and no sign-in is begun ('anonymous'). A request that began in a session
   * never goes out without one. Default: 'reject'.
   */
  readonly signedOut?: 'reject' | 'anonymous' | undefined;
  /** Lets the token go over plain http beyond this machine. Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /**
   * Which responses reject the token, in place of the default: also asked about 200s, where GraphQL and others say so in the
   * body. Default: 401, unless its challenge says that a new token would not help (`insufficient_scope`,
   * `insufficient_user_authentication`, `invalid_dpop_proof`, `use_dpop_nonce`).
   */
  readonly unauthorized?: Unauthorized | undefined;
  /**
   * What becomes of an API key, or any header besides Authorization, at a redirect in a browser, which hides where it leads.
   * 'check': the request goes by fetch, and a redirect is an error; 'trust': XMLHttpRequest or fetch follows it unseen, key
   * and all, for an API that redirects to nobody else. Default: 'check'.
   */
  readonly browserRedirects?: 'check' | 'trust' | undefined;
}

const OPTIONS: OptionTable<AuthInterceptorsOptions> = {
  allow: 'any',
  except: 'any',
  signedOut: ['reject', 'anonymous'],
  allowInsecure: 'any',
  unauthorized: 'function',
  browserRedirects: ['check', 'trust'],
};

/**
 * The arguments of `client.interceptors.request.use` and `.response.use`, ready to be spread. Both hand on what they get, so
 * that they fit every declaration of axios.
 */
export interface AuthInterceptors {
  /** For `client.interceptors.request.use(...request)`: gives each allowed request its token. */
  readonly request: readonly [
    fulfilled: <C>(config: C) => C,
    rejected: null,
    options: {
      /** axios need not put the request off for it. */
      readonly synchronous: true;
      /** Always true: axios asks it as the request begins, before other interceptors take their time. */
      readonly runWhen: (config: object) => boolean;
    },
  ];
  /**
   * For `client.interceptors.response.use(...response)`: tidies up after requests that failed before they were sent.
   */
  readonly response: readonly [fulfilled: <R>(response: R) => R, rejected: (error: unknown) => never];
}

/**
 * The interceptors for those who call `use()` themselves.
 * @param options read once; only its own properties count
 * @returns what is spread, `use(...request)`; used in one piece each request fails with a ConfigurationError
 * @throws ConfigurationError when `allow` is missing or cannot be honoured, or axios is older than 1.18.0
 *
 * @example
 * ```ts
 * const { request, response } = authInterceptors(authorizer, { allow: 'https://api.example.org' });
 * client.interceptors.request.use(...request);
 * client.interceptors.response.use(...response);
 * ```
 */
export function authInterceptors(authorizer: Authorizer, options: AuthInterceptorsOptions): AuthInterceptors {
  assertAxios();
  const internals = internalsOf(authorizer);
  const own = checkOptions(options, 'authInterceptors', OPTIONS);
  const { allow, allowInsecure, except } = own;
  const allowList = allowListOf({ allow, allowInsecure, except });
  const { request, response } = interceptorsOf(attachmentOf(internals, allowList, own));
  return { request: toBeSpread(request), response: toBeSpread(response) };
}

/**
 * The arguments of one `use()`. Handed over in one piece, `use(request)`, they fail each request: axios would ignore a list, and
 * send the request without a token and without a word.
 */
function toBeSpread<Arguments extends readonly unknown[]>(list: Arguments): Arguments {
  const inOnePiece = handedOverInOnePiece.bind(undefined);
  Object.defineProperty(inOnePiece, 'length', { value: list.length });
  const members = Object.assign({ [Symbol.iterator]: () => list.values() }, list);
  return Object.assign(inOnePiece, members);
}

function handedOverInOnePiece(): never {
  throw new ConfigurationError(
    'The interceptors were handed to use() in one piece, and both are needed: client.interceptors.request.use(...request) and client.interceptors.response.use(...response)',
  );
}

export function attachmentOf(
  internals: Internals<Token>,
  allowList: AllowList,
  options: Pick<AuthInterceptorsOptions, 'unauthorized' | 'browserRedirects' | 'signedOut'> & Pick<Attachment, 'pick'>,
): Attachment {
  const { unauthorized, browserRedirects = 'check', signedOut = 'reject', pick } = options;
  const addresses = new AddressBook(allowList);
  return { internals, pick, allowList, addresses, noticed: new Set(), unauthorized, browserRedirects, signedOut };
}

export function interceptorsOf(attachment: Attachment): AuthInterceptors {
  const wrapper = new AdapterWrapper(attachment);
  const handsErrorsToNobody = isOldestAxios();
  const request = <C>(config: C): C => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- axios gives nothing else
    wrapper.wrap(config as InternalAxiosRequestConfig);
    return handsErrorsToNobody && isObject(config) ? printable(config) : config;
  };
  const runWhen = (config: object): boolean => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- axios gives nothing else
    wrapper.begin(config as InternalAxiosRequestConfig);
    return true;
  };
  return { request: [request, null, { synchronous: true, runWhen }], response: [(response) => response, unwrapFailed] };
}

/** A request that failed before the transport was reached still has it on its config. */
function unwrapFailed(error: unknown): never {
  if (isAxiosError(error) && error.config) unwrapAdapter(error.config);
  throw cleanEarly(error);
}
