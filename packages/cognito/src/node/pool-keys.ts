// The public keys of a user pool, out of its key set.
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { sendForm, endpointError, JwksCache, parseObject } from '@axios-authorizer/core/extend';
import type { Clock, Transport } from '@axios-authorizer/core';

export interface PoolKeysOptions {
  readonly jwksUri: string;
  readonly allowInsecure?: boolean | undefined;
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
}

const READ_TIMEOUT_MS = 10_000;

/** Reads the key set when a token names a key that is not in it, and again before it is old. */
export function poolKeys(options: PoolKeysOptions): JwksCache<KeyObject> {
  return new JwksCache((signal) => fetchKeys(options, signal), { clock: options.clock, timeoutMs: READ_TIMEOUT_MS });
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
