// Authenticator apps and the pool compute the same six digits from a shared secret and the time (RFC 6238, RFC 4226).

import { createHmac, randomBytes } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepMs = 30_000;
const codeRange = 1_000_000;

/** 20 random bytes in base32 (RFC 4648, 6), as AssociateSoftwareToken hands them out. */
export function newSecretCode(): string {
  const bits = [...randomBytes(20)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
}

/** The code of the 30 s in which `ms` lies. */
export function totp(secretCode: string, ms: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(ms / stepMs)));
  const sum = createHmac('sha1', decode(secretCode)).update(counter).digest();
  const offset = (sum.at(-1) ?? 0) & 0x0f;
  return sixDigits((sum.readUInt32BE(offset) & 0x7fffffff) % codeRange);
}

/** Whether `code` is right now, or was or will be within 30 s. */
export function isTotp(secretCode: string, code: string, ms: number): boolean {
  return [-stepMs, 0, stepMs].some((shift) => totp(secretCode, ms + shift) === code);
}

export function sixDigits(value: number): string {
  return String(value).padStart(6, '0');
}

function decode(secretCode: string): Buffer {
  const bits = Array.from(secretCode, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
