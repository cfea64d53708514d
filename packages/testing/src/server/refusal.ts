// How an authorization server says no to a client (RFC 6749 section 5.2).
import type { Answer } from './answer.js';

/** @param error its `error`; `description` is for whoever reads the test's output */
export function refusal(error: string, description: string): Answer {
  return { status: 400, headers: { 'cache-control': 'no-store' }, json: { error, error_description: description } };
}

/** `error` of an answer that has one. */
export function errorOf({ json }: Answer): string | undefined {
  const given = typeof json === 'object' ? { error: undefined, ...json } : undefined;
  return typeof given?.error === 'string' ? given.error : undefined;
}
