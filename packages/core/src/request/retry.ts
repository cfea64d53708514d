// What follows when an API rejects a token, for axios requests and fetch alike: whether the request may cost a refresh, whether
// it can be sent again, and what the cool-downs of its route learn from it (C7, C8, C17).
import type { Clock } from '../internal/clock.js';
import { apiRoute } from '../lifecycle/backoff/useless-refreshes.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { TokenDemand } from '../lifecycle/single-flight.js';
import { isSignedOut } from '../lifecycle/store/store-access.js';
import type { AuthChallenge } from '../token/challenge.js';
import type { Observer } from '../token/observer.js';
import type { Token } from '../token/token.js';
import { describeUrl } from './allow-list.js';

/** A request that was sent with a token. */
export interface Sent {
  readonly internals: {
    readonly lifecycle: Lifecycle<Token>;
    readonly observer: Observer | undefined;
    readonly clock: Clock;
  };
  readonly token: Token;
  readonly url: URL;
  readonly method: string | undefined;
}

/** What only its sender can do. */
export interface Sender<B extends object> {
  /** The body for the retry, or in words why it is spent. */
  readonly bodyAgain: () => Promise<B | string>;
  /** Frees the connection of the rejected answer; may be called twice. */
  readonly discard: () => void;
  /** Whether the caller's own hook has judged it: it may be a good one, which stays whole until there is a better one. */
  readonly mayBeGood: boolean;
  /** A token, within the limits of the caller. */
  readonly awaitToken: (demand: TokenDemand<Token>) => Promise<Token>;
}

/** What to send again and with which token; or why its body is spent; undefined where the caller gets the rejection as it came. */
export type Renewal<B extends object> =
  { readonly token: Token; readonly body: B } | { readonly spent: string } | undefined;

/** @throws what `awaitToken` throws, unless the session of the request ended meanwhile */
export async function renewal<B extends object>(
  { internals: { lifecycle, observer, clock }, token, url, method }: Sent,
  { status, challenge }: { readonly status: number; readonly challenge: AuthChallenge | undefined },
  { bodyAgain, discard, mayBeGood, awaitToken }: Sender<B>,
): Promise<Renewal<B>> {
  observer?.({ type: 'unauthorized', at: clock.now(), url: describeUrl(url), status });
  const session = lifecycle.sessionOf(token);
  if (session !== lifecycle.session) return undefined;
  const route = apiRoute(url, method);
  lifecycle.rejections.rejected(token, route);
  if (!lifecycle.rejections.mayRenew(token, route)) return undefined;
  const body = await bodyAgain();
  if (typeof body === 'string') {
    lifecycle.refreshLater({ rejected: token, challenge, route }); // the next request has a better token
    return { spent: body };
  }
  if (!lifecycle.rejections.mayRenew(token, route)) return undefined; // another's retry may have failed meanwhile
  if (!mayBeGood) discard(); // first, since the refresh may need its connection
  try {
    const next = await awaitToken({ rejected: token, session, challenge, route });
    discard();
    return { token: next, body };
  } catch (error) {
    if (isSignedOut(error)) return undefined; // the session of the request ended meanwhile: it gets its 401 (C17)
    discard();
    throw error;
  }
}

/** Notes what became of a retry that began at `at`. @param status undefined when it got no answer */
export function retried(
  { internals: { lifecycle, observer, clock }, token, url, method }: Sent,
  { at, status, rejected }: { readonly at: number; readonly status: number | undefined; readonly rejected: boolean },
): void {
  const event = { at, url: describeUrl(url), durationMs: clock.now() - at, rejected };
  observer?.({ type: 'resent', ...event, ...(status !== undefined && { status }) });
  lifecycle.rejections.retried(token, apiRoute(url, method), rejected);
}

/** Why a retry was rejected: what is wrong is not the age of the token (C8). */
export const FRESH_TOKEN_REJECTED =
  'A fresh token was rejected as well: check that the tokens of this source are meant for this API (audience, issuer, scopes)';
