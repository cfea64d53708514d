// Every text that hangs on a value, each object visited once, however deep: what printers cut off is found here. What says
// itself how it is printed is asked, and not looked into; what only a debugger shows is looked into on demand.

import { inspect, types } from 'node:util';

/** A text, and where it stands. */
export interface Rendering {
  readonly where: string;
  readonly text: string;
}

interface Place {
  readonly value: unknown;
  readonly path: string;
}

// A graph that is larger is one of a runtime's own making.
const maxObjects = 200_000;
const iterated = new Set(['Map', 'Set', 'Headers', 'URLSearchParams', 'FormData']);

/**
 * @param isHiddenShown whether properties that are not enumerable are followed; their texts, and errors in them, always count
 */
export function textsIn(value: unknown, isHiddenShown = false): readonly Rendering[] {
  const found: Rendering[] = [];
  const seen = new Set<unknown>();
  const queue: Place[] = [{ value, path: 'the value' }];
  for (let place = queue.pop(); place !== undefined && seen.size < maxObjects; place = queue.pop()) {
    const text = asText(place.value);
    if (text !== undefined) found.push({ where: place.path, text });
    else if (isObject(place.value) && !seen.has(place.value)) {
      seen.add(place.value);
      const { value: object, path } = place;
      found.push(...orNone(() => saidBy(object, path)));
      queue.push(...orNone(() => partsOf(object, { path, isHiddenShown })));
    }
  }
  return found;
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'symbol') return value.description ?? '';
  if (types.isAnyArrayBuffer(value)) return Buffer.from(value).toString();
  if (!ArrayBuffer.isView(value)) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
}

/** What an object that has its own ways of being printed says. */
function saidBy(value: object, path: string): readonly Rendering[] {
  const said = [
    hasCustomInspect(value) ? attempt(() => inspect(value)) : undefined,
    attempt(() => ('toJSON' in value ? JSON.stringify(value) : undefined)),
    value instanceof URL ? value.href : undefined,
  ];
  return said.flatMap((text) => (typeof text === 'string' ? [{ where: path, text }] : []));
}

function partsOf(value: object, { path, isHiddenShown }: { path: string; isHiddenShown: boolean }): readonly Place[] {
  if (hasCustomInspect(value) && !isHiddenShown) return [];
  return [
    ...itemsOf(value, path),
    ...Reflect.ownKeys(value).flatMap((key) => memberOf(value, key, path, isHiddenShown)),
  ];
}

/** The items of a Map, a Set, headers, a form. */
function itemsOf(value: object, path: string): readonly Place[] {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (!iterated.has(tag) || !isIterable(value)) return [];
  const items = attempt(() => [...value]);
  return Array.isArray(items) ? items.map((item: unknown) => ({ value: item, path: `${path} (item of ${tag})` })) : [];
}

function memberOf(value: object, key: string | symbol, path: string, isHiddenShown: boolean): readonly Place[] {
  const name = { value: key, path: `a name in ${path}` };
  const member = attempt(() => Reflect.getOwnPropertyDescriptor(value, key));
  if (!isObject(member) || !('value' in member)) return [name];
  const inside: unknown = member.value;
  const isShown =
    ('enumerable' in member && member.enumerable === true) ||
    isHiddenShown ||
    types.isNativeError(inside) ||
    isText(inside) ||
    key === 'errors';
  return isShown ? [name, { value: inside, path: pathTo(path, key) }] : [name];
}

function pathTo(path: string, key: string | symbol): string {
  if (typeof key === 'symbol') return `${path}[symbol]`;
  return /^[a-z_$][\w$-]*$/i.test(key) ? `${path}.${key}` : `${path}[${/^\d+$/.test(key) ? key : '…'}]`;
}

function isText(value: unknown): boolean {
  return asText(value) !== undefined;
}

function hasCustomInspect(value: object): boolean {
  return typeof attempt(() => Reflect.get(value, inspect.custom)) === 'function';
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** A proxy may throw at whatever is asked. */
function orNone<T>(action: () => readonly T[]): readonly T[] {
  try {
    return action();
  } catch {
    return [];
  }
}

/** What throws when it is printed shows nothing. */
export function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch {
    return undefined;
  }
}
