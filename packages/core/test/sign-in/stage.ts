// What the questions to a sign-in have in common: a sign-in that has begun at a provider, and the answers that come back changed.
import { authorizationRequest } from '../../src/index.js';
import type { AuthorizationRequest, AuthorizationRequestOptions, PendingSignIn } from '../../src/index.js';

export const issuer = 'https://id.example.org';
export const redirectUri = 'https://app.example.org/callback?from=id';

/** A sign-in of a page at a server that nobody asks. */
export function begun(options: Partial<AuthorizationRequestOptions> = {}): Promise<AuthorizationRequest> {
  return authorizationRequest({
    authorizationUrl: `${issuer}/authorize`,
    clientId: 'page',
    redirectUri,
    scope: 'openid reports',
    ...options,
  });
}

/** Where the browser comes back to with these parameters; undefined takes one away. */
export function callback({ state }: PendingSignIn, further: Readonly<Record<string, string | undefined>> = {}): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ code: 'a-code', state, ...further }))
    if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** What `work` throws. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It should have thrown, and did not');
}
