// The public keys of a user pool, out of its key set.
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { askEndpoint, endpointFailure, KeyCache, parseObject } from '@axios-authorizer/core';
import type { Clock, Transport } from '@axios-authorizer/core';

export interface PoolKeysOptions {
  readonly jwksUri: string;
  readonly allowInsecure?: boolean | undefined;
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
}

const READ_TIMEOUT_MS = 10_000;

/** Reads the key set once, and again when a token names a key that is not in it. */
export function poolKeys(options: PoolKeysOptions): KeyCache<KeyObject> {
  return new KeyCache(() => fetchKeys(options), { clock: options.clock });
}

async function fetchKeys(options: PoolKeysOptions): Promise<ReadonlyMap<string, KeyObject>> {
  const { JwksClient } = (await import('jwks-rsa')).default;
  const fetcher = (): Promise<{ keys: unknown }> => keySet(options);
  const client = new JwksClient({ jwksUri: options.jwksUri, cache: false, rateLimit: false, fetcher });
  const keys = await client.getSigningKeys();
  return new Map(keys.map((key) => [key.kid, createPublicKey(key.getPublicKey())]));
}

async function keySet({ jwksUri: url, allowInsecure, transport, clock }: PoolKeysOptions): Promise<{ keys: unknown }> {
  const how = { headers: { Accept: 'application/json' }, transport: { timeout: READ_TIMEOUT_MS, ...transport } };
  const answer = await askEndpoint({ url, ...how, allowInsecure, clock });
  const members = parseObject(answer.text);
  if (answer.status !== 200) throw endpointFailure(answer, members);
  return { keys: members?.['keys'] };
}
