// An error of another's making may hold a secret in its words: its message, its stack, a member, a cause.
import { isAuthenticationError } from './errors.js';
import type { AuthenticationError } from './errors.js';
import { isObject } from '../../internal/records.js';
import { leadsTo } from '../../internal/object-search.js';
import { redactor } from '../../internal/redact.js';
import { copyOf } from '../../internal/safe-cause.js';

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
