// The exceptions of the original, by their names. They print what went wrong, and never what was sent.
import { oneLine, asString, recordOf, redact } from '@axios-authorizer/core/extend';
import type { AxiosResponse } from 'axios';
import { describeErrors, errorMapOf, redactedMap } from './error-map.js';
import type { UuAppErrorMap } from './error-map.js';

/**
 * The base of all.
 *
 * @example
 * ```ts
 * const message = error instanceof ITkDBException ? error.message : 'something else';
 * ```
 */
export class ITkDBException extends Error {
  static {
    named(this, 'ITkDBException');
    Object.defineProperty(this, Symbol.hasInstance, { value: isInstance });
  }
}
/** A call that cannot work; nothing was sent. */
export class InvalidInvocation extends ITkDBException {
  static {
    named(this, 'InvalidInvocation');
  }
}
/** Something was there already. */
export class DuplicateObjectsInDB extends ITkDBException {
  static {
    named(this, 'DuplicateObjectsInDB');
  }
}
/** The database has this test run already; it was not uploaded again (`allowDuplicate: false`). */
export class DuplicateTestRuns extends DuplicateObjectsInDB {
  static {
    named(this, 'DuplicateTestRuns');
  }

  /** The ids of those that are the same. */
  readonly testRuns: readonly string[];
  constructor(message?: string, testRuns: readonly string[] = []) {
    super(message);
    this.testRuns = testRuns;
  }
}

/** What a {@link ResponseException} is made of, besides the answer. */
export interface ResponseExceptionOptions {
  /** The error that led to it, axios's for instance. Default: none. */
  readonly cause?: unknown;
  /** What must not be shown, should the answer say it back. Default: nothing. */
  readonly secrets?: readonly string[];
  /** What is wrong, in words that follow "the answer". Default: what the error map says. */
  readonly why?: string | undefined;
}

/**
 * The database answered with an error; a `LoginError`, which the login service answered, counts as one too.
 *
 * @example
 * ```ts
 * const isGone = error instanceof exceptions.ResponseException && error.status === 404;
 * ```
 */
export class ResponseException extends ITkDBException {
  static {
    named(this, 'ResponseException');
  }
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The first key of the error map, such as "cern-itkpd-main/getComponent/invalidDtoIn". */
  readonly code: string | undefined;
  /** The error map of the answer, secrets redacted; empty when it has none. */
  readonly errorMap: UuAppErrorMap;
  /** The answer; not shown when the exception is printed. */
  declare readonly response: AxiosResponse;

  constructor(response: AxiosResponse, { cause, secrets = [], why }: ResponseExceptionOptions = {}) {
    const errorMap = shownMap(response.data, secrets);
    super(messageOf(response, errorMap, why), cause === undefined ? undefined : { cause });
    this.status = response.status;
    this.errorMap = errorMap;
    this.code = Object.keys(errorMap)[0];
    const { config } = response;
    for (const [name, value] of Object.entries({ response, config, isAxiosError: true }))
      Object.defineProperty(this, name, { value, configurable: true, writable: true });
  }
}
/** An answer that is not the JSON it should be. */
export class BadJSON extends ResponseException {
  static {
    named(this, 'BadJSON');
  }
}
/** 400: the command does not take this input; `errorMap` names the keys. */
export class BadRequest extends ResponseException {
  static {
    named(this, 'BadRequest');
  }
}
/** 409: what stands in the database contradicts the request. */
export class Conflict extends ResponseException {
  static {
    named(this, 'Conflict');
  }
}
/** 401 or 403: this user may not do that. */
export class Forbidden extends ResponseException {
  static {
    named(this, 'Forbidden');
  }
}
/** 404: no such command, or no such thing. */
export class NotFound extends ResponseException {
  static {
    named(this, 'NotFound');
  }
}
const ANY_HOST = 'http://localhost';

/** The request is redirected, and was not followed. */
export class Redirect extends ResponseException {
  static {
    named(this, 'Redirect');
  }

  /** Where to, without host and query; '' when the answer does not say. */
  get path(): string {
    const location = asString(recordOf(this.response.headers)['location']) ?? '';
    if (location === '' || !URL.canParse(location, ANY_HOST)) return '';
    return new URL(location, ANY_HOST).pathname.replace(/\.json$/, '');
  }
}
/** 500, 502, 503 or 504: the database failed; the same request may succeed later. */
export class ServerError extends ResponseException {
  static {
    named(this, 'ServerError');
  }
}
/** What was sent is not of the type that the command takes. */
export class SpecialError extends ResponseException {
  static {
    named(this, 'SpecialError');
  }

  /** What the answer gives as its reason; '' when it gives none. */
  get reason(): string {
    return asString(recordOf(this.response.data)['reason']) ?? '';
  }

  /** The list that the answer gives, as it came; empty when it gives none. */
  get specialErrors(): readonly unknown[] {
    const { special_errors: errors } = recordOf(this.response.data);
    return Array.isArray(errors) ? [...(errors as readonly unknown[])] : [];
  }
}
/** 413: what was sent is too large. */
export class TooLarge extends ResponseException {
  static {
    named(this, 'TooLarge');
  }
}
/** 451: the answer is withheld for legal reasons. */
export class UnavailableForLegalReasons extends ResponseException {
  static {
    named(this, 'UnavailableForLegalReasons');
  }
}
/** A status that no other class stands for. */
export class UnhandledResponse extends ResponseException {
  static {
    named(this, 'UnhandledResponse');
  }
}

/**
 * Whether `value` is one of these, also of another copy of this module (ESM beside CommonJS).
 *
 * @example
 * ```ts
 * const map = isResponseException(error) ? error.errorMap : {};
 * ```
 */
export function isResponseException(value: unknown): value is ResponseException {
  return typeof value === 'object' && value !== null && 'errorMap' in value && 'status' in value;
}

/**
 * What `instanceof ResponseException` and `instanceof ITkDBException` ask: yes for a failed login as well, which the original
 * throws as this class, and for another copy of this module. The other classes inherit it, and are told apart as usual.
 */
function isInstance(this: { readonly prototype: object }, value: unknown): boolean {
  if (Object.prototype.isPrototypeOf.call(this.prototype, Object(value))) return true;
  const isBase = this === ResponseException || this === ITkDBException;
  return isBase && value instanceof Error && isResponseException(value);
}

function named(type: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(type.prototype, 'name', { value: name, configurable: true, writable: true });
}

/** The error map, without the secrets that a server or a proxy may say back: nor a bearer of earlier, which is a JWT as well. */
function shownMap(data: unknown, secrets: readonly string[]): UuAppErrorMap {
  return redactedMap(errorMapOf(data), (text) => redact(text, secrets));
}

const LONGEST_MESSAGE = 1_000;
/** What the original shows of a refusal. */
const NOT_AUTHORIZED = 'uu-app-workspace/authorization/userIsNotAuthorized';

function messageOf({ status, config }: AxiosResponse, errorMap: UuAppErrorMap, why?: string): string {
  const asked = `${config?.method?.toUpperCase() ?? 'The request'} ${pathOf(config?.url)}`.trimEnd();
  const refusal = errorMap[NOT_AUTHORIZED]?.message;
  const said = refusal === undefined ? describeErrors(errorMap) : oneLine(refusal);
  const told = why === undefined ? said : `the answer ${oneLine(why)}`;
  return `${asked} was answered with ${status}${told && `: ${told}`}`.slice(0, LONGEST_MESSAGE);
}

/** A query may hold what should not be printed. */
function pathOf(url: string | undefined): string {
  return url?.split(/[?#]/)[0] ?? '';
}
