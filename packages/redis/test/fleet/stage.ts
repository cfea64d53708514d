// A fleet in small: authorizers that share nothing but Redis, each with a client of its own.
import { startTokenEndpoint } from '@axios-authorizer/test-kit';
import type { ManualClock, TokenEndpoint } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource, publicClient, passwordSource } from '@axios-authorizer/core';
import { systemClock } from '@axios-authorizer/core/extend';
import type { AuthEvent, TokenSource, TokenStore } from '@axios-authorizer/core';
import { kinds } from '../stage.js';
import type { Stage } from '../stage.js';

export interface Fleet {
  readonly idp: TokenEndpoint;
  readonly team: readonly Authorizer[];
  readonly stores: readonly TokenStore[];
  readonly events: readonly AuthEvent[];
}

export const lifeMs = 100_000;
/** Longer than any Redis that is there takes, however busy the machine. */
const PATIENCE_MS = 60_000;

export interface FleetOptions {
  readonly size?: number;
  readonly rotating?: boolean;
  /** How long the stores wait for a Redis that is away. */
  readonly timeoutMs?: number;
}

export async function fleet(
  { store }: Stage,
  clock: ManualClock,
  { size = 6, rotating = false, timeoutMs = PATIENCE_MS }: FleetOptions = {},
): Promise<Fleet> {
  const idp = await startTokenEndpoint({
    clock,
    expiresIn: lifeMs / 1_000,
    ...(rotating && { refreshTokens: 'rotating' as const }),
  });
  const at = { tokenUrl: idp.url, clientAuth: publicClient({ clientId: 'client' }), clock };
  const source = (): TokenSource =>
    rotating ? passwordSource({ ...at, username: 'u', password: 'p' }) : clientCredentialsSource(at);
  const events: AuthEvent[] = [];
  const observer = (event: AuthEvent): void => void events.push(event);
  // Tokens age by the clock of the test; how long Redis takes is real.
  const options = {
    timeoutMs,
    clock: { now: () => clock.now(), sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms, signal) },
  };
  const members = Array.from({ length: size }, (_, index) => store(kinds[index % 2] ?? 'ioredis', options));
  const stores = await Promise.all(members);
  const team = stores.map((one) => new Authorizer(source(), { store: one, clock, observer }));
  return { idp, team, stores, events };
}

/** Resolves when every store has an answer from Redis again. */
export async function rejoined(stores: readonly TokenStore[]): Promise<void> {
  const isThere = (one: TokenStore): Promise<boolean> =>
    one.load().then(
      () => true,
      () => false,
    );
  for (const one of stores) while (!(await isThere(one)));
}

/** One token of each, and how many different ones there are. */
export async function tokensOf(team: readonly Authorizer[]): Promise<number> {
  const tokens = await Promise.all(team.map((auth) => auth.getToken()));
  return new Set(tokens.map(({ accessToken }) => accessToken)).size;
}
