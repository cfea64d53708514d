// Looks for something in a value of others, and in all that it leads to: whatever prints a value may go there as well.
// Proxies, getters that throw and graphs without end are no reason to fail, or to take long.

/** How many levels are looked at, below the value itself. */
const DEEPEST = 8;
/** Members in all; more cannot be searched in a moment. */
const MOST_MEMBERS = 10_000;

/**
 * Whether `isSought` says so of `value` or of anything within eight levels of it: members of every kind (hidden ones and
 * symbols, too), entries of maps and sets, what `toJSON` gives. Also when that cannot be told, since there is too much to
 * look at, something throws, or something prints what nobody else can look into.
 * @param isSought gets objects, functions and strings
 */
export function leadsTo(value: unknown, isSought: (part: unknown) => boolean): boolean {
  try {
    return finds(value, isSought);
  } catch {
    return true;
  }
}

function finds(value: unknown, isSought: (part: unknown) => boolean): boolean {
  const seen = new Set<unknown>();
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= DEEPEST; depth++) {
    const fresh = [...new Set(level)].filter((part) => !seen.has(part));
    if (fresh.some((part) => isOpaque(part) || isSought(part))) return true;
    for (const part of fresh) seen.add(part);
    if (depth < DEEPEST) level = below(fresh, MOST_MEMBERS - seen.size);
  }
  return false;
}

/** Printed with what they hold, which only printers see. */
const OPAQUE = /^\[object (?:Promise|WeakRef|Generator|AsyncGenerator|.* Iterator)\]$/;

function isOpaque(part: unknown): boolean {
  return typeof part === 'object' && OPAQUE.test(Object.prototype.toString.call(part));
}

/** @throws RangeError when there are more than `most` */
function below(parts: readonly unknown[], most: number): readonly unknown[] {
  const found: unknown[] = [];
  for (const part of parts) {
    for (const inner of within(part)) if (isWorthALook(inner)) found.push(inner);
    if (found.length > most) throw new RangeError('Too many members');
  }
  return found;
}

function isWorthALook(part: unknown): boolean {
  return (typeof part === 'object' && part !== null) || typeof part === 'function' || typeof part === 'string';
}

function within(part: unknown): readonly unknown[] {
  if (typeof part === 'function') return Object.values(part);
  if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return [];
  if (Array.isArray(part) && part.length > MOST_MEMBERS) throw new RangeError('Too many members');
  const members = Reflect.ownKeys(part).map((key): unknown => Reflect.get(part, key));
  return [...members, ...entriesOf(part), inJson(part)];
}

/** Of a map or a set, of any realm. */
function entriesOf(part: object): readonly unknown[] {
  const entries: unknown[] = [];
  if (Array.isArray(part) || !(Symbol.iterator in part)) return entries;
  const add = (value: unknown, key: unknown): unknown => entries.push(key, value);
  // oxlint-disable-next-line typescript/unbound-method -- bound by Reflect.apply
  for (const list of [Map.prototype.forEach, Set.prototype.forEach])
    try {
      Reflect.apply(list, part, [add]);
    } catch {
      // it is the other, or neither
    }
  return entries;
}

function inJson(part: object): unknown {
  const own: unknown = Reflect.get(part, 'toJSON');
  return typeof own === 'function' ? Reflect.apply(own, part, ['']) : undefined;
}
