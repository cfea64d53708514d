// Are numbers and bytes turned into each other without loss, and hashes made only where WebCrypto is?
import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { ConfigurationError } from '@axios-authorizer/core';
import {
  base64,
  bytesOfBase64,
  bytesOfHex,
  concatenated,
  hexOfBytes,
  numberOfBytes,
  padded,
  utf8,
} from '../../src/srp/bytes.js';
import { derivedKey, hmacSha256, sha256 } from '../../src/srp/hashes.js';

const sizes = [0, 1, 2, 3, 16, 63, 64, 65, 383, 384, 385] as const;

it.each(sizes)('%i bytes survive hex and base64, which are Node’s (G1)', (size) => {
  const bytes = randomBytes(size);
  expect([hexOfBytes(bytes), base64(bytes)]).toEqual([bytes.toString('hex'), bytes.toString('base64')]);
  expect(Buffer.from(bytesOfHex(hexOfBytes(bytes)))).toEqual(bytes);
  expect(Buffer.from(bytesOfBase64(base64(bytes)))).toEqual(bytes);
});

it.each([0n, 1n, 0x7fn, 0x80n, 0xffn, 0x100n, 0x7fffn, 0x8000n, 2n ** 3071n, 2n ** 3072n - 1n])(
  'the padded form of %d is minimal, has a top bit of 0, and means the same number (G1)',
  (value) => {
    const [first = 0, second = 0xff, ...more] = padded(value);
    expect(first).toBeLessThan(0x80);
    expect(first > 0 || second >= 0x80 || more.length + value.toString(16).length === 1).toBe(true);
    expect(numberOfBytes(padded(value))).toBe(value);
  },
);

it('bytes that follow each other are joined in order, empty ones too (G1)', () => {
  const parts = [utf8('pool'), utf8(''), Uint8Array.of(0, 255), utf8('ü')];
  expect(Buffer.from(concatenated(...parts))).toEqual(Buffer.concat(parts));
  expect(concatenated()).toHaveLength(0);
  expect(numberOfBytes(concatenated())).toBe(0n);
});

it.each(sizes)('hashes of %i bytes are Node’s (G1)', async (size) => {
  const [bytes, key] = [new Uint8Array(randomBytes(size)), new Uint8Array(randomBytes(size + 1))];
  expect(Buffer.from(await sha256(bytes, key))).toEqual(createHash('sha256').update(bytes).update(key).digest());
  expect(Buffer.from(await hmacSha256(key, bytes))).toEqual(createHmac('sha256', key).update(bytes).digest());
  const derived = hkdfSync('sha256', bytes, key, 'Caldera Derived Key', 16);
  expect(Buffer.from(await derivedKey(bytes, key))).toEqual(Buffer.from(derived));
});

it.each<[what: string, crypto: unknown]>([
  ['a page of plain http', { getRandomValues: () => undefined }],
  ['a platform without WebCrypto', undefined],
])('on %s there is a ConfigurationError that says what to do (G6)', async (_, crypto) => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true });
  try {
    const hashes = [sha256(utf8('x')), hmacSha256(utf8('x'), utf8('y')), derivedKey(utf8('x'), utf8('y'))];
    for (const hash of hashes) await expect(hash).rejects.toThrow(ConfigurationError);
    await expect(hashes[0]).rejects.toThrow('https');
  } finally {
    Object.defineProperty(globalThis, 'crypto', own ?? {});
  }
});
