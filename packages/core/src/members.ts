// Looks into values of unknown shape (JSON, errors, foreign objects) without trusting them.

/** The members of an object; empty for anything else. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The object that a JSON text holds, or undefined. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** A string with something in it, or undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The members that have a value; so that an absent member is absent and not `undefined`. */
export function definedOnly<O extends object>(members: O): { [K in keyof O]?: NonNullable<O[K]> } {
  const defined: { [K in keyof O]?: NonNullable<O[K]> } = {};
  for (const key in members) {
    const { [key]: value } = members;
    if (value !== undefined && value !== null) defined[key] = value;
  }
  return defined;
}

/** Whether `value` is a valid date, of any realm, or absent. */
export function isDateOrAbsent(value: unknown): boolean {
  return value === undefined || !Number.isNaN(dateMs(value));
}

/** A date of any realm in ms; NaN for what is none. */
function dateMs(value: unknown): number {
  const { getTime } = membersOf(value);
  return typeof getTime === 'function' ? Number(Reflect.apply(getTime, value, [])) : NaN;
}

/** Sets a member that nothing which lists or prints an object shows. */
export function hide(holder: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(holder, name, { value, enumerable: false, writable: true, configurable: true });
}
