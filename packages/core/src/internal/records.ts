// Looks into values of unknown shape (JSON, errors, foreign objects) without trusting them.

/**
 * The members of an object; empty for anything else.
 *
 * @example
 * ```ts
 * const { access_token: accessToken } = recordOf(JSON.parse('{ "access_token": "a" }'));
 * ```
 */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/**
 * Whether a value has members: an object that is not null; arrays and functions are judged by the caller.
 *
 * @example
 * ```ts
 * isObject({}); // true
 * isObject(null); // false
 * ```
 */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * The object that a JSON text holds, or undefined.
 *
 * @example
 * ```ts
 * parseObject('<html>'); // undefined
 * ```
 */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A string with something in it, or undefined.
 *
 * @example
 * ```ts
 * asString(404); // undefined: only strings pass
 * ```
 */
export function asString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The own members that have a value; so that an absent member is absent and not `undefined`.
 *
 * @example
 * ```ts
 * omitUndefined({ scope: undefined, audience: 'api' }); // { audience: 'api' }
 * ```
 */
export function omitUndefined<O extends object>(members: O): { [K in keyof O]?: NonNullable<O[K]> } {
  const defined = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names are those of `members`
  return Object.fromEntries(defined) as { [K in keyof O]?: NonNullable<O[K]> };
}

/** The own member of that name: what stands on `Object.prototype` says nothing of this object. */
export function ownProperty<O extends object, K extends keyof O>(holder: O, key: K): O[K] | undefined {
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

/**
 * A copy of the own members of `options`, read once, so that getters and what others do to the object later change nothing.
 * It has no prototype: a polluted `Object.prototype` (`allow`, `authorizer`) gives nobody an option that was not written.
 *
 * @example
 * ```ts
 * const { url } = ownOptions<{ url?: string }>(undefined); // never what the prototype says
 * ```
 */
export function ownOptions<O extends object>(options: O | null | undefined): O {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has every own member of one
  return Object.assign(Object.create(null) as O, options);
}

/** Whether `value` is a valid date, of any realm, or absent. */
export function isDateOrAbsent(value: unknown): boolean {
  const { getTime } = recordOf(value);
  const isDate = typeof getTime === 'function' && !Number.isNaN(Number(Reflect.apply(getTime, value, [])));
  return isDate || value === undefined;
}

/** Sets a member that nothing which lists or prints an object shows. */
export function hide(holder: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(holder, name, { value, enumerable: false, writable: true, configurable: true });
}

/** Bytes of any realm as UTF-8, or undefined for what is none; `instanceof` knows those of its own realm only. */
export function bytesToString(value: unknown): string | undefined {
  if (!ArrayBuffer.isView(value) && Object.prototype.toString.call(value) !== '[object ArrayBuffer]') return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tag says so, also across realms
  return new TextDecoder().decode(value as ArrayBuffer);
}

/** A header of axios's headers, fetch's, or a plain object. @param name in lower case */
export function headerValue(headers: unknown, name: string): unknown {
  const { get } = recordOf(headers);
  if (typeof get === 'function') return Reflect.apply(get, headers, [name]);
  return Object.entries(recordOf(headers)).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** Prototype and own members, as far as they can be read; of an error a real one, so that runtimes print it as such. */
export function writableCopy<O extends object>(holder: O): O {
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
