// What lies underneath an error of ours is another's, and may hold a request with all that was sent. Then its place is taken
// by a copy that says what failed, and nothing else (C11).
import { hide, isObject, membersOf } from './members.js';
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
  return new Copier(write).copy(error) ?? new Error('An error that cannot be looked into');
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

const DEEPEST_CAUSE = 8;

class Copier {
  readonly #write: (text: string) => string;
  readonly #seen = new Set<unknown>();

  constructor(write: (text: string) => string) {
    this.#write = write;
  }

  copy(value: unknown, depth = 0): Error | undefined {
    if (!isObject(value) || this.#seen.has(value) || depth > DEEPEST_CAUSE) return undefined;
    this.#seen.add(value);
    const { name, message, stack, code, status, cause, errors } = legible(value);
    const below = this.copy(cause, depth + 1);
    const copy = new Error(this.#text(message) ?? '', below && { cause: below });
    hide(copy, 'name', this.#text(name) ?? 'Error');
    copy.stack = this.#text(stack) ?? String(copy);
    const copies = Array.isArray(errors) ? errors.flatMap((one) => this.copy(one, depth + 1) ?? []) : undefined;
    const fields = { code: this.#plain(code), status: this.#plain(status), errors: copies };
    for (const [key, field] of Object.entries(fields)) if (field !== undefined) Reflect.set(copy, key, field);
    return copy;
  }

  #text(value: unknown): string | undefined {
    return typeof value === 'string' ? this.#write(value) : undefined;
  }

  #plain(value: unknown): unknown {
    return typeof value === 'number' ? value : this.#text(value);
  }
}

const COPIED = ['name', 'message', 'stack', 'code', 'status', 'cause', 'errors'] as const;

/** What can be read of it. */
function legible(value: object): { readonly [K in (typeof COPIED)[number]]?: unknown } {
  return membersOf(Object.fromEntries(COPIED.map((name) => [name, readSafely(value, name)])));
}

function readSafely(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}
