// Sends commands with a limit, and knows when Redis has fallen silent: then what follows fails at once instead of waiting
// once more, so that a paused Redis costs a request one limit and not one for each command. It finds out by itself when
// Redis is back. What a client or a server throws may hold the command, token and all: only its code is told.
import { AuthenticationError, ConfigurationError, membersOf, textOf } from '@axios-authorizer/core';
import type { Clock } from '@axios-authorizer/core';
import type { Wire } from './redis-client.js';
import type { Script } from './scripts.js';

/** After so many limits of silence a command goes out all the same: an answer may have been lost for good. */
const PROBE_AFTER = 5;

export interface CommandsOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
}

export class Commands {
  readonly #wire: Wire;
  readonly #options: CommandsOptions;
  #unanswered = 0;
  #silentSince = 0;

  constructor(wire: Wire, options: CommandsOptions) {
    this.#wire = wire;
    this.#options = options;
  }

  /** @param late called with an answer that came after the limit */
  async send(key: string, command: readonly [string, ...string[]], late?: () => void): Promise<unknown> {
    const { clock, timeoutMs } = this.#options;
    if (this.#isSilent()) throw silent();
    const limit = new AbortController();
    const answer = this.#answered(this.#wire.send(key, command));
    const over = clock.sleep(timeoutMs, limit.signal).then(() => Promise.reject(silent()));
    over.catch(() => undefined);
    try {
      return await Promise.race([answer, over]);
    } catch (error) {
      answer.then(late, () => undefined);
      throw tellable(error);
    } finally {
      limit.abort();
    }
  }

  /** Runs a script by its hash; sends its text when the server does not have it (any more). */
  async run(script: Script, { key, args, late }: ScriptCall): Promise<unknown> {
    try {
      return await this.send(key, ['EVALSHA', script.sha, '1', key, ...args], late);
    } catch (error) {
      if (!(error instanceof UnknownScript)) throw error;
      return this.send(key, ['EVAL', script.text, '1', key, ...args], late);
    }
  }

  #isSilent(): boolean {
    const { clock, timeoutMs } = this.#options;
    const silentMs = clock.now() - this.#silentSince;
    if (this.#unanswered > 0 && silentMs < PROBE_AFTER * timeoutMs) return silentMs >= timeoutMs / 2;
    this.#silentSince = clock.now();
    return false;
  }

  async #answered(answer: Promise<unknown>): Promise<unknown> {
    this.#unanswered += 1;
    try {
      return await answer;
    } finally {
      this.#unanswered -= 1;
      this.#silentSince = this.#options.clock.now();
    }
  }
}

export interface ScriptCall {
  readonly key: string;
  readonly args: readonly string[];
  readonly late?: () => void;
}

class UnknownScript extends Error {}

function tellable(error: unknown): Error {
  if (error instanceof AuthenticationError) return error;
  const { code, name, message } = membersOf(error);
  const reply = /^([A-Z]{3,}) /.exec(textOf(message) ?? '')?.[1];
  if (reply === 'NOSCRIPT') return new UnknownScript();
  if (reply === 'WRONGTYPE')
    return new ConfigurationError('The Redis key holds something else; give redisTokenStore another `key` or `prefix`');
  return unavailable(`Redis gave no answer to work with (${reply ?? textOf(code) ?? textOf(name) ?? 'unknown'})`);
}

function silent(): AuthenticationError {
  return unavailable('Redis does not answer in time; it is asked again later');
}

function unavailable(message: string): AuthenticationError {
  return new AuthenticationError(message, { code: 'redis_unavailable', kind: 'unavailable', transient: true });
}
