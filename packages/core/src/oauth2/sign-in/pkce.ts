// Proof Key for Code Exchange (RFC 7636): whoever hands the code in must have begun the sign-in.
import { base64Url } from '../../internal/base64.js';
import { ConfigurationError } from '../../token/errors/errors.js';

const SECRET_BYTES = 32;

/**
 * A text that nobody can guess, for state, nonce and PKCE verifier: 32 random bytes, 43 characters of base64url as section 4.1
 * recommends.
 * @throws ConfigurationError where there is no WebCrypto
 *
 * @example
 * ```ts
 * const codeVerifier = randomText();
 * ```
 */
export function randomText(): string {
  return base64Url(webCrypto().getRandomValues(new Uint8Array(SECRET_BYTES)));
}

/**
 * The `code_challenge` of a PKCE verifier by S256 (RFC 7636 section 4.2).
 * @throws ConfigurationError where there is no WebCrypto
 *
 * @example
 * ```ts
 * const challenge = await pkceChallenge(randomText());
 * ```
 */
export async function pkceChallenge(codeVerifier: string): Promise<string> {
  const digest = await webCrypto().subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier));
  return base64Url(new Uint8Array(digest));
}

function webCrypto(): Crypto {
  const found: Partial<Crypto> | undefined = globalThis.crypto;
  if (found?.subtle === undefined || found.getRandomValues === undefined)
    throw new ConfigurationError(
      'There is no WebCrypto here: a page needs https (or localhost), React Native a polyfill of crypto.getRandomValues and subtle',
    );
  return globalThis.crypto;
}
