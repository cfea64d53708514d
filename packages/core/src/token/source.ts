// Where tokens come from. This is the one interface that a package, or a user, implements to teach core a service.
import { recordOf } from '../internal/records.js';
import type { AuthChallenge } from './challenge.js';
import { ConfigurationError } from './errors/errors.js';
import type { RefreshReason } from './observer.js';
import type { ProofOfPossession } from './proof.js';
import type { Token } from './token.js';

/** The member of an Authorizer that says who is signed in, for sources whose tokens stand on its session. */
export const SIGN_IN: unique symbol = Symbol.for('@axios-authorizer/core sign-in');

/** What it says. */
export interface SignIn {
  /** Another object after each sign-in; undefined while nobody is signed in, as far as is known here. */
  readonly openSession: object | undefined;
  /** Whether somebody is signed in, as is known here or in the store. */
  signedIn(signal: AbortSignal | undefined): Promise<boolean>;
}

/** What an authorizer says when it asks its source for a token. */
export interface TokenRequest {
  /** The authorizer's own limit, never a caller's: it aborts after `timeoutMs` or on logout. */
  readonly signal: AbortSignal;
  /** Why a token is wanted, such as `expiring`, or `unauthorized` after a 401. */
  readonly reason: RefreshReason;
  /** The challenge of the 401 that asked for this token, for sources that can use its claims or scope. */
  readonly challenge?: AuthChallenge;
  /** Tells the observer what is worth knowing and no failure; never a secret. */
  readonly notice?: (message: string) => void;
}

/**
 * Where tokens come from. It holds no token; the authorizer does.
 * Throw an `AuthenticationError` to say what kind of failure it is; anything else counts as `unavailable` and is not repeated.
 */
export interface TokenSource<T extends Token = Token> {
  /** A token from scratch. */
  authorize(request: TokenRequest): Promise<T>;
  /** A token from the one before it; default: authorize again. `kind: 'session'` means refused for good. */
  refresh?(token: T, request: TokenRequest): Promise<T>;
  /** Tells the server that the token is no longer wanted; used by logout. */
  revoke?(token: T, request: TokenRequest): Promise<void>;
  /** Whether the token may no longer be used at `now`; default: `expiresAt` less the leeway. */
  expired?(token: T, now: Date): boolean;
  /** What follows "Bearer "; default: `accessToken`. */
  bearer?(token: T): string;
  /**
   * Whose token it is: two tokens of one authorizer whose identities differ belong to two sessions, and a request of the one
   * is never sent again with the other. A machine's source may return a constant. Default: `iss` and `sub` of the id token and
   * of the access token where they are JWTs (RFC 7519 sections 4.1.1 and 4.1.2); undefined says nothing.
   */
  identity?(token: T): string | undefined;
  /**
   * A token that is good for more, after an API answered 401 or 403 with `insufficient_scope` (RFC 6750 section 3.1) or
   * `insufficient_user_authentication` (RFC 9470 section 3): shows the person a sign-in, say. Asked once a request, and on behalf of
   * all who need the same scopes and `acr_values`; one at a time. Its token is saved and held like any other; one of another person
   * is the error `another_identity`. When it fails, brings nothing better, or has not answered after 5 minutes, requests get their
   * answers as they came, and it is not asked for the same again for 60 s, after three in a row for anything. Default: they always do.
   * @param challenge its parameters `scope`, `acr_values` and `max_age` say what is needed. `scope` holds what is granted already as
   *   well. A challenge of more than 50 scopes or 2,000 characters of them is passed over, since they may go into a URL, and before a
   *   person
   * @param token the one that is not enough
   * @param request its signal aborts when the session or the limit is over
   */
  stepUp?(challenge: AuthChallenge, token: T, request: TokenRequest): Promise<T>;
  /**
   * Whether the session that the token stands on has ended elsewhere, as that of the Authorizer whose token was exchanged for it. Such
   * a token is used no more, and its session ends. Called again and again: it must be quick. Default: it stands on nothing.
   */
  ended?(token: T): boolean;
  /**
   * Whether somebody is signed in elsewhere, so that `authorize` begins no sign-in, as at the Authorizer whose token is exchanged.
   * Asked for a request of `signedOut: 'anonymous'` while there is no token. Default: nobody is.
   * @param signal ends the wait of the request
   */
  signedIn?(signal: AbortSignal | undefined): Promise<boolean>;
  /** A person takes part in `authorize`, so that it must not begin by itself. Default: nobody does. */
  readonly interactive?: Interactive | undefined;
  /** Shows for each request that the key is held to which its tokens are bound: `dpopProof` of core/dpop. Default: bearer tokens. */
  readonly proof?: ProofOfPossession | undefined;
}

/**
 * How `authorize` of a source runs in which a person takes part. It begins when the program says so, by
 * `getToken({ force: true })`, and has a limit of its own; the store's lease is not held meanwhile, so that other processes go on.
 * Its token begins a new session, which others who share the store adopt. What else needs a token, the requests of attached
 * clients included, gets `not_authenticated`, or joins a sign-in that is under way.
 */
export interface Interactive {
  /** For how long at most the person is waited for, in ms; on top of the authorizer's `timeoutMs`, which everything else has. */
  readonly timeoutMs: number;
  /** Whether any request that finds nobody signed in begins a sign-in, as is good in a command that a person runs. Default: false. */
  readonly startOnRequest?: boolean | undefined;
}

/** The bare form of a source; a string is a token without known end. */
export type GetToken<T extends Token = Token> = (request: TokenRequest) => Promise<T | string>;

/** What core works with: a source whose tokens may still be bare strings. */
export type AnySource<T extends Token> = Omit<TokenSource<T>, 'authorize'> & {
  authorize(request: TokenRequest): Promise<T | string>;
};

const HOOKS = ['refresh', 'revoke', 'expired', 'bearer', 'identity', 'stepUp', 'ended', 'signedIn'];

/**
 * What a source has besides `authorize` must be of use: a hook is called late, or so seldom that nobody sees it fail.
 * @param where what it is, for messages
 * @throws ConfigurationError that names the member
 */
export function assertMembers(source: unknown, where: string): void {
  const members = recordOf(source);
  const { interactive, proof } = members;
  const { timeoutMs } = recordOf(interactive);
  const odd = HOOKS.filter((name) => members[name] !== undefined && typeof members[name] !== 'function');
  if (interactive !== undefined && !(typeof timeoutMs === 'number' && timeoutMs > 0)) odd.push('interactive');
  if (proof !== undefined && typeof recordOf(proof)['exchange'] !== 'function') odd.push('proof');
  if (odd[0]) throw new ConfigurationError(`\`${odd[0]}\` of ${where} is not what a TokenSource has there`);
}

/** A source made of either form. */
export function sourceOf<T extends Token>(source: TokenSource<T> | GetToken<T>): AnySource<T> {
  return typeof source === 'function' ? { authorize: source } : source;
}
