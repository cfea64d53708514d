// Encryption at rest: AES-256-GCM, bound to the place where the text lies, so that no entry can be put in another's place.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ConfigurationError } from '@axios-authorizer/core';

const KEY_BYTES = 32;
/** What GCM is made for (NIST SP 800-38D, 8.2.2). */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** @throws ConfigurationError unless the key has 32 bytes */
export function assertSealingKey(key: Uint8Array): void {
  if (!(key instanceof Uint8Array) || key.length !== KEY_BYTES)
    throw new ConfigurationError('`encryptionKey` must be 32 bytes, such as Buffer.from(text, "base64") of a secret');
}

/** iv, tag and ciphertext as base64. */
export function seal(text: string, key: Uint8Array, place: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** @throws ConfigurationError for another key, another place, or a text that was changed */
export function unseal(sealed: string, key: Uint8Array, place: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place)).setAuthTag(tag);
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    throw new ConfigurationError(
      'The stored token cannot be decrypted: `encryptionKey` is not the key it was saved with; give all processes the same key',
    );
  }
}
