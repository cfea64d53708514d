// What an authorizer tells about itself. Events hold times, reasons and kinds, never a secret and never a query string.
import type { AuthErrorCode, AuthErrorKind } from './errors/errors.js';

/** Why a token is being replaced. */
export type RefreshReason = 'missing' | 'stale' | 'expiring' | 'unauthorized' | 'forced';

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
  | (AcquisitionEvent & { readonly type: 'acquiring'; readonly reason: RefreshReason })
  | (AcquisitionEvent & {
      readonly type: 'acquired';
      readonly reason: RefreshReason;
      readonly durationMs: number;
      /** Whether another process had already stored it. */
      readonly adopted: boolean;
      readonly expiresAt?: Date;
      readonly scope?: string;
    })
  | (AcquisitionEvent & {
      readonly type: 'failed';
      readonly reason: RefreshReason;
      readonly durationMs: number;
      readonly code: AuthErrorCode;
      readonly kind: AuthErrorKind;
    })
  | (AcquisitionEvent & { readonly type: 'waited'; readonly durationMs: number })
  | (TimedEvent & { readonly type: 'unauthorized'; readonly url: string; readonly status: number })
  | (TimedEvent & {
      readonly type: 'resent';
      readonly url: string;
      /** Absent when the resend got no answer. */
      readonly status?: number;
      /** Whether the answer rejects the new token as well. */
      readonly rejected: boolean;
      readonly durationMs: number;
    })
  | (TimedEvent & { readonly type: 'skipped'; readonly url: string; readonly reason: SkipReason })
  | (TimedEvent & {
      readonly type: 'store';
      readonly action: 'load' | 'save' | 'clear' | 'lease';
      readonly durationMs: number;
      readonly failure?: string;
    })
  | (TimedEvent & { readonly type: 'notice'; readonly message: string });

export type SkipReason = 'not_allowed' | 'excepted' | 'own_authorization' | 'basic_auth' | 'opted_out' | 'signed_out';

export type Observer = (event: AuthEvent) => void;

function ignore(): void {
  // an observer's fault is not the request's
}

/**
 * An observer that cannot throw into its caller.
 *
 * @example
 * ```ts
 * const emit = quietly((event) => console.log(event.type)); // an observer that never throws into its caller
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
