// Reads the options of a factory or constructor once. A name that is not known is refused with the nearest one that is, in
// JavaScript as well: a `tokenURL` that is silently dropped shows as a failure far away.
import { ConfigurationError } from './errors/errors.js';
import { isObject, ownProperty, ownOptions } from '../internal/records.js';

/** What a value must be: 'any' is judged elsewhere, a list holds the texts that it may be. */
export type OptionKind = 'any' | 'function' | 'object' | 'string' | 'positive' | 'clock' | 'signal' | readonly string[];

/** Every option by its name; the compiler sees to it that none is missing. */
export type OptionTable<O extends object> = { readonly [K in keyof Required<O>]: OptionKind };

/**
 * A copy of the own options, with names and the shape of their values checked.
 * @param given the options as the program gave them; absent counts as `{}`
 * @param where the name of the factory, for messages
 * @returns a copy without prototype, read once
 * @throws ConfigurationError for what is no object, an unknown name (with the nearest known one), or a value of another shape
 *
 * @example
 * ```ts
 * interface VaultOptions {
 *   readonly url: string;
 *   readonly path?: string;
 * }
 * export function vaultSource(given: VaultOptions): URL {
 *   const { url, path = '/' } = checkOptions(given, 'vaultSource', { url: 'string', path: 'string' });
 *   return new URL(path, url);
 * }
 * ```
 */
export function checkOptions<O extends object>(given: O | undefined, where: string, table: OptionTable<O>): O {
  if (given !== undefined && (!isObject(given) || Array.isArray(given)))
    throw new ConfigurationError(`The options of ${where} must be one object, with ${listed(Object.keys(table))}`);
  const options = ownOptions(given);
  for (const [name, value] of Object.entries(options)) {
    const kind: OptionKind | undefined = ownProperty<Readonly<Record<string, OptionKind>>, string>(table, name);
    if (kind === undefined) throw unknownOption(name, where, Object.keys(table));
    if (value !== undefined && !fits(value, kind))
      throw new ConfigurationError(`\`${name}\` of ${where} must be ${described(kind)}`);
  }
  return options;
}

/**
 * The members of `options` that `table` knows, for a factory that passes its options on to another.
 *
 * @example
 * ```ts
 * const mine = pickOptions({ clientId: 'reports', colour: 'red' }, CLIENT_OPTIONS); // { clientId }
 * ```
 */
export function pickOptions<O extends object>(options: object, table: OptionTable<O>): O {
  const known = Object.entries(options).filter(([name]) => Object.hasOwn(table, name));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names are those of the table
  return ownOptions(Object.fromEntries(known)) as O;
}

/** Whether `value` can end a wait, as an AbortSignal of any realm does. */
export function isSignal(value: unknown): value is AbortSignal {
  return isObject(value) && typeof value['aborted'] === 'boolean' && typeof value['addEventListener'] === 'function';
}

function fits(value: unknown, kind: OptionKind): boolean {
  if (kind === 'any') return true;
  if (kind === 'signal') return isSignal(value);
  if (kind === 'positive') return typeof value === 'number' && value > 0;
  if (kind === 'clock')
    return isObject(value) && [value['now'], value['sleep']].every((has) => typeof has === 'function');
  if (kind === 'object') return isObject(value) && !Array.isArray(value);
  return typeof kind === 'string' ? typeof value === kind : kind.some((text) => text === value);
}

function described(kind: OptionKind): string {
  if (kind === 'clock') return 'a clock: { now, sleep }';
  if (kind === 'signal') return 'an AbortSignal';
  if (kind === 'positive') return 'a number above 0';
  if (typeof kind === 'string') return kind === 'object' ? 'an object' : `a ${kind}`;
  return kind.map((text) => `'${text}'`).join(' or ');
}

function unknownOption(name: string, where: string, known: readonly string[]): ConfigurationError {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? `it knows ${listed(known)}` : `did you mean ${nearest}?`;
  return new ConfigurationError(`${where} knows no option ${printable(name)}; ${hint}`);
}

/** A name may be anything, a secret in the wrong place included. */
function printable(name: string): string {
  return /^\w{1,40}$/.test(name) ? name : 'of that name';
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'no options' : names.join(', ');
}

/** The known name that is nearest; undefined when none is near: two letters may be wrong, or a third of them. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name);
  let least = (wanted.length < 4 ? 1 : Math.max(2, Math.floor(wanted.length / 3))) + 1;
  let nearest: string | undefined;
  for (const candidate of known) {
    const distance = distanceOf(wanted, plain(candidate));
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

/** Case, underscores and the several words for a URL make no difference. */
function plain(name: string): string {
  return name
    .slice(0, 40)
    .toLowerCase()
    .replace(/[_-]/g, '')
    .replace(/endpoint|uri/g, 'url');
}

/** A whole word that is left out or added at an end ("secret" for "clientSecret") counts little more than two letters. */
function distanceOf(one: string, other: string): number {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short !== long && short.length > 4 && (long.startsWith(short) || long.endsWith(short)))
    return Math.min(levenshtein(one, other), 2.5);
  return levenshtein(one, other);
}

function levenshtein(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [index, letter] of one.split('').entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of other.split('').entries())
      next.push(
        Math.min(
          (row[column + 1] ?? 0) + 1,
          (next[column] ?? 0) + 1,
          (row[column] ?? 0) + Number(letter !== otherLetter),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
