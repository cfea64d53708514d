// What a source has answered, as a token that may be held: checked, dated, and marked where it begins a session.
import { isAnonymous, randomMark } from './session.js';
import type { Acquired } from './acquired.js';
import type { TokenManager } from './token-manager.js';
import { assertUnexpired, usableToken } from '../token/reading.js';
import type { Token } from '../token/token.js';
import { deadlinesOf } from '../token/validity.js';

/** How an answer came. */
interface Origin<T extends Token> {
  /** When it was asked for, in ms since the epoch. */
  readonly sentAt: number;
  /** How long it takes to get one, in ms. */
  readonly tookMs: number;
  readonly madeFrom: T | undefined;
  readonly beginsSession: boolean;
  /** Of the session that it goes on with. */
  readonly sessionMark: string | undefined;
}

/** @throws AuthenticationError `expired_token`, ConfigurationError for a token that cannot be sent */
export function newToken<T extends Token>(
  { source, options }: TokenManager<T>,
  answer: T | string,
  { sentAt, tookMs, ...origin }: Origin<T>,
): Acquired<T> {
  const usable = usableToken(source, answer, sentAt);
  // a session that begins is marked, unless the token says whose it is; its successors keep the mark (C17)
  const isNew = origin.beginsSession && isAnonymous(source, usable);
  const sessionMark = usable.sessionMark ?? origin.sessionMark ?? (isNew ? randomMark() : undefined);
  const token = sessionMark === usable.sessionMark ? usable : { ...usable, sessionMark };
  const deadlines = deadlinesOf(token, options, sentAt, tookMs);
  assertUnexpired(source, { token, deadlines }, options.clock.now());
  const { madeFrom, beginsSession } = origin;
  return { token, deadlines, adopted: false, kept: false, madeFrom, beginsSession };
}

/** What the observer hears of a token. */
export function shown({ expiresAt, scope }: Token): { readonly expiresAt?: Date; readonly scope?: string } {
  return { ...(expiresAt && { expiresAt }), ...(scope !== undefined && { scope }) };
}
