// What was sent must not stand in the words of an error that comes back: the mocks of tests print the headers of a request that
// they do not expect, and so may an adapter or a fetch of the caller's own (C11).
import { isObject, writableCopy } from '../internal/records.js';
import { withoutSecrets } from '../token/secrets.js';

const DEEPEST_CAUSE = 8;

/** The error whose words, and those of its causes, hold none of `headers`; it stands as it is where they hold none. */
export function withoutSent(error: unknown, headers: Readonly<Record<string, string>>): unknown {
  const secrets = Object.values(headers).flatMap((value) => [value, ...value.split(' ').slice(1)]);
  return blanked(error, secrets, 0);
}

function blanked(error: unknown, secrets: readonly string[], depth: number): unknown {
  if (typeof error === 'string') return holds(error, secrets) ? withoutSecrets(error, secrets) : error;
  if (!isObject(error) || depth > DEEPEST_CAUSE) return error;
  const clean = new Map<string | symbol, unknown>();
  for (const name of ['message', 'stack', ...Reflect.ownKeys(error)]) {
    const value: unknown = Reflect.get(error, name);
    const written = typeof value === 'string' || name === 'cause' ? blanked(value, secrets, depth + 1) : value;
    if (written !== value) clean.set(name, written);
    if (name === 'errors' && Array.isArray(value)) for (const one of value) blanked(one, secrets, depth + 1);
  }
  const isWritten = [...clean].every(([name, value]) => Reflect.set(error, name, value));
  return isWritten ? error : Object.assign(writableCopy(error), Object.fromEntries(clean));
}

function holds(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => secret !== '' && text.includes(secret));
}
