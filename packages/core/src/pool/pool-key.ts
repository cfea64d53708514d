// What tells the authorizers of a pool apart. Two keys are equal when all of their members are; a member that is overlooked would
// give one tenant the token of another, so whatever cannot be compared as data is refused.
import { ConfigurationError } from '../token/errors/errors.js';
import { isObject } from '../internal/records.js';

/** A key as the pool keeps it. */
export interface PoolKey<K> {
  /** A frozen copy: what the program does to its own object later changes nobody's token. */
  readonly value: K;
  /** Equal for equal keys, and for no others. */
  readonly text: string;
}

/** A cycle ends here as well. */
const DEEPEST = 16;
const SCOPE = 'scope';

/** @throws ConfigurationError for what is no plain data, undefined and null among it */
export function poolKeyOf<K>(key: K): PoolKey<K> {
  if (key === undefined || key === null)
    throw new ConfigurationError(
      `The key of an authorizer is ${String(key)}: say whose token it is, a pool has none for nobody`,
    );
  const { value, text } = dataOf(key, []);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a copy of `key`, member by member
  return { value: value as K, text };
}

interface Data {
  readonly value: unknown;
  readonly text: string;
}

/** The names that lead to a member. */
type Path = readonly string[];

function dataOf(given: unknown, path: Path): Data {
  if (path.length > DEEPEST) throw refused(`is nested deeper than ${DEEPEST} levels, or holds itself`, path);
  if (path.at(-1) === SCOPE) return scopeOf(given, path);
  if (Array.isArray(given)) return asList(listed(given, path));
  return isObject(given) ? objectOf(given, path) : plainOf(given, path);
}

function plainOf(given: unknown, path: Path): Data {
  const isPlain = given === null || typeof given === 'string' || typeof given === 'boolean' || Number.isFinite(given);
  if (isPlain) return { value: given, text: JSON.stringify(given) };
  const isNamed = given === undefined || typeof given === 'number'; // NaN and Infinity
  throw refused(`holds ${isNamed ? given : `a ${typeof given}`}`, path);
}

function listed(given: readonly unknown[], path: Path): readonly Data[] {
  if (Reflect.ownKeys(given).length !== given.length + 1) throw refused('holds a list with gaps or names', path);
  return Array.from(given, (member, index) => dataOf(member, [...path, `${index}`]));
}

function asList(members: readonly Data[]): Data {
  const value = Object.freeze(members.map((member) => member.value));
  return { value, text: `[${members.map(({ text }) => text).join()}]` };
}

/** The members by their names, whatever the order in which they were written. */
function objectOf(given: object, path: Path): Data {
  assertPlain(given, path);
  const members = inOrder(Object.entries(given), ([name]) => name).map(([name, member]: [string, unknown]) => ({
    name,
    ...dataOf(member, [...path, name]),
  }));
  const value = Object.freeze(Object.fromEntries(members.map((member) => [member.name, member.value])));
  return { value, text: `{${members.map(({ name, text }) => `${JSON.stringify(name)}:${text}`).join()}}` };
}

/** A scope is a set, as a list or as a text with blanks between (RFC 6749 section 3.3): order and doubles say nothing. */
function scopeOf(given: unknown, path: Path): Data {
  if (Array.isArray(given)) {
    const members = new Map(listed(given, path).map((member) => [member.text, member]));
    return asList(inOrder([...members.values()], ({ text }) => text));
  }
  if (typeof given !== 'string') return isObject(given) ? objectOf(given, path) : plainOf(given, path);
  const words = given.split(' ').filter((word) => word !== '');
  return plainOf(inOrder([...new Set(words)], (word) => word).join(' '), path);
}

/** By code units, which no locale changes. */
function inOrder<V>(values: V[], by: (value: V) => string): readonly V[] {
  // oxlint-disable-next-line unicorn/no-array-sort -- a copy already, and not every runtime of a phone has toSorted
  return values.sort((one, other) => (by(one) < by(other) ? -1 : 1));
}

/** Members without an enumerable name of text, and inherited ones, would not count. */
function assertPlain(given: object, path: Path): void {
  const prototype: unknown = Object.getPrototypeOf(given);
  if (isObject(prototype) && !Object.hasOwn(prototype, 'isPrototypeOf'))
    throw refused('holds an instance of a class, such as a Date or a promise', path);
  if (Reflect.ownKeys(given).length !== Object.keys(given).length)
    throw refused('has a member that is hidden or named by a symbol', path);
}

/** A name may be anything, a secret in the wrong place included. */
function refused(why: string, path: Path): ConfigurationError {
  const place = path.every((name) => /^\w{1,40}$/.test(name)) ? path.slice(0, 4).join('.') : '';
  const at = place === '' ? '' : ` (${place})`;
  const may =
    'text, or plain data: { tenant, user, scope, audience, … } of texts, finite numbers, booleans, null, lists';
  return new ConfigurationError(`The key of an authorizer ${why}${at}; it must be ${may}`);
}
