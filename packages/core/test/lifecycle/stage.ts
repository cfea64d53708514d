// What every lifecycle test needs: a token endpoint that is stopped afterwards, a look at a promise without waiting for
// it, and time that passes only while the authorizer sleeps.
import { setImmediate as turn } from 'node:timers/promises';
import { startTokenEndpoint, until } from '@axios-authorizer/test-kit';
import type { ManualClock, TokenEndpoint, TokenEndpointOptions } from '@axios-authorizer/test-kit';
import { publicClient } from '../../src/index.js';
import type { AuthenticationError, Clock, OAuth2SourceOptions, TokenStore } from '../../src/index.js';

/** Starts token endpoints; each is stopped when its test is over. */
export function tokenEndpoints(): (options?: TokenEndpointOptions) => Promise<TokenEndpoint> {
  const started: TokenEndpoint[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((endpoint) => endpoint.stop()));
  });
  return async (options) => {
    const endpoint = await startTokenEndpoint(options);
    started.push(endpoint);
    return endpoint;
  };
}

/** The options of a source that asks `endpoint` at the time of `clock`. */
export function at(endpoint: TokenEndpoint, clock: Clock): OAuth2SourceOptions {
  return {
    tokenUrl: endpoint.url,
    clientAuth: publicClient({ clientId: 'client' }),
    clock,
    revocationUrl: `${endpoint.origin}/revoke`,
  };
}

/** The same store, of which nobody hears when it changes. */
export function withoutNews(store: TokenStore): TokenStore {
  const silent = { ...store };
  delete silent.subscribe;
  return silent;
}

export type Outcome<R> =
  | { readonly state: 'waiting' }
  | { readonly state: 'given'; readonly value: R }
  | { readonly state: 'failed'; readonly error: unknown };

/** Resolves when everything has happened that can happen without time or input. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await turn();
}

/** How `promise` stands after that. */
export async function standing<R>(promise: Promise<R>): Promise<Outcome<R>> {
  let outcome: Outcome<R> = { state: 'waiting' };
  promise.then(
    (value) => (outcome = { state: 'given', value }),
    (error: unknown) => (outcome = { state: 'failed', error }),
  );
  await settled();
  return outcome;
}

/** What `promise` is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<AuthenticationError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (outcome === undefined) throw new Error('Expected a rejection');
  return outcome.error as AuthenticationError;
}

/**
 * `work`, letting time pass in steps only while something sleeps beside the limit of the acquisition: a backoff, or a
 * store call that does not return.
 */
export async function passing<R>(clock: ManualClock, work: Promise<R>, stepMs = 100): Promise<R> {
  const progress = { over: false };
  const end = (): void => void (progress.over = true);
  work.then(end, end);
  while (!progress.over) {
    await until(() => progress.over || clock.sleepers > 1, 'an answer or a sleep');
    if (!progress.over) await clock.advance(stepMs);
  }
  return work;
}

/** A clock that also keeps how long each sleep was meant to be, less those of `limitMs` (an acquisition's own limit). */
export function noting(clock: ManualClock, limitMs = 30_000): Clock & { readonly sleeps: readonly number[] } {
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => clock.now(),
    sleep: (ms, signal) => {
      if (ms !== limitMs) sleeps.push(ms);
      return clock.sleep(ms, signal);
    },
  };
}
