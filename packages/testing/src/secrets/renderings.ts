// "Nothing prints a secret" can only be tested by printing: this renders a value in every way in which a program, a
// logger or a crash reporter would, follows it through its causes, and looks for the secrets in what comes out.

import { formatWithOptions, inspect } from 'node:util';
import { formsOf } from './encodings.js';
import { attempt, textsIn } from './texts.js';
import type { Rendering } from './texts.js';

const maxDepth = 10;
const followed = ['config', 'request', 'response'];

const printers: Readonly<Record<string, (value: unknown) => unknown>> = {
  'String()': (value) => String(value),
  inspect: (value) => inspect(value),
  'inspect, depth 10': (value) => inspect(value, { showHidden: false, depth: 10 }),
  'JSON.stringify': (value) => JSON.stringify(value),
  'console.log': (value) => formatWithOptions({}, value),
  stack: (value) => member(value, 'stack'),
  message: (value) => member(value, 'message'),
  'toJSON()': (value) => inspect(toJson(value), { depth: 10 }),
};

/** Where which secret was found; never the secret itself. */
export interface Finding {
  /** The place of the secret in the list that was given. */
  readonly index: number;
  /** How it was printed, or on which property it hangs, such as "inspect" or "error.config.headers". */
  readonly where: string;
}

/**
 * Everything that printing `value`, its causes (10 deep), and its visible config, request and response would show.
 * @example
 * ```ts
 * renderings(error).some((text) => text.includes(password)); // false, if nobody prints it
 * ```
 */
export function renderings(value: unknown): string[] {
  return renderAll(value).map(({ text }) => text);
}

/**
 * Where which secret shows, as 'secret[i] in <rendering>', never the secret itself; encoded forms count.
 * @example
 * ```ts
 * const found = leaks(error, [password]); // [] when nothing shows; else ['secret[0] in inspect']
 * ```
 */
export function leaks(value: unknown, secrets: readonly string[]): string[] {
  return findSecrets(value, secrets).map(({ index, where }) => `secret[${index}] in ${where}`);
}

/**
 * Where `secrets` show in what printing `value` gives, and in every text that hangs on it.
 * @param isHiddenShown whether objects in properties that are not enumerable count, which nothing prints; default false
 */
export function findSecrets(value: unknown, secrets: readonly string[], isHiddenShown = false): readonly Finding[] {
  const forms = secrets.map(formsOf);
  const all = [...renderAll(value), ...textsIn(value, isHiddenShown)];
  return forms.flatMap((known, index) => {
    const showing = all.filter(({ text }) => known.some((form) => text.includes(form)));
    return showing.map(({ where }) => ({ index, where: without(where, forms.flat()) }));
  });
}

/** A secret may be the name of a property. */
function without(where: string, forms: readonly string[]): string {
  return forms.some((form) => where.includes(form)) ? 'a place whose path holds a secret' : where;
}

function renderAll(value: unknown): Rendering[] {
  return [...reachable(value)].flatMap(([part, path]) =>
    Object.entries(printers).flatMap(([name, print]) => {
      const text = attempt(() => print(part));
      return typeof text === 'string' ? [{ where: `${name} of ${path}`, text }] : [];
    }),
  );
}

/** The value and what is followed from it, each once, with the path by which it was reached first. */
function reachable(value: unknown): Map<unknown, string> {
  const found = new Map<unknown, string>([[value, 'the value']]);
  let level = [...found];
  for (let depth = 0; depth < maxDepth && level.length > 0; depth += 1) {
    level = level.flatMap(([part, path]) => followUp(part, path)).filter(([part]) => !found.has(part));
    level.forEach(([part, path]) => found.set(part, path));
  }
  return found;
}

function followUp(part: unknown, path: string): [unknown, string][] {
  const visible = followed.filter((name) =>
    attempt(() => Object.prototype.propertyIsEnumerable.call(part ?? {}, name)),
  );
  return ['cause', ...visible].flatMap((name): [unknown, string][] => {
    const next = attempt(() => member(part, name));
    return next === undefined || next === null ? [] : [[next, `${path}.${name}`]];
  });
}

function toJson(value: unknown): unknown {
  const own = member(value, 'toJSON');
  return typeof own === 'function' ? own.call(value) : undefined;
}

function member(value: unknown, name: string): unknown {
  const holds = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return holds ? Reflect.get(value, name) : undefined;
}
