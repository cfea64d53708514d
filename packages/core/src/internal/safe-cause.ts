// What lies underneath an error of ours is another's, and may hold a request with all that was sent. Then its place is taken
// by a copy that says what failed, and nothing else (C11).
import { hide, isObject, asString } from './records.js';
import { leadsTo } from './object-search.js';

/** `cause` as it may be shown: itself, unless anything of axios, or what a request was sent with, is in reach of it. */
export function safeCause(cause: unknown): unknown {
  return leadsTo(cause, isTelling) ? copyOf(cause) : cause;
}

/**
 * A copy of an error and of the causes below it: name, message, code, status and stack.
 * @param write changes each text on its way. Default: not at all
 */
export function copyOf(error: unknown, write: (text: string) => string = (text) => text): Error {
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
