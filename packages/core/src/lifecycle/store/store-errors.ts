// What a token store is said to have failed in.
import { AuthenticationError, isAuthenticationError } from '../../token/errors/errors.js';

export type StoreAction = 'load' | 'save' | 'clear' | 'lease';

export function unreadable(): AuthenticationError {
  return new AuthenticationError('What the store holds is no token; it is replaced by the next one', {
    code: 'store_unreadable',
    kind: 'unavailable',
  });
}

export function tooSlow(action: StoreAction): AuthenticationError {
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
