// The secrets that are in play, told apart by their looks, and no part of anything else.
import { leaks } from '@axios-authorizer/test-kit';

export const accessToken = 'access-3f9a1c.77e0.b2d4/+=';
export const refreshToken = 'refresh-8b2d4e/71+f6==';
export const clientSecret = 'client secret: 5d1e%7a+more/=&?';
export const apiKey = 'api-key-9c0d2b';
export const password = 'pass word "6f4b" \\ &%';
export const idToken = 'id-token-0a5e8c';

export const all: readonly string[] = [accessToken, refreshToken, clientSecret, apiKey, password, idToken];

/** A token of which no part may show. */
export const token = { accessToken, refreshToken, idToken, tokenType: 'Bearer', scope: 'a' };

/** Where `value` shows one of the secrets. */
export function shown(value: unknown): string[] {
  return leaks(value, all);
}
