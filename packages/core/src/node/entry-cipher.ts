// Seals a stored token with AES-256-GCM (NIST SP 800-38D). What it is, and whose, is authenticated with it: a sealed token
// cannot be passed off as another name's.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isUint8Array } from 'node:util/types';
import { ConfigurationError } from '../index.js';

/** 32 bytes, or their base64 text as `openssl rand -base64 32` prints it. */
export type EncryptionKey = Uint8Array | string;

export interface EntryCipher {
  /** Tells one key from another, and nothing of either. */
  readonly keyId: string;
  seal(text: string, about: string): string;
  /** Undefined for what was not sealed with this key about this. */
  open(sealed: string, about: string): string | undefined;
}

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
/** SP 800-38D, 8.2.2: random ones are good for 2^32 tokens under one key. */
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_LENGTH = 16;
const BASE64_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** @throws ConfigurationError for anything but 32 bytes */
export function entryCipher(encryptionKey: EncryptionKey): EntryCipher {
  const key = createSecretKey(bytesOf(encryptionKey));
  const digest = createHmac('sha256', key).update('axios-authorizer key id').digest('hex');
  return {
    keyId: digest.slice(0, KEY_ID_LENGTH),
    seal: (text, about) => seal(key, text, about),
    open: (sealed, about) => open(key, Buffer.from(sealed, 'base64'), about),
  };
}

function seal(key: KeyObject, text: string, about: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(about));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

function open(key: KeyObject, sealed: Buffer, about: string): string | undefined {
  const [iv, tag] = [sealed.subarray(0, IV_BYTES), sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
  if (tag.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(about));
  decipher.setAuthTag(tag);
  try {
    return decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}

function bytesOf(key: unknown): Uint8Array {
  if (isUint8Array(key) && key.length === KEY_BYTES) return key;
  if (typeof key === 'string' && BASE64_KEY.test(key)) return Buffer.from(key, 'base64');
  throw new ConfigurationError(
    'encryptionKey must be 32 bytes: a Uint8Array, or their base64 text as `openssl rand -base64 32` prints it',
  );
}
