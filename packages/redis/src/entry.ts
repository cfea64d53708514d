// The one Redis key that holds the token and its generation. A generation is a random name and not a number: a Redis that
// lost its data cannot count up to one that a late writer remembers. Redis compares generations, in one step with the save;
// whether what stands is the token to be replaced is seen here, since it may be encrypted.
import { randomBytes } from 'node:crypto';
import { AuthenticationError, isAuthenticationError } from '@axios-authorizer/core';
import type { Token } from '@axios-authorizer/core';
import { unusableAnswer } from './commands.js';
import type { Commands } from './commands.js';
import { CLEAR, SAVE } from './scripts.js';
import { read, written } from './stored-token.js';
import type { Seal } from './stored-token.js';

/** Far longer than any request for a token lasts: until then a sign-out ends the session of all who share the token. */
const SIGN_OUT_REMEMBERED_MS = 24 * 60 * 60 * 1_000;
/** Each further try means that somebody else has saved in between. */
const MOST_TRIES = 5;

export interface EntryOptions {
  readonly seal: Seal;
  /** Is told of each new generation. */
  readonly channel: string;
  /** In ms. */
  readonly keptMs: (token: Token) => number;
}

export interface SaveOptions<T> {
  readonly replaces: T | undefined;
  readonly newSession: boolean;
}

interface Standing {
  readonly generation: string;
  readonly value: string;
}

export class Entry<T extends Token> {
  readonly #commands: Commands;
  readonly #options: EntryOptions;
  /** The generation that was loaded or saved last. */
  #seen = '';
  /** The generation that was written last, or is about to be. */
  written = '';
  #clears = 0;

  constructor(commands: Commands, options: EntryOptions) {
    this.#commands = commands;
    this.#options = options;
  }

  /** @throws AuthenticationError `logged_out` while the mark of a sign-out stands */
  async load(): Promise<T | undefined> {
    const key = this.#options.seal.place;
    const answer = (await this.#commands.send(key, ['HMGET', key, 'generation', 'value'])) ?? [];
    const { generation, value } = standingIn(answer);
    this.#seen = generation;
    if (value !== '') return this.#read(value);
    if (generation !== '') throw signedOut();
    return undefined;
  }

  /**
   * The token that stands there instead, when nothing was saved.
   * @throws AuthenticationError `logged_out` while the mark of a sign-out stands, and when this was cleared meanwhile
   */
  async save(token: T, { replaces, newSession }: SaveOptions<T>): Promise<T | undefined> {
    const { seal, keptMs, channel } = this.#options;
    const clears = this.#clears;
    const generation = newGeneration();
    this.written = generation;
    const kept = [generation, written(token, seal), `${keptMs(token)}`, newSession ? 'any' : '', channel];
    let known = this.#seen;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const still = (): void => this.#assertNotCleared(clears);
      const answer = await this.#commands.run(SAVE, { key: seal.place, args: [known, ...kept], still });
      if (answer === null) return this.#saved(generation);
      const standing = standingIn(answer);
      const other = this.#winner(standing.value, replaces);
      if (other !== undefined) return other;
      known = standing.generation;
    }
    throw overtaken();
  }

  /** Forgets the token, and leaves the mark of the sign-out. */
  async clear(): Promise<void> {
    this.#clears += 1;
    const { seal, channel } = this.#options;
    this.written = newGeneration();
    await this.#commands.run(CLEAR, { key: seal.place, args: [this.written, `${SIGN_OUT_REMEMBERED_MS}`, channel] });
  }

  #saved(generation: string): undefined {
    this.#seen = generation;
  }

  /** A command that is sent once more must not overtake the sign-out that came after it. */
  #assertNotCleared(clears: number): void {
    if (clears !== this.#clears) throw signedOut();
  }

  /** The token that stands, unless it is the one to be replaced, or cannot be read. */
  #winner(value: string, replaces: T | undefined): T | undefined {
    if (value === '') throw signedOut();
    const other = this.#readable(value);
    return other && replaces && isSameToken(other, replaces) ? undefined : other;
  }

  #readable(value: string): T | undefined {
    try {
      return this.#read(value);
    } catch (error) {
      if (isAuthenticationError(error) && error.code === 'store_unreadable') return undefined;
      throw error;
    }
  }

  #read(value: string): T {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever saved it saved a T
    return read(value, this.#options.seal) as T;
  }
}

/** @throws AuthenticationError for an answer of another shape, as inside a MULTI of the same client */
function standingIn(answer: unknown): Standing {
  if (!Array.isArray(answer)) throw unusableAnswer();
  const fields: readonly unknown[] = answer;
  const [generation, value] = fields;
  return { generation: text(generation), value: text(value) };
}

function newGeneration(): string {
  return randomBytes(12).toString('base64url');
}

/** A client may be told to answer with buffers. */
function text(value: unknown): string {
  return typeof value === 'string' || value instanceof Uint8Array ? String(value) : '';
}

function isSameToken(one: Token, other: Token): boolean {
  return one.accessToken === other.accessToken && one.refreshToken === other.refreshToken;
}

function signedOut(): AuthenticationError {
  return new AuthenticationError('Somebody who shares this token store has signed out; sign in again', {
    code: 'logged_out',
    kind: 'session',
  });
}

function overtaken(): AuthenticationError {
  return new AuthenticationError('The token in Redis was changed by others each time it was to be saved; try again', {
    code: 'redis_unavailable',
    kind: 'unavailable',
    transient: true,
  });
}
