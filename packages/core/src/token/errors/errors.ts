// The errors that core throws, and the one shape that callers branch on: `kind`.
//
//   AuthenticationError            anything that kept a request from getting good credentials
//   ├─ ConfigurationError          the program must be fixed; nothing was sent
//   └─ TokenEndpointError          an authorization server answered, or could not be asked (token-endpoint-error.ts)
//
// What lies underneath is another's, and may hold a request with all that was sent, or a secret in its words. Then its place is
// taken by a copy that says what failed, and nothing else (C11).

import { leadsTo } from '../../internal/object-search.js';
import { asString, hide, isObject } from '../../internal/records.js';
import { redactor } from '../../internal/redact.js';
import type { AuthErrorCode, AuthErrorKind } from './codes.js';

export type { AuthErrorCode, AuthErrorCodes, AuthErrorKind } from './codes.js';

/** What an {@link AuthenticationError} is made of, for those who write a source or a store. */
export interface AuthErrorOptions {
  /** What failed, for programs. */
  readonly code: AuthErrorCode;
  /** What to do about it. */
  readonly kind: AuthErrorKind;
  /** Whether the same call may succeed by itself a little later; default false. */
  readonly transient?: boolean;
  /** How long the server, or a cool-down, asks to wait, in ms. Default: nobody said. */
  readonly retryAfterMs?: number | undefined;
  /**
   * What lies underneath. Where it leads to a request, a response or a config of axios within eight levels, a copy of its
   * name, message, code, status and stack is kept in its place. Default: none.
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
  /** What happened, for programs: one of `AuthErrorCodes`, such as `'network'`. */
  readonly code: AuthErrorCode;
  /** What to do about it; branch on this. One of four, see `AuthErrorKind`. */
  readonly kind: AuthErrorKind;
  /** Whether the same call may succeed by itself a little later. */
  readonly transient: boolean;
  /** How long the server, or a cool-down, asks to wait, in ms; absent when nobody said. A call before that fails at once. */
  declare readonly retryAfterMs?: number;

  constructor(message: string, options: Omit<AuthErrorOptions, 'cause'>, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = options.code;
    this.kind = options.kind;
    this.transient = options.transient ?? false;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Why no token could be had: `kind` says what to do, `code` what happened.
 *
 * @example
 * ```ts
 * if (error instanceof AuthenticationError && error.transient)
 *   await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? 1000)); // then ask again
 * ```
 */
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

/**
 * Something that only a change of the program or of its settings cures; thrown before anything is sent.
 *
 * @example
 * ```ts
 * try {
 *   attachAuth(client, authorizer);
 * } catch (problem) {
 *   if (problem instanceof ConfigurationError) document.title = problem.message; // names the option and what to write
 * }
 * ```
 */
export class ConfigurationError extends AuthenticationError {
  static {
    nameOf(this, 'ConfigurationError');
  }
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, { code: 'configuration', kind: 'configuration', cause: options?.cause });
  }
}

/**
 * Whether `value` is one of our errors, also when it comes from another copy of this module (ESM beside CommonJS).
 *
 * @example
 * ```ts
 * const report = isAuthenticationError(error) && error.kind === 'session' ? 'Please sign in again' : String(error);
 * ```
 */
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

/** `cause` as it may be shown: itself, unless anything of axios, or what a request was sent with, is in reach of it. */
function safeCause(cause: unknown): unknown {
  return leadsTo(cause, isTelling) ? copyOf(cause) : cause;
}

/**
 * A copy of an error and of the causes below it: name, message, code, status and stack.
 * @param write changes each text on its way. Default: not at all
 */
function copyOf(error: unknown, write: (text: string) => string = (text) => text): Error {
  return copied(error, write, new Set()) ?? new Error('An error that cannot be looked into');
}

/** More errors in a graph are not copied. */
const MOST_ERRORS = 100;

function copied(value: unknown, write: (text: string) => string, seen: Set<unknown>): Error | undefined {
  if (!isObject(value) || seen.has(value) || seen.size > MOST_ERRORS) return undefined;
  seen.add(value);
  const read = (name: string): unknown => {
    const member = readSafely(value, name);
    return typeof member === 'string' ? write(member) : member;
  };
  const cause = copied(read('cause'), write, seen);
  const copy = new Error(asString(read('message')), cause && { cause });
  hide(copy, 'name', asString(read('name')) ?? 'Error');
  copy.stack = asString(read('stack')) ?? String(copy);
  for (const name of ['code', 'status']) {
    const field = read(name);
    if (typeof field === 'string' || typeof field === 'number') Reflect.set(copy, name, field);
  }
  const errors = read('errors');
  if (Array.isArray(errors))
    Reflect.set(
      copy,
      'errors',
      errors.flatMap((one) => copied(one, write, seen) ?? []),
    );
  return copy;
}

function readSafely(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** A part of a request or of its answer: of axios, of fetch, or what Node sends and reads. */
function isTelling(part: unknown): boolean {
  if ((typeof part !== 'object' || part === null) && typeof part !== 'function') return false;
  const read = (name: string): unknown => Reflect.get(part, name);
  if (read('isAxiosError') === true || typeof read('pipe') === 'function') return true;
  if (typeof read('_header') === 'string' || typeof read('addRequest') === 'function') return true;
  if (isObject(read('headers')) && BESIDE_HEADERS.some((name) => name in part)) return true;
  return Object.keys(part).some((name) => SECRET_HEADER.test(name));
}

const BESIDE_HEADERS = ['status', 'url', 'method', 'data', 'body', 'baseURL', 'transformRequest', 'adapter'];
const SECRET_HEADER = /^(?:proxy-)?authorization$|^x-api-key$|^(?:set-)?cookie$/i;

/**
 * `error` as it may be shown where these secrets are in play: itself, unless one of them stands in any text within eight
 * levels of it; then a copy with its texts redacted, of the same class when it is one of ours.
 */
export function redactedError(error: unknown, secrets: readonly string[]): unknown {
  return redacted(error, redactor(secrets), 0);
}

const DEEPEST_CAUSE = 8;

type Write = (text: string) => string;

function redacted(value: unknown, write: Write, depth: number): unknown {
  if (typeof value === 'string') return write(value);
  if (!isObject(value) || !leadsTo(value, (part) => typeof part === 'string' && write(part) !== part)) return value;
  const known = isAuthenticationError(value) && value instanceof Error && depth < DEEPEST_CAUSE;
  return known ? sameClass(value, write, depth) : copyOf(value, write);
}

/** Made as `forCaller` makes it; ours hold texts, numbers, dates and plain objects. */
function sameClass(error: AuthenticationError, write: Write, depth: number): unknown {
  const { message, cause, stack } = error;
  const below = cause === undefined ? undefined : { cause: redacted(cause, write, depth + 1) };
  const own: unknown = Reflect.construct(TypeError, [write(message), below], error.constructor);
  if (!(own instanceof Error)) return copyOf(error, write);
  for (const [name, member] of Object.entries(error)) Reflect.set(own, name, redactedMember(member, write));
  own.stack = write(String(stack));
  return own;
}

function redactedMember(member: unknown, write: Write): unknown {
  if (!isObject(member) || member instanceof Date) return redacted(member, write, 0);
  const text = (_: string, value: unknown): unknown => (typeof value === 'string' ? write(value) : value);
  return JSON.parse(JSON.stringify(member, text));
}
