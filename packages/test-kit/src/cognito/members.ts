// Requests are JSON objects of strings and of objects of strings. Reading them in one place refuses numbers, lists and
// missing members alike for every operation; a null counts as missing, as it does for the service.

import { CognitoFault, demand } from './fault.js';

export class Members {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#values, name);
  }

  optional(name: string): string | undefined {
    const value = this.#values[name] ?? undefined;
    demand(value === undefined || typeof value === 'string', 'SerializationException', `${name} must be a string`);
    return value;
  }

  /** Mandatory and not empty. */
  text(name: string): string {
    const value = this.optional(name);
    demand(value !== undefined && value !== '', 'InvalidParameterException', `Missing required parameter ${name}`);
    return value;
  }

  /** An object inside; without it there is nothing in it. */
  inner(name: string): Members {
    const value = this.#values[name] ?? {};
    demand(isRecord(value), 'SerializationException', `${name} must be an object`);
    return new Members(value);
  }

  /** The texts whose names begin with `prefix`, by what follows it. */
  startingWith(prefix: string): readonly (readonly [string, string])[] {
    const names = Object.keys(this.#values).filter((name) => name.startsWith(prefix));
    return names.map((name) => [name.slice(prefix.length), this.text(name)] as const);
  }
}

/** @throws CognitoFault SerializationException when it is no JSON object */
export function parseMembers(body: string): Readonly<Record<string, unknown>> {
  const value = parse(body);
  demand(isRecord(value), 'SerializationException', 'The body must be a JSON object');
  return value;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new CognitoFault('SerializationException', 'The body is no JSON');
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
