// What a caller may ask for when it needs a token.
import type { AuthChallenge } from '../token/challenge.js';
import type { Session } from './session.js';
import type { Token } from '../token/token.js';
import type { ApiRoute } from './backoff/useless-refreshes.js';

export interface TokenDemand<T extends Token> {
  readonly force?: boolean | undefined;
  readonly rejected?: T | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly challenge?: AuthChallenge | undefined;
  /** What rejected `rejected`. */
  readonly route?: ApiRoute | undefined;
  /** The session that it must be answered in, if not the current one (C17). */
  readonly session?: Session | undefined;
  readonly maxRetries?: number | undefined;
}
