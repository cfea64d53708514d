// The failures that every client of a server meets one day, in the words of RFC 6749 5.2 and RFC 9110.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions } from '@axios-authorizer/core/extend';
import type { Answer } from './answer.js';

/** How the next requests fail: the options of `failNext`. */
export interface FailNextOptions {
  /** The status, from 400 to 599. Default: 503. */
  readonly status?: number | undefined;
  /** How many requests. Default: 1. */
  readonly times?: number | undefined;
  /** The Retry-After header: seconds, or a date as HTTP writes it. Default: none. */
  readonly retryAfter?: number | string | undefined;
  /** The `error` of the JSON body. Default: `invalid_grant` for 400, `invalid_client` for 401, else the status in words. */
  readonly error?: string | undefined;
}

const ERRORS: Readonly<Record<number, string>> = {
  400: 'invalid_grant',
  401: 'invalid_client',
  403: 'access_denied',
  429: 'too_many_requests',
  500: 'server_error',
  503: 'temporarily_unavailable',
};

/**
 * The answers that `options` describe, one for each request.
 * @throws ConfigurationError for an unknown option, a status that is no failure, a count below 1
 */
export function failures(options: FailNextOptions | undefined): readonly Answer[] {
  const given = checkOptions<FailNextOptions>(options, 'failNext', {
    status: 'any',
    times: 'any',
    retryAfter: 'any',
    error: 'string',
  });
  const { status = 503, times = 1, retryAfter, error = ERRORS[status] ?? 'failed' } = given;
  if (!Number.isInteger(status) || status < 400 || status > 599)
    throw new ConfigurationError('`status` of failNext must be a whole number from 400 to 599');
  if (retryAfter !== undefined && !/^[\w ,:]+$/.test(String(retryAfter)))
    throw new ConfigurationError('`retryAfter` of failNext must be whole seconds, or a date as HTTP writes it');
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return Array.from({ length: assertTimes(times, 'failNext') }, () => ({ status, headers, json: { error } }));
}

/** @throws ConfigurationError when it is no whole number of at least 1 */
export function assertTimes(times: unknown, where: string): number {
  if (typeof times === 'number' && Number.isInteger(times) && times >= 1) return times;
  throw new ConfigurationError(`\`times\` of ${where} must be a whole number of at least 1`);
}

/** @throws ConfigurationError when one of them is no answer */
export function assertAnswers(answers: readonly Answer[]): readonly Answer[] {
  if (answers.every((answer: unknown) => typeof answer === 'object' && answer !== null)) return answers;
  throw new ConfigurationError('An answer must be an object: { status, json, … }; {} is the usual one');
}

/** @throws ConfigurationError when it is no number of milliseconds of at least 0 */
export function assertDelay(delayMs: unknown, where: string): void {
  if (delayMs === undefined || (typeof delayMs === 'number' && delayMs >= 0)) return;
  throw new ConfigurationError(`\`delayMs\` of ${where} must be a number of milliseconds of at least 0`);
}

/** @throws ConfigurationError when it is no port */
export function assertPort(port: unknown, where: string): number | undefined {
  if (port === undefined) return undefined;
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new ConfigurationError(`\`port\` of ${where} must be a whole number from 0 to 65535`);
}
