// Asks the hook `unauthorized` of an attachment whether a response rejects the token (C7). The hook is somebody else's code: it
// may throw, or answer with a promise, which would be true whatever it says.
import type { AxiosResponse } from 'axios';
import { discard } from './response.js';
import type { Answer } from './response.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { isObject, bytesToString } from '../internal/records.js';
import { hookFailed } from '../request/skipped.js';

/**
 * Whether a response rejects the token it was asked with. It answers at once, and counts as in an `if`; when it throws, that is
 * reported as a `notice` and counts as no; a promise is a ConfigurationError of the request.
 * @param response as the adapter gave it, before `transformResponse`: `data` is a string, Buffer, Blob or stream
 * @param json parses `data` at the first call and remembers what it held: strings and bytes (UTF-8); what is parsed already is
 *   returned as it is; undefined for what is no JSON, Blobs and streams
 */
export type Unauthorized = (response: AxiosResponse, json: () => unknown) => boolean;

/** @throws ConfigurationError when the hook returns a promise */
export function isUnauthorized(hook: Unauthorized, answer: Answer, notice: (message: string) => void): boolean {
  const { response } = answer;
  if (response === undefined) return false;
  let verdict: unknown;
  try {
    verdict = hook(response, jsonOf(response.data));
  } catch (thrown) {
    if ('error' in answer) discard(response); // nobody reads the body of an error
    notice(hookFailed(thrown));
    return false;
  }
  if (!isThenable(verdict)) return Boolean(verdict);
  Promise.resolve(verdict).catch(() => undefined);
  discard(response);
  throw new ConfigurationError(
    'The hook `unauthorized` returned a promise: it must answer at once, with true or false. json() parses the body',
  );
}

function isThenable(value: unknown): boolean {
  return (isObject(value) || typeof value === 'function') && typeof Reflect.get(value, 'then') === 'function';
}

function jsonOf(data: unknown): () => unknown {
  let parsed: { readonly value: unknown } | undefined;
  return () => (parsed ??= { value: parse(data) }).value;
}

function parse(data: unknown): unknown {
  if (isParsed(data)) return data;
  try {
    const text = typeof data === 'string' ? data : bytesToString(data);
    return text === undefined ? undefined : JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** What an adapter of the caller's own may hand over: plain objects and lists of any realm, numbers, booleans. */
function isParsed(data: unknown): boolean {
  if (typeof data === 'number' || typeof data === 'boolean' || Array.isArray(data)) return true;
  if (!isObject(data)) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
