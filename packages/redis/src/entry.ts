// The one Redis key that holds the token and its generation. A generation is a random name and not a number: a Redis that
// lost its data cannot count up to one that a late writer remembers.
import { randomBytes } from 'node:crypto';
import type { Token } from '@axios-authorizer/core';
import type { Commands } from './commands.js';
import { CLEAR, SAVE } from './scripts.js';
import { read, written } from './stored-token.js';
import type { Seal } from './stored-token.js';

/** Far longer than any request for a token lasts: until then no late save undoes a logout. */
const LOGOUT_REMEMBERED_MS = 24 * 60 * 60 * 1_000;

export interface EntryOptions {
  readonly seal: Seal;
  /** In ms. */
  readonly keptMs: (token: Token) => number;
}

export class Entry<T extends Token> {
  readonly #commands: Commands;
  readonly #options: EntryOptions;
  /** The generation that was loaded last; a logout does not change it, so that a save on its way finds another. */
  #seen = '';

  constructor(commands: Commands, options: EntryOptions) {
    this.#commands = commands;
    this.#options = options;
  }

  async load(): Promise<T | undefined> {
    const key = this.#options.seal.place;
    const answer = await this.#commands.send(key, ['HMGET', key, 'generation', 'value']);
    const fields: readonly unknown[] = Array.isArray(answer) ? answer : [];
    this.#seen = text(fields[0]);
    return this.#read(fields[1]);
  }

  /** @returns the token that stands there instead, after a late save; nothing was saved then, nor after a logout */
  async save(token: T): Promise<T | undefined> {
    const { seal, keptMs: lifeOf } = this.#options;
    const generation = newGeneration();
    const args = [this.#seen, generation, written(token, seal), `${lifeOf(token)}`];
    const standing = this.#read(await this.#commands.run(SAVE, { key: seal.place, args }));
    if (standing === undefined) this.#seen = generation;
    return standing;
  }

  async clear(): Promise<void> {
    const key = this.#options.seal.place;
    await this.#commands.run(CLEAR, { key, args: [newGeneration(), `${LOGOUT_REMEMBERED_MS}`] });
  }

  #read(value: unknown): T | undefined {
    if (text(value) === '') return undefined;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever saved it saved a T
    return read(text(value), this.#options.seal) as T;
  }
}

function newGeneration(): string {
  return randomBytes(12).toString('base64url');
}

/** A client may be told to answer with buffers. */
function text(value: unknown): string {
  return typeof value === 'string' || value instanceof Uint8Array ? String(value) : '';
}
