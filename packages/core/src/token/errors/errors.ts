// The errors that core throws, and the one shape that callers branch on: `kind`.
//
//   AuthenticationError            anything that kept a request from getting good credentials
//   ├─ ConfigurationError          the program must be fixed; nothing was sent
//   └─ TokenEndpointError          an authorization server answered, or could not be asked (token-endpoint-error.ts)

import { hide, isObject } from '../../internal/records.js';
import { safeCause } from '../../internal/safe-cause.js';

/** What a caller does about it: ask a person · log in again · try later · fix the program. */
export type AuthErrorKind = 'credentials' | 'session' | 'unavailable' | 'configuration';

/** The codes of core. Packages add theirs by declaration merging, so that the union stays closed for a caller's `switch`. */
export interface AuthErrorCodes {
  configuration: true;
  body_spent: true;
  cooling_down: true;
  expired_token: true;
  invalid_response: true;
  lease_unavailable: true;
  logged_out: true;
  network: true;
  not_allowed: true;
  not_authenticated: true;
  rejected_again: true;
  source_failed: true;
  store_unreadable: true;
  throttled: true;
  timeout: true;
  token_endpoint: true;
}
export type AuthErrorCode = keyof AuthErrorCodes;

export interface AuthErrorOptions {
  /** What failed, for programs. */
  readonly code: AuthErrorCode;
  /** What to do about it. */
  readonly kind: AuthErrorKind;
  /** Whether the same call may succeed by itself a little later; default false. */
  readonly transient?: boolean;
  /** How long the server, or a cool-down, asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /**
   * What lies underneath. Where it leads to a request, a response or a config of axios within eight levels, a copy of its
   * name, message, code, status and stack is kept in its place.
   */
  readonly cause?: unknown;
}

/**
 * An AuthenticationError that has no cause of another's making, for what must be small in a bundle: the search through such a
 * cause is most of what an error weighs. `instanceof AuthenticationError` is true of it.
 */
export class CauselessError extends Error {
  static {
    nameOf(this, 'AuthenticationError');
  }
  readonly code: AuthErrorCode;
  readonly kind: AuthErrorKind;
  readonly transient: boolean;
  declare readonly retryAfterMs?: number;

  constructor(message: string, options: Omit<AuthErrorOptions, 'cause'>, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = options.code;
    this.kind = options.kind;
    this.transient = options.transient ?? false;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

export class AuthenticationError extends CauselessError {
  static {
    hide(this, Symbol.hasInstance, isInstance);
  }
  constructor(message: string, options: AuthErrorOptions) {
    super(message, options, safeCause(options.cause));
  }
}

/**
 * What `instanceof AuthenticationError` asks: yes as well for an error of another copy of this module, and for one without a
 * cause. Subclasses inherit it, and are told apart as usual.
 */
function isInstance(this: { readonly prototype: object }, value: unknown): boolean {
  if (this === AuthenticationError) return value instanceof Error && isAuthenticationError(value);
  return Object.prototype.isPrototypeOf.call(this.prototype, Object(value));
}

export class ConfigurationError extends AuthenticationError {
  static {
    nameOf(this, 'ConfigurationError');
  }
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, { code: 'configuration', kind: 'configuration', cause: options?.cause });
  }
}

/** Whether `value` is one of our errors, also when it comes from another copy of this module (ESM beside CommonJS). */
export function isAuthenticationError(value: unknown): value is AuthenticationError {
  return isObject(value) && 'kind' in value && 'transient' in value && 'code' in value;
}

/** The same error for one more caller: axios appends stacks to what it is thrown, so nobody gets a shared object. */
export function forCaller(shared: unknown): unknown {
  if (!isAuthenticationError(shared)) return shared;
  // a TypeError only in how it is made: WebKit gives an Error that is constructed for another class no stack
  const own: unknown = Reflect.construct(TypeError, [shared.message, { cause: shared }], shared.constructor);
  return isObject(own) ? Object.assign(own, shared) : shared;
}

export function nameOf(type: { readonly prototype: Error }, name: string): void {
  hide(type.prototype, 'name', name);
}
