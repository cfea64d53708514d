// The end of a session is told once: when it is over for good and only a person can go on (C18).
import type { ResolvedOptions } from './options.js';
import { asString, recordOf } from '../internal/records.js';
import { forCaller, isAuthenticationError } from '../token/errors/errors.js';
import type { AuthenticationError } from '../token/errors/errors.js';
import type { Token } from '../token/token.js';

/** Whether no wait and no change of the program cures it: the person has to sign in again, or to say another password. */
export function endsSession(failure: AuthenticationError): boolean {
  if (failure.kind === 'session') return true;
  return failure.kind === 'credentials' && recordOf(failure)['error'] !== 'invalid_client'; // which is the program's own
}

export class SessionEnd {
  readonly #options: Pick<ResolvedOptions<Token>, 'onSessionEnd' | 'observer' | 'clock'>;
  #isOver = false;

  constructor(options: Pick<ResolvedOptions<Token>, 'onSessionEnd' | 'observer' | 'clock'>) {
    this.#options = options;
  }

  /** Whether the session is over, and none has begun since. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Another token is held, or the program has signed out: what ended before counts no more. */
  begin(): void {
    this.#isOver = false;
  }

  /** Told before whoever waits hears of `failure`, but after all of our own state is settled. */
  end(failure: AuthenticationError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#options.onSessionEnd) void this.#told(failure);
  }

  async #told(failure: AuthenticationError): Promise<void> {
    const { onSessionEnd, observer, clock } = this.#options;
    try {
      await Promise.resolve();
      const error = forCaller(failure);
      const told: unknown = isAuthenticationError(error) ? onSessionEnd?.(error) : undefined;
      await told;
    } catch (error) {
      const { code, name } = recordOf(error); // what it says may hold any token of the session
      const why = asString(code) ?? asString(name) ?? typeof error;
      observer?.({ type: 'notice', at: clock.now(), message: `onSessionEnd failed, which changes nothing: ${why}` });
    }
  }
}
