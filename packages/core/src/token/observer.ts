// What an authorizer tells about itself. Events hold times, reasons and kinds, never a secret and never a query string.
import type { AuthErrorCode, AuthErrorKind } from './errors/errors.js';

/**
 * Why a token is acquired: `missing`, there is none; `stale`, it ends soon, and is refreshed in the background; `expiring`, it
 * has expired or is inside the leeway; `unauthorized`, an API rejected it; `forced`, somebody asked for a new one; `step_up`, an API
 * asks for more than it is good for.
 */
export type RefreshReason = 'missing' | 'stale' | 'expiring' | 'unauthorized' | 'forced' | 'step_up';

/** What every event tells. */
export interface TimedEvent {
  /** Milliseconds since the epoch, by the authorizer's clock, when what is told began. */
  readonly at: number;
}

/** What every event of an acquisition tells. */
export interface AcquisitionEvent extends TimedEvent {
  /** Ties an acquisition to the requests that waited for it; counts from 1 within one authorizer. */
  readonly id: number;
}

/** What an authorizer tells its observer; told apart by `type`. */
export type AuthEvent =
  | (AcquisitionEvent & {
      /** A refresh or a sign-in begins. */
      readonly type: 'acquiring';
      /** Why it begins. */
      readonly reason: RefreshReason;
    })
  | (AcquisitionEvent & {
      /** There is a new token. */
      readonly type: 'acquired';
      /** Why it was acquired. */
      readonly reason: RefreshReason;
      /** All tries and the store together, in ms. */
      readonly durationMs: number;
      /** Whether another process had already stored it. */
      readonly adopted: boolean;
      /** When the new token ends; absent when that is not known. */
      readonly expiresAt?: Date;
      /** The scope as granted; absent when the server did not say. */
      readonly scope?: string;
    })
  | (AcquisitionEvent & {
      /** There is no new token; who waited for it got the error. */
      readonly type: 'failed';
      /** Why a token was wanted. */
      readonly reason: RefreshReason;
      /** All tries and the store together, in ms. */
      readonly durationMs: number;
      /** `code` of the error. */
      readonly code: AuthErrorCode;
      /** `kind` of the error: what to do about it. */
      readonly kind: AuthErrorKind;
    })
  | (AcquisitionEvent & {
      /** A caller has waited for the acquisition `id`, and waits no more. */
      readonly type: 'waited';
      /** How long, in ms. */
      readonly durationMs: number;
    })
  | (TimedEvent & {
      /** An API rejected the token of a request. */
      readonly type: 'unauthorized';
      /** Origin and path of the request, without the query. */
      readonly url: string;
      /** The status of the rejection: 401, or what `unauthorized` of the attachment takes for one. */
      readonly status: number;
    })
  | (TimedEvent & {
      /** A rejected request was retried with a new token. */
      readonly type: 'resent';
      /** Origin and path of the request, without the query. */
      readonly url: string;
      /** Absent when the resend got no answer. */
      readonly status?: number;
      /** Whether the answer rejects the new token as well. */
      readonly rejected: boolean;
      /** From the retry to its answer, in ms. */
      readonly durationMs: number;
    })
  | (TimedEvent & {
      /** A request went out without a token. */
      readonly type: 'skipped';
      /** Origin and path of the request, without the query. */
      readonly url: string;
      /** Why. */
      readonly reason: SkipReason;
    })
  | (TimedEvent & {
      /** The token store was called. */
      readonly type: 'store';
      /** What was asked of it; `lease` is the wait for its lock. */
      readonly action: 'load' | 'save' | 'clear' | 'lease';
      /** How long it took, in ms. */
      readonly durationMs: number;
      /** The message of its error where it is one of ours, else its code or name; absent when it succeeded. */
      readonly failure?: string;
    })
  | (TimedEvent & {
      /** Something worth knowing that is no failure. */
      readonly type: 'notice';
      /** It, in a sentence for a person; no secret. */
      readonly message: string;
    });

/**
 * Why a request went out without a token: its URL is not on the allow list, or is left out by `except`; it has an Authorization
 * header of its own; it has `auth`, a user name and password; `authorizer: false` says that it gets none; or nobody is signed
 * in and `signedOut` is `'anonymous'`.
 */
export type SkipReason = 'not_allowed' | 'excepted' | 'own_authorization' | 'basic_auth' | 'opted_out' | 'signed_out';

/** Gets each {@link AuthEvent} as it happens. What it throws is ignored, and nothing waits for what it returns. */
export type Observer = (event: AuthEvent) => void;

function ignore(): void {
  // an observer's fault is not the request's
}

/**
 * An observer that cannot throw into its caller.
 *
 * @example
 * ```ts
 * const seen: string[] = [];
 * const emit = quietly((event) => seen.push(event.type)); // an observer that never throws into its caller
 * emit?.({ type: 'notice', at: Date.now(), message: 'hello' });
 * ```
 */
export function quietly(observer: Observer | undefined): Observer | undefined {
  if (observer === undefined) return undefined;
  return (event) => {
    try {
      const told: unknown = observer(event);
      Promise.resolve(told).catch(ignore);
    } catch {
      ignore();
    }
  };
}
