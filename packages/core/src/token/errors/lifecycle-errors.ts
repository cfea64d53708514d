// What the lifecycle tells its callers when there is no token for them, and what it says of a token store.
import { asString, recordOf } from '../../internal/records.js';
import { AuthenticationError, forCaller, isAuthenticationError } from './errors.js';

/** Why an automatic call failed at once, without a request (C5, C7). */
export function coolingDown(failure: AuthenticationError, leftMs: number): AuthenticationError {
  const seconds = Math.ceil(leftMs / 1000);
  const message = `Not asked again for ${seconds} s, after: ${failure.message}. getToken({ force: true }) asks at once`;
  const code = failure.code === 'rejected_again' ? 'rejected_again' : 'cooling_down';
  const { kind, transient } = failure;
  return new AuthenticationError(message, { code, kind, transient, retryAfterMs: leftMs, cause: failure });
}

/** @param step what had not answered, in words, where that is known */
export function timedOut(timeoutMs: number, step?: string): AuthenticationError {
  const advice = step?.endsWith('token source')
    ? '. If it calls through an attached client, give that request authorizer: false'
    : '';
  const said = step === undefined ? '' : `: ${step} had not answered${advice}`;
  return new AuthenticationError(`No token within ${timeoutMs} ms${said}`, {
    code: 'timeout',
    kind: 'unavailable',
    transient: true,
  });
}

/** Whether a limit of ours ran out, rather than a logout. */
export function isTimeout({ aborted, reason }: AbortSignal): boolean {
  return aborted && isAuthenticationError(reason) && reason.code === 'timeout';
}

export function loggedOut(): AuthenticationError {
  return new AuthenticationError(
    'The session in which this began is over: it was signed out, or somebody else signed in',
    { code: 'logged_out', kind: 'session' },
  );
}

/** A person has to sign in, and only the program knows when that is a good moment (C25). */
export function nobodyAsked(): AuthenticationError {
  return new AuthenticationError('Nobody is signed in: getToken({ force: true }) begins a sign-in', {
    code: 'not_authenticated',
    kind: 'session',
  });
}

export type StoreAction = 'load' | 'save' | 'clear' | 'lease';

export function unreadableStore(): AuthenticationError {
  return new AuthenticationError('What the store holds is no token; it is replaced by the next one', {
    code: 'store_unreadable',
    kind: 'unavailable',
  });
}

export function storeTooSlow(action: StoreAction): AuthenticationError {
  return new AuthenticationError(`The token store took longer than storeTimeoutMs (${action})`, {
    code: 'timeout',
    kind: 'unavailable',
    transient: true,
  });
}

/** Our own words; of a store's own only the code or name: its message may hold what it could not save. */
export function storeFailure(error: unknown): string {
  if (isAuthenticationError(error)) return error.message;
  const { code, name } = recordOf(error);
  return asString(code) ?? asString(name) ?? 'unknown';
}

/** Why it is not known whether anybody is signed in. @returns an error of the caller's own */
export function storeSilent(error: unknown): unknown {
  if (isAuthenticationError(error)) return forCaller(error);
  const message = `The token store failed (${storeFailure(error)}), so it is not known whether anybody is signed in`;
  return new AuthenticationError(message, {
    code: 'store_unavailable',
    kind: 'unavailable',
    transient: true,
    cause: error,
  });
}

export function leaseUnavailable(cause: unknown): AuthenticationError {
  return new AuthenticationError('The token store gives no lease, so the refresh token is left alone', {
    code: 'lease_unavailable',
    kind: 'unavailable',
    cause,
  });
}

export function isLeaseUnavailable(error: unknown): boolean {
  return isAuthenticationError(error) && error.code === 'lease_unavailable';
}

/** The tries of others have failed, as the store knows: that is a failed try as well. */
export function isFailingElsewhere(error: unknown): boolean {
  return isAuthenticationError(error) && error.code === 'failing_elsewhere';
}

/** A step-up that another person has taken (C17, C26). */
export function anotherIdentity(): AuthenticationError {
  return new AuthenticationError(
    'The step-up brought a token of somebody else, which is not used: the same person has to take it; for another one use setToken',
    { code: 'another_identity', kind: 'session' },
  );
}

/** Nobody is asked for more for a while (C26). */
export function askedInVain(times: number): AuthenticationError {
  return new AuthenticationError(`${times} step-ups were in vain`, {
    code: 'cooling_down',
    kind: 'unavailable',
  });
}
