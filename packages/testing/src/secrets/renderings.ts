// "Nothing prints a secret" can only be tested by printing: this renders a value in every way in which a program, a
// logger or a crash reporter would, follows it through its causes, and looks for the secrets in what comes out.

import { formatWithOptions, inspect } from 'node:util';

interface Rendering {
  readonly where: string;
  readonly text: string;
}

const maxDepth = 10;
const followed = ['config', 'request', 'response'];
// A multi-line secret, a PEM key for instance, is broken up when printed: then each line of some length is looked for.
const minLine = 16;

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

/** Everything that printing `value`, its causes (10 deep), and its visible config, request and response would show. */
export function renderings(value: unknown): string[] {
  return renderAll(value).map(({ text }) => text);
}

/** Where which secret shows, as 'secret[i] in <rendering>', never the secret itself; encoded forms count. */
export function leaks(value: unknown, secrets: readonly string[]): string[] {
  const all = renderAll(value);
  return secrets.flatMap((secret, index) => {
    const forms = formsOf(secret);
    const showing = all.filter(({ text }) => forms.some((form) => text.includes(form)));
    return showing.map(({ where }) => `secret[${index}] in ${where}`);
  });
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
  const visible = followed.filter((name) => Object.prototype.propertyIsEnumerable.call(part ?? {}, name));
  return ['cause', ...visible].flatMap((name): [unknown, string][] => {
    const next = attempt(() => member(part, name));
    return next === undefined || next === null ? [] : [[next, `${path}.${name}`]];
  });
}

/** The secret as JSON, a form, Basic or hex would write it; a string that is empty would be found everywhere. */
function formsOf(secret: string): string[] {
  if (secret === '') {
    throw new Error('An empty string is no secret: pass the value that must not show');
  }
  const lines = secret.split(/\r?\n/);
  const parts = lines.length === 1 ? [secret] : lines.filter((line) => line.length >= minLine);
  return [secret, ...parts.flatMap(encodings)];
}

function encodings(text: string): string[] {
  const bytes = Buffer.from(text);
  const printedBuffer = bytes.toString('hex').replaceAll(/..(?!$)/g, '$& ');
  const escaped = JSON.stringify(text).slice(1, -1);
  return [
    text,
    escaped,
    encodeURIComponent(text),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    printedBuffer,
  ];
}

function toJson(value: unknown): unknown {
  const own = member(value, 'toJSON');
  return typeof own === 'function' ? own.call(value) : undefined;
}

function member(value: unknown, name: string): unknown {
  const holds = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return holds ? Reflect.get(value, name) : undefined;
}

/** A rendering that throws shows nothing. */
function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch {
    return undefined;
  }
}
