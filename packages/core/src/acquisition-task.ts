// What an acquisition is given to work with.
import type { ResolvedOptions } from './authorizer-options.js';
import type { AuthChallenge } from './challenge.js';
import type { ReplacementReason } from './observer.js';
import type { Token } from './token.js';
import type { AnySource } from './token-source.js';

export interface AcquisitionTask<T extends Token> {
  readonly source: AnySource<T>;
  readonly options: ResolvedOptions<T>;
  readonly reason: ReplacementReason;
  readonly challenge?: AuthChallenge | undefined;
  readonly signal: AbortSignal;
  /** Default: the authorizer's. */
  readonly maxRetries?: number | undefined;
  /** The token that is being replaced. */
  readonly held: T | undefined;
  /** Whether `held` may still be used meanwhile. */
  readonly usable: boolean;
  readonly tookMs: number;
  /** Called when a refresh token was refused for good. */
  onDropped(token: T): void;
}
