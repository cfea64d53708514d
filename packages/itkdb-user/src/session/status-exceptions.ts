// Which exception stands for which status, as the original has it.
import type { AxiosResponse } from 'axios';
import {
  BadRequest,
  Conflict,
  Forbidden,
  NotFound,
  Redirect,
  ServerError,
  SpecialError,
  TooLarge,
  UnavailableForLegalReasons,
  UnhandledResponse,
} from './exceptions.js';
import type { ResponseException, ResponseExceptionOptions } from './exceptions.js';

/** A class that STATUS_EXCEPTIONS makes its errors of. */
export type ResponseExceptionClass = new (
  response: AxiosResponse,
  options?: ResponseExceptionOptions,
) => ResponseException;

/**
 * Which exception stands for which status, as the original has it.
 *
 * @example
 * ```ts
 * STATUS_EXCEPTIONS[404] === exceptions.NotFound; // true
 * ```
 */
export const STATUS_EXCEPTIONS: Readonly<Record<number, ResponseExceptionClass>> = {
  302: Redirect,
  400: BadRequest,
  401: Forbidden,
  403: Forbidden,
  404: NotFound,
  409: Conflict,
  413: TooLarge,
  415: SpecialError,
  451: UnavailableForLegalReasons,
  500: ServerError,
  502: ServerError,
  503: ServerError,
  504: ServerError,
};

/**
 * Declared by the original, and consulted by neither: every status below 300 is a success.
 *
 * @example
 * ```ts
 * SUCCESS_STATUSES.has(201); // true
 * ```
 */
export const SUCCESS_STATUSES: ReadonlySet<number> = new Set([200, 201]);

/** The exception for an answer. */
export function exceptionFor(response: AxiosResponse, options?: ResponseExceptionOptions): ResponseException {
  const Exception = STATUS_EXCEPTIONS[response.status] ?? UnhandledResponse;
  return new Exception(response, options);
}
