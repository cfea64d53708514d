// A fleet in small: authorizers that share nothing but Redis, each with a client of its own.
import { startTokenEndpoint } from '@axios-authorizer/test-kit';
import type { ManualClock, TokenEndpoint } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource, none, passwordSource } from '@axios-authorizer/core';
import type { AuthEvent, TokenSource } from '@axios-authorizer/core';
import { kinds } from '../stage.js';
import type { Stage } from '../stage.js';

export interface Fleet {
  readonly idp: TokenEndpoint;
  readonly team: readonly Authorizer[];
  readonly events: readonly AuthEvent[];
}

export const lifeMs = 100_000;

export async function fleet(
  { store }: Stage,
  clock: ManualClock,
  { size = 6, rotating = false }: { readonly size?: number; readonly rotating?: boolean } = {},
): Promise<Fleet> {
  const idp = await startTokenEndpoint({
    clock,
    expiresIn: lifeMs / 1_000,
    ...(rotating && { refreshTokens: 'rotating' as const }),
  });
  const at = { tokenUrl: idp.url, clientAuth: none({ clientId: 'client' }), clock };
  const source = (): TokenSource =>
    rotating ? passwordSource({ ...at, username: 'u', password: 'p' }) : clientCredentialsSource(at);
  const events: AuthEvent[] = [];
  const observer = (event: AuthEvent): void => void events.push(event);
  const team = await Promise.all(
    Array.from({ length: size }, async (_, index) => {
      const options = { store: await store(kinds[index % 2] ?? 'ioredis', { timeoutMs: 300 }), clock, observer };
      return new Authorizer(source(), options);
    }),
  );
  return { idp, team, events };
}

/** One token of each, and how many different ones there are. */
export async function tokensOf(team: readonly Authorizer[]): Promise<number> {
  const tokens = await Promise.all(team.map((auth) => auth.getToken()));
  return new Set(tokens.map(({ accessToken }) => accessToken)).size;
}
