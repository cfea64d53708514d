// Prints a value as programs, loggers, serialisers and crash reporters do: whole, deep, and member by member.
import { formatWithOptions, inspect } from 'node:util';
import { all } from './secrets.js';

const depths = [0, 1, 2, 5, 8, 12, 20];

type Printer = (value: unknown) => unknown;

const printers: Readonly<Record<string, Printer>> = {
  String: (value) => String(value),
  'JSON.stringify': (value) => JSON.stringify(value),
  'JSON.stringify with a replacer': (value) => JSON.stringify(value, unrolled()),
  'toJSON()': (value) => inspect(invoke(value, 'toJSON'), { depth: 20 }),
  'JSON of toJSON()': (value) => JSON.stringify(invoke(value, 'toJSON')),
  'console.log': (value) => formatWithOptions({}, 'failed: %s %o %O %j', value, value, value, value),
  'members, as serialisers walk them': (value) => JSON.stringify(walked(value)),
  'members of a copy': (value) => inspect(walked({ ...Object(value) }), { depth: 20 }),
  structuredClone: (value) => inspect(structuredClone(value), { depth: 20, showHidden: true }),
  ...Object.fromEntries(
    depths.map((depth) => [`inspect, depth ${depth}`, (value: unknown) => inspect(value, { depth })]),
  ),
};

/** Which printers show one of `secrets` in `value`; what a printer throws shows nothing. */
export function printed(value: unknown, secrets: readonly string[] = all): string[] {
  return Object.entries(printers).flatMap(([name, print]) => {
    const text = attempt(() => String(print(value)));
    return secrets.flatMap((secret, index) => (text.includes(secret) ? [`secret[${index}] by ${name}`] : []));
  });
}

/** As pino, winston, Jest and Sentry do: an object's toJSON speaks for it, else its enumerable members, however deep. */
function walked(value: unknown, seen: ReadonlySet<unknown> = new Set()): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '[function]' : value;
  if (seen.has(value) || seen.size > 20) return '[circular or deep]';
  const within = new Set(seen).add(value);
  const own: unknown = attempt(() => invoke(value, 'toJSON')) ?? value;
  if (own !== value) return walked(own, within);
  if (value instanceof Map || value instanceof Set) return [...value].map((entry: unknown) => walked(entry, within));
  if (Array.isArray(value)) return value.map((entry) => walked(entry, within));
  const names = [...Object.keys(value), ...(value instanceof Error ? ['message', 'stack', 'cause'] : [])];
  return Object.fromEntries(
    names.map((name) => [
      name,
      walked(
        attempt((): unknown => Reflect.get(value, name)),
        within,
      ),
    ]),
  );
}

/** A replacer that turns errors into their members, as many loggers do, and leaves out what was seen. */
function unrolled(): (this: unknown, name: string, value: unknown) => unknown {
  const seen = new Set<unknown>();
  return (_, value) => {
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return '[seen]';
    seen.add(value);
    if (!(value instanceof Error)) return value;
    return Object.fromEntries(Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)]));
  };
}

function invoke(value: unknown, name: string): unknown {
  const own: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof own === 'function' ? Reflect.apply(own, value, []) : undefined;
}

function attempt<R>(action: () => R): R | '' {
  try {
    return action();
  } catch {
    return '';
  }
}
