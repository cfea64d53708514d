// A token that the program brings, on its way into the store; and several tokens of which some may be one.
import type { Acquired } from './acquisition-task.js';
import { omitUndefined } from '../internal/records.js';
import { isAnonymous, randomMark } from './session.js';
import type { StoreAccess } from './store/store-access.js';
import type { Token } from '../token/token.js';
import type { AnySource } from '../token/source.js';

export interface SetTokenOptions {
  readonly sameSession: boolean;
  /** Ends a refresh under way. */
  readonly discard: () => Promise<void>;
}

interface Place<T extends Token> {
  readonly source: AnySource<T>;
  readonly store: StoreAccess<T>;
  /** The token in whose place it comes. */
  readonly replaces: T | undefined;
  readonly beginsSession: boolean;
}

/** Saves it, with the mark of its session; one that goes on with a session keeps what renews that. */
export async function saveGiven<T extends Token>(
  given: T,
  { source, store, replaces, beginsSession }: Place<T>,
): Promise<Omit<Acquired<T>, 'deadlines'>> {
  const isMarked = beginsSession && isAnonymous(source, given);
  const sessionMark = given.sessionMark ?? (isMarked ? randomMark() : replaces?.sessionMark);
  const refreshToken = given.refreshToken ?? (beginsSession ? undefined : replaces?.refreshToken);
  const token = { ...given, ...omitUndefined({ sessionMark, refreshToken }) };
  const { kept } = await store.save(token, { replaces, newSession: beginsSession });
  return { token, adopted: false, kept, madeFrom: replaces, beginsSession };
}

export function distinctTokens<T extends Token>(tokens: readonly (T | undefined)[]): readonly T[] {
  const byValue = new Map(tokens.flatMap((token) => (token ? [[token.accessToken, token]] : [])));
  return [...byValue.values()];
}
