// What an acquisition is given to work with.
import type { ResolvedOptions } from './options.js';
import type { AuthChallenge } from '../token/challenge.js';
import type { AuthenticationError } from '../token/errors/errors.js';
import type { RefreshReason } from '../token/observer.js';
import type { StoreAccess } from './store/store-access.js';
import { deadlinesOf } from '../token/validity.js';
import type { TokenDeadlines } from '../token/validity.js';
import type { Token } from '../token/token.js';
import type { AnySource } from '../token/source.js';

/** What an acquisition came to. */
export interface Acquired<T> {
  readonly token: T;
  readonly deadlines: TokenDeadlines;
  /** Whether another process had stored it already. */
  readonly adopted: boolean;
  /** Whether the store holds it. */
  readonly kept: boolean;
  /** The token that it was made from: the store may still hold that one if the save was lost. */
  readonly madeFrom?: T | undefined;
  /** Whether it is the first token of a sign-in after a sign-out. */
  readonly beginsSession: boolean;
}

/** A token that was not acquired here: it was stored, or brought; and its deadlines. */
export function standing<T extends Token>(
  token: T,
  options: ResolvedOptions<T>,
  tookMs: number,
): Pick<Acquired<T>, 'token' | 'deadlines'> {
  const from = token.issuedAt?.getTime() ?? options.clock.now();
  return { token, deadlines: deadlinesOf(token, options, from, tookMs) };
}

export interface AcquisitionTask<T extends Token> {
  readonly source: AnySource<T>;
  readonly options: ResolvedOptions<T>;
  readonly store: StoreAccess<T>;
  readonly reason: RefreshReason;
  readonly challenge?: AuthChallenge | undefined;
  readonly signal: AbortSignal;
  /** Default: the authorizer's. */
  readonly maxRetries?: number | undefined;
  /** The token that is being refreshed. */
  readonly current: T | undefined;
  /** Whether `held` may still be used, at the time of asking: it may expire while a store is waited for. */
  readonly isUsable: () => boolean;
  /** Whether there is a session, which a sign-out found in the store ends. */
  readonly inSession: boolean;
  /** Whether a sign-out came before, so that a sign-in begins a new session. */
  readonly afterSignOut: boolean;
  /** Whether the session began with a save that was lost: what the store holds is of another one, until ours is saved. */
  readonly isUnsaved: boolean;
  /** Why the last refresh token was refused for good, if nothing was acquired since. */
  readonly refusal: AuthenticationError | undefined;
  readonly tookMs: number;
  /** Whether `token` is an earlier one that the store holds only since a later save was lost. */
  readonly isOutdated: (token: T) => boolean;
  /** Called when a refresh token was refused for good. */
  readonly onDropped: (token: T, refusal: AuthenticationError) => void;
  /** Called with a new token as soon as it is there: a limit that runs out from now on ends only the waiting (C6). */
  readonly onArrived: (acquired: Acquired<T>) => void;
  /** Called when it is saved, or will not be: from now on it may be handed out. */
  readonly onSettled: (acquired: Acquired<T>) => void;
}
