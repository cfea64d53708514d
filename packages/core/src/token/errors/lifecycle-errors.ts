// What the lifecycle tells its callers when there is no token for them, and what it says of a token store.
import { AuthenticationError, isAuthenticationError } from './errors.js';

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
