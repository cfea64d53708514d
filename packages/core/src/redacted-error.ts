// An error of another's making may hold a secret in its words: its message, its stack, a member, a cause.
import { isAuthenticationError } from './errors.js';
import type { AuthenticationError } from './errors.js';
import { isObject } from './members.js';
import { leadsTo } from './object-search.js';
import { redactor } from './redact.js';
import { copyOf } from './safe-cause.js';

/**
 * `error` as it may be shown where these secrets are in play: itself, unless one of them stands in any text within eight
 * levels of it; then a copy with its texts redacted, of the same class when it is one of ours.
 */
export function redactedError(error: unknown, secrets: readonly string[]): unknown {
  return new ErrorRedactor(redactor(secrets)).redacted(error, 0);
}

const DEEPEST_CAUSE = 8;

class ErrorRedactor {
  readonly #write: (text: string) => string;

  constructor(write: (text: string) => string) {
    this.#write = write;
  }

  redacted(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.#write(value);
    if (!isObject(value) || !leadsTo(value, (part) => typeof part === 'string' && this.#write(part) !== part))
      return value;
    const known = isAuthenticationError(value) && value instanceof Error && depth < DEEPEST_CAUSE;
    return known ? this.#sameClass(value, depth) : copyOf(value, this.#write);
  }

  /** Made as `forCaller` makes it; ours hold texts, numbers, dates and plain objects. */
  #sameClass(error: AuthenticationError, depth: number): unknown {
    const cause = error.cause === undefined ? undefined : { cause: this.redacted(error.cause, depth + 1) };
    const own: unknown = Reflect.construct(TypeError, [this.#write(error.message), cause], error.constructor);
    if (!(own instanceof Error)) return copyOf(error, this.#write);
    for (const [name, member] of Object.entries(error)) Reflect.set(own, name, this.#member(member));
    own.stack = this.#write(String(error.stack));
    return own;
  }

  #member(member: unknown): unknown {
    if (!isObject(member) || member instanceof Date) return this.redacted(member, 0);
    return JSON.parse(JSON.stringify(member, (_, value: unknown) => this.#text(value)));
  }

  #text(value: unknown): unknown {
    return typeof value === 'string' ? this.#write(value) : value;
  }
}
