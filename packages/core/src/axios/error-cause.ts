// Changes foreign errors and responses: in place where that is possible, else on a copy (frozen, sealed, behind a Proxy).
import type { AuthenticationError } from '../token/errors/errors.js';
import { hide, isObject, recordOf, asString } from '../internal/records.js';

/** The error with the reason in its message, and as its `cause`, out of sight. */
export function withCause(error: unknown, reason: AuthenticationError): unknown {
  if (!isObject(error) || !('message' in error)) return error;
  const message = `${String(error['message'])}. ${reason.message}`;
  return changed(error, (holder) => {
    assign(holder, 'message', message);
    hide(holder, 'cause', reason);
  });
}

/** `holder` after `change`, or a changed copy where it cannot be written to: axios writes on what we give it as well. */
export function changed<O extends object>(holder: O, change: (holder: O) => void): O {
  try {
    change(holder);
    return Object.isExtensible(holder) ? holder : writableCopy(holder);
  } catch {
    const copy = writableCopy(holder);
    change(copy);
    return copy;
  }
}

/** Writes a member. @throws TypeError where the holder cannot be written to, or only pretends to */
export function assign(holder: object, name: string, value: unknown): void {
  if (Reflect.get(holder, name) === value) return;
  if (!Reflect.set(holder, name, value) || Reflect.get(holder, name) !== value)
    throw new TypeError(`${name} cannot be written`);
}

/** Prototype and own members, as far as they can be read; of an error a real one, so that runtimes print it as such. */
function writableCopy<O extends object>(holder: O): O {
  const copy: object = 'stack' in holder ? new Error(asString(recordOf(holder)['message'])) : {};
  Object.setPrototypeOf(copy, Reflect.getPrototypeOf(holder));
  for (const name of Reflect.ownKeys(holder)) {
    const { enumerable = true } = Reflect.getOwnPropertyDescriptor(holder, name) ?? {};
    const value: unknown = Reflect.get(holder, name);
    if (name === 'stack' && value === undefined) continue; // newer V8s tell it of the error itself, not through a Proxy
    Object.defineProperty(copy, name, { value, enumerable, writable: true, configurable: true });
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has every member of one
  return copy as O;
}
