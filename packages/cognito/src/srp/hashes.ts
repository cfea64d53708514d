// SHA-256 and what is made of it, with WebCrypto only.
import { ConfigurationError } from '@axios-authorizer/core';
import { concatenated, utf8 } from './bytes.js';

type Bytes = Uint8Array<ArrayBuffer>;

export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await subtle().digest('SHA-256', concatenated(...parts)));
}

export async function hmacSha256(key: Bytes, ...parts: readonly Uint8Array[]): Promise<Bytes> {
  const imported = await subtle().importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await subtle().sign('HMAC', imported, concatenated(...parts)));
}

/** HKDF (RFC 5869) for the one block that Cognito wants. */
export async function derivedKey(secret: Bytes, salt: Bytes): Promise<Bytes> {
  const extracted = await hmacSha256(salt, secret);
  return (await hmacSha256(extracted, utf8('Caldera Derived Key'), Uint8Array.of(1))).slice(0, 16);
}

/** @throws ConfigurationError on a page that is not a secure context */
function subtle(): SubtleCrypto {
  const found: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (found === undefined)
    throw new ConfigurationError('There is no crypto.subtle here: a page must be served by https, or from localhost');
  return found;
}
