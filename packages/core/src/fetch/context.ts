// Whose fetch it is, and one request on its way.
import type { Internals } from '../authorizer/internals.js';
import type { AllowList } from '../request/allow-list.js';
import type { SkipReason } from '../token/observer.js';
import type { ProofOfPossession } from '../token/proof.js';
import type { Token } from '../token/token.js';
import type { Asked, Outgoing } from './request.js';

/** What of an answer the hook `unauthorized` sees. */
export interface FetchAnswer {
  /** Its HTTP status. */
  readonly status: number;
  /** Its headers, as fetch shows them. */
  readonly headers: Headers;
  /** Where it came from, redirects followed. */
  readonly url: string;
}

/**
 * Whether an answer rejects the token that it was asked with; may be asynchronous. It counts as in an `if`; when it throws, that is
 * reported as a `notice` and counts as no.
 * @param json reads a copy of the body at the first call, and remembers what it held; undefined for what is no JSON by its
 *   Content-Type or its text, or is longer than 1 MiB; a stream of events is never read
 */
export type FetchUnauthorized = (answer: FetchAnswer, json: () => Promise<unknown>) => boolean | Promise<boolean>;

/** One authorizer, or pool, and its fetch. */
export interface Binding {
  readonly internals: Internals<Token>;
  /** Of a pool: whose token a request gets. */
  readonly pick: ((request: object) => Internals<Token>) | undefined;
  readonly allowList: AllowList;
  /** Of which own credentials of requests the observer has heard. */
  readonly noticed: Set<SkipReason>;
  readonly unauthorized: FetchUnauthorized | undefined;
  readonly browserRedirects: 'check' | 'trust';
  readonly signedOut: 'reject' | 'anonymous';
  /** Default: the platform's, as it is when a request is sent. */
  readonly fetch: Fetch | undefined;
}

/** What sends. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A request on its way with a token. */
export interface Sending extends Outgoing {
  readonly asked: Asked;
  readonly binding: Binding;
  readonly internals: Internals<Token>;
  readonly token: Token;
  /** Our headers, as the first hop carries them; one that the caller set is the caller's (C10). */
  readonly credentials: readonly (readonly [name: string, value: string])[];
  /** Shows that we hold the token's key, unless the caller does so. */
  readonly proof: ProofOfPossession | undefined;
  /** Whether it was sent again with another proof. */
  isRepeated: boolean;
  /** Whether the answer comes from an allowed URL that was sent our credentials. */
  isAllowed: boolean;
}
