// Proof Key for Code Exchange (RFC 7636): whoever hands the code in must have begun the sign-in.
import { base64Url } from '../../internal/base64.js';
import { ConfigurationError } from '../../token/errors/errors.js';

const SECRET_BYTES = 32;

/** 43 characters of base64url, as section 4.1 recommends. @throws ConfigurationError where there is no WebCrypto */
export function randomText(): string {
  return base64Url(webCrypto().getRandomValues(new Uint8Array(SECRET_BYTES)));
}

/** S256 of section 4.2. @throws ConfigurationError where there is no WebCrypto */
export async function challengeOf(codeVerifier: string): Promise<string> {
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
