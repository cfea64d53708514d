// Sends commands with a limit, and knows when Redis has fallen silent: then what follows fails at once instead of waiting
// once more, so that a paused Redis costs a request one limit and not one for each command. It finds out by itself when
// Redis is back. What a client or a server throws may hold the command, token and all: only its code is told.
import { AuthenticationError, ConfigurationError } from '@axios-authorizer/core';
import { recordOf, asString } from '@axios-authorizer/core/extend';
import type { Clock } from '@axios-authorizer/core';
import type { Wire } from './redis-client.js';
import type { Script } from './scripts.js';

/** After so many limits of silence a command goes out all the same: an answer may have been lost for good. */
const PROBE_AFTER = 5;

/** An error reply begins with its code; before Redis 7 that of a command in a script stands behind a dash. */
const REPLY_CODE = /^(?:ERR Error running script.*?[:\s]-?)?([A-Z]{3,}) /;
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['LOADING', 'it is starting, and is asked again later'],
  ['READONLY', 'it is a replica; connect the client to the master, or through Sentinel'],
  ['OOM', 'its memory is full'],
  ['NOAUTH', 'give the client its password'],
  ['WRONGPASS', 'the user or the password of the client is wrong'],
  ['NOPERM', 'the user of the client lacks a command, a key or a channel that the README lists'],
  ['MOVED', 'it is part of a cluster; make the client with createCluster or new Redis.Cluster'],
  ['CLUSTERDOWN', 'the cluster serves no requests now'],
]);

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
  async run(script: Script, { key, args, late, still }: ScriptCall): Promise<unknown> {
    try {
      return await this.send(key, ['EVALSHA', script.sha, '1', key, ...args], late);
    } catch (error) {
      if (!(error instanceof UnknownScript)) throw error;
      still?.();
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
  /** Called before the command is sent for a second time; throws when it is no longer wanted. */
  readonly still?: () => void;
}

class UnknownScript extends Error {}

function tellable(error: unknown): Error {
  if (error instanceof AuthenticationError) return error;
  const { code, name, message } = recordOf(error);
  const reply = REPLY_CODE.exec(asString(message) ?? '')?.[1];
  if (reply === 'NOSCRIPT') return new UnknownScript();
  if (reply === 'WRONGTYPE')
    return new ConfigurationError('The Redis key holds something else; give redisTokenStore another `key` or `prefix`');
  const advice = ADVICE.get(reply ?? '');
  const words = reply ?? asString(code) ?? asString(name) ?? 'unknown';
  return unavailable(`Redis gave no answer to work with (${words})${advice === undefined ? '' : `: ${advice}`}`);
}

/** An answer that no command of ours has: who sent it is not the Redis that was meant, or the client is in a transaction. */
export function unusableAnswer(): AuthenticationError {
  return unavailable('Redis answered in a form that is not of the command; give redisTokenStore a client of its own');
}

function silent(): AuthenticationError {
  return unavailable('Redis does not answer in time; it is asked again later');
}

function unavailable(message: string): AuthenticationError {
  return new AuthenticationError(message, { code: 'redis_unavailable', kind: 'unavailable', transient: true });
}
