// What lies on the disk after a key was generated, for whom, and what of it is never lost?
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { generateEcKeyPair, generateKeyPair, generateRsaKeyPair, loadKeys } from '../../src/index.js';
import { modeOf, temporaryFolder } from './folder.js';
import { thumbprint } from './material.js';
import { problemOf } from './problem.js';
import type { KeyFilesOptions, SmartBackendKeys } from '../../src/index.js';

const passphrase = 'correct horse, "battery" \\ staple';
const formats: readonly (readonly [what: string, ending: string, options: KeyFilesOptions])[] = [
  ['jwk', 'json', { format: 'jwk' }],
  ['pem', 'pem', { format: 'pem' }],
  ['pem with a passphrase', 'pem', { format: 'pem', passphrase }],
];
const makers = [
  ['generateEcKeyPair', 'ES384', generateEcKeyPair],
  ['generateRsaKeyPair', 'RS384', generateRsaKeyPair],
] as const;

function face({ alg, kid, publicKeyPem }: SmartBackendKeys): object {
  return { alg, kid, publicKeyPem };
}

describe.each(makers)('%s', (_name, alg, generate) => {
  it.each(formats)('as %s comes back with the same kid, alg and public key (S4)', async (_what, ending, options) => {
    const folder = await temporaryFolder();
    const made = await generate(folder, { kid: 'my.key_2026-01', modulusLength: 2048, ...options });
    const [loaded, ...more] = await loadKeys(join(folder, `my.key_2026-01.${ending}`), { passphrase });
    expect(more).toEqual([]);
    expect(loaded && face(loaded)).toEqual(face(made));
    expect(made.alg).toBe(alg);
    expect(loaded?.privateJwk).toEqual(made.privateJwk);
  });

  it.each(formats)('as %s is one file, 0600 in a folder made 0700 (S4)', async (_what, ending, options) => {
    const folder = join(await temporaryFolder(), 'deep', 'er');
    const { kid } = await generate(folder, { modulusLength: 2048, ...options });
    await expect(readdir(folder)).resolves.toEqual([`${kid}.${ending}`]);
    await expect(modeOf(join(folder, `${kid}.${ending}`))).resolves.toBe('600');
    await expect(modeOf(folder)).resolves.toBe('700');
  });

  it('names the file after the RFC 7638 thumbprint when no kid is given (S4)', async () => {
    const folder = await temporaryFolder();
    const { privateJwk, kid } = await generate(folder, { modulusLength: 2048 });
    expect(kid).toBe(thumbprint(privateJwk));
    await expect(readdir(folder)).resolves.toEqual([`${kid}.json`]);
  });
});

function refusals(ends: readonly PromiseSettledResult<unknown>[]): Error[] {
  return ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
}

it('generateKeyPair writes where keyDirectory says, and else nowhere (S4)', async () => {
  const folder = await temporaryFolder();
  await generateKeyPair('ES384', { kid: 'a' });
  await expect(readdir(folder)).resolves.toEqual([]);
  await generateKeyPair('ES384', { kid: 'a', keyDirectory: folder });
  await expect(readdir(folder)).resolves.toEqual(['a.json']);
});

it('a passphrase alone makes an encrypted PEM, from which no key can be read (S4)', async () => {
  const folder = await temporaryFolder();
  await generateEcKeyPair(folder, { kid: 'a', passphrase });
  await expect(readFile(join(folder, 'a.pem'), 'utf8')).resolves.toContain('BEGIN ENCRYPTED PRIVATE KEY');
  expect(await problemOf(() => loadKeys(folder))).toBe('encrypted');
  expect(await problemOf(() => loadKeys(folder, { passphrase: 'guessed' }))).toBe('passphrase');
});

it('a passphrase for a JWK is refused, and nothing is written (S4)', async () => {
  const folder = await temporaryFolder();
  expect(await problemOf(() => generateEcKeyPair(folder, { format: 'jwk', passphrase }))).toBe('encrypted');
  await expect(readdir(folder)).resolves.toEqual([]);
});

it.each(formats)('a second key of one kid as %s is refused, the first stays byte for byte (S4)', async (...row) => {
  const [, ending, options] = row;
  const folder = await temporaryFolder();
  const path = join(folder, `a.${ending}`);
  const first = await generateEcKeyPair(folder, { kid: 'a', ...options });
  const before = { bytes: await readFile(path), at: (await stat(path)).mtimeMs };
  expect(await problemOf(() => generateEcKeyPair(folder, { kid: 'a', ...options }))).toBe('exists');
  expect({ bytes: await readFile(path), at: (await stat(path)).mtimeMs }).toEqual(before);
  await expect(readdir(folder)).resolves.toEqual([`a.${ending}`]);
  expect((await loadKeys(path, { passphrase })).map(face)).toEqual([face(first)]);
});

it.each(formats)('overwrite replaces a key as %s, and leaves nothing else (S4)', async (_what, ending, options) => {
  const folder = await temporaryFolder();
  const first = await generateEcKeyPair(folder, { kid: 'a', ...options });
  const second = await generateEcKeyPair(folder, { kid: 'a', overwrite: true, ...options });
  expect(second.publicKeyPem).not.toBe(first.publicKeyPem);
  await expect(readdir(folder)).resolves.toEqual([`a.${ending}`]);
  await expect(modeOf(join(folder, `a.${ending}`))).resolves.toBe('600');
  expect((await loadKeys(folder, { passphrase })).map(face)).toEqual([face(second)]);
});

it('a kid that is taken by a key in the other format is refused as well (S4)', async () => {
  const folder = await temporaryFolder();
  await generateEcKeyPair(folder, { kid: 'a' });
  expect(await problemOf(() => generateEcKeyPair(folder, { kid: 'a', passphrase }))).toBe('exists');
  await expect(readdir(folder)).resolves.toEqual(['a.json']);
});

it('overwrite replaces a key of the same kid in the other format too, so that the folder still loads (S4)', async () => {
  const folder = await temporaryFolder();
  await generateEcKeyPair(folder, { kid: 'a' });
  const second = await generateEcKeyPair(folder, { kid: 'a', overwrite: true, passphrase });
  await expect(readdir(folder)).resolves.toEqual(['a.pem']);
  expect((await loadKeys(folder, { passphrase })).map(face)).toEqual([face(second)]);
});

it('twenty writers of one kid: one key is kept, and the others are told that it exists (S4)', async () => {
  const folder = await temporaryFolder();
  const ends = await Promise.allSettled(Array.from({ length: 20 }, () => generateEcKeyPair(folder, { kid: 'a' })));
  const kept = ends.flatMap((end) => (end.status === 'fulfilled' ? [face(end.value)] : []));
  expect(kept).toHaveLength(1);
  const told = await Promise.all(refusals(ends).map((reason) => problemOf(() => Promise.reject(reason))));
  expect(new Set(told)).toEqual(new Set(['exists']));
  expect((await loadKeys(folder)).map(face)).toEqual(kept);
});
