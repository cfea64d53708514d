// Looks into the store for what another process or tab has saved: whether anybody is signed in, and a token that is good (C5, C18).
import { loggedOut } from '../../token/errors/lifecycle-errors.js';
import type { Token } from '../../token/token.js';
import type { Age } from '../../token/validity.js';
import { goesOn } from '../session.js';
import type { TokenManager } from '../token-manager.js';
import { isSignedOut } from './store-access.js';
import type { StoreAccess } from './store-access.js';
import type { Finding } from './store-look.js';

/** Takes a fresh token that another has saved; a sign-out there ends the session. @throws `logged_out` then */
export async function adopt<T extends Token>(tokens: TokenManager<T>, store: StoreAccess<T>): Promise<Finding> {
  while (tokens.changing) await tokens.changing; // until then the store holds what is being replaced
  const { session, changes } = tokens;
  let failure: unknown;
  try {
    const found = await store.load((error) => (failure = error));
    if (!found) return { isSomebody: false, failure };
    return { isSomebody: taken(tokens, found, changes) };
  } catch (error) {
    if (!isSignedOut(error)) return { isSomebody: false, failure: error };
    if (tokens.isUnsaved) return { isSomebody: false };
    if (session === undefined) tokens.dropUndecided();
    if (session === undefined) return { isSomebody: false };
    tokens.end(session, loggedOut());
    throw error;
  }
}

/** Takes `found` where it is wanted. @returns whether somebody is signed in by it */
function taken<T extends Token>(tokens: TokenManager<T>, found: T, changes: number): boolean {
  if (tokens.isOutdated(found) || tokens.isCurrent(found)) return false;
  if (!found.accessToken) return tokens.isRenewable(found);
  const stored = tokens.stored(found);
  const age = tokens.ageOf(stored, tokens.options.clock.now());
  const isUndisturbed = changes === tokens.changes && !tokens.changing;
  const isWanted = isUndisturbed && found.accessToken !== tokens.arrived?.accessToken;
  if (isWanted && (age === 'fresh' || (age !== 'expired' && comesFirst(tokens, found)))) tokens.take(stored);
  return isGood(age) || tokens.isRenewable(found);
}

/** Whether it counts before what is held, whichever is the better one. */
function comesFirst<T extends Token>(tokens: TokenManager<T>, found: T): boolean {
  const held = tokens.current?.token;
  return held !== undefined && (tokens.isUndecided || !goesOn(tokens.source, held, found));
}

/** What is inside the leeway counts as expired: it could only be replaced by a sign-in. */
function isGood(age: Age): boolean {
  return age === 'fresh' || age === 'stale';
}
