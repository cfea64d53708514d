// The public keys of a user pool, out of its key set.
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AuthenticationError } from '@axios-authorizer/core';
import { sendForm, endpointError, JwksCache, parseObject } from '@axios-authorizer/core/extend';
import type { Clock, Transport } from '@axios-authorizer/core';
import { invalid } from './claims.js';

export interface PoolKeysOptions {
  readonly jwksUri: string;
  readonly allowInsecure?: boolean | undefined;
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
}

const READ_TIMEOUT_MS = 10_000;
/** Of keys that left the set; a pool has two at a time. */
const MOST_FORMER_KEYS = 100;

/** Reads the key set when a token names a key that is not in it, and again before it is old. */
export class PoolKeys {
  readonly #cache: JwksCache<KeyObject>;
  readonly #everRead = new Set<string>();

  constructor(options: PoolKeysOptions) {
    const read = async (signal: AbortSignal): Promise<ReadonlyMap<string, KeyObject>> =>
      this.#noted(await fetchKeys(options, signal));
    this.#cache = new JwksCache(read, { clock: options.clock, timeoutMs: READ_TIMEOUT_MS });
  }

  /**
   * The key of that id. A key that is not in the set, when the set cannot be read again yet, is no verdict: the pool may have
   * changed its keys since, while tokens with made-up key ids used up the reading.
   * @throws AuthenticationError `token_invalid`; of kind `unavailable`, with a time
   */
  async keyFor(kid: string): Promise<KeyObject> {
    const { waitMs } = this.#cache;
    const key = await this.#cache.find(kid);
    if (key !== undefined) return key;
    if (waitMs > 0 && !this.#everRead.has(kid)) throw notReadYet(waitMs);
    throw invalid('it is signed with a key that the user pool does not have');
  }

  /** After a signature that does not fit: the key that stands under that id by now, if the set could be read once more. */
  otherKeyFor(kid: string): Promise<KeyObject | undefined> {
    return this.#cache.findAgain(kid);
  }

  #noted(keys: ReadonlyMap<string, KeyObject>): ReadonlyMap<string, KeyObject> {
    if (this.#everRead.size > MOST_FORMER_KEYS) this.#everRead.clear();
    for (const kid of keys.keys()) this.#everRead.add(kid);
    return keys;
  }
}

function notReadYet(retryAfterMs: number): AuthenticationError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  const message = `The token is signed with a key that was not in the user pool's key set a moment ago; the set is read again in ${seconds} s`;
  return new AuthenticationError(message, {
    code: 'keys_not_read_yet',
    kind: 'unavailable',
    transient: true,
    retryAfterMs,
  });
}

async function fetchKeys(options: PoolKeysOptions, signal: AbortSignal): Promise<ReadonlyMap<string, KeyObject>> {
  const { JwksClient } = (await import('jwks-rsa')).default;
  const fetcher = (): Promise<{ keys: unknown }> => keySet(options, signal);
  const client = new JwksClient({ jwksUri: options.jwksUri, cache: false, rateLimit: false, fetcher });
  const keys = await client.getSigningKeys();
  return new Map(keys.map((key) => [key.kid, createPublicKey(key.getPublicKey())]));
}

async function keySet(
  { jwksUri: url, allowInsecure, transport, clock }: PoolKeysOptions,
  signal: AbortSignal,
): Promise<{ keys: unknown }> {
  const headers = { Accept: 'application/json' };
  const answer = await sendForm({ url, headers, signal, allowInsecure, transport, clock });
  const members = parseObject(answer.text);
  if (answer.status !== 200) throw endpointError(answer, members);
  return { keys: members?.['keys'] };
}
