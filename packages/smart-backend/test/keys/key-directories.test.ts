// Which keys does loadKeys find in a folder, and in which order?
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateEcKeyPair, generateRsaKeyPair, loadKeys, publicJwks } from '../../src/index.js';
import { temporaryFolder } from './folder.js';
import { ecKey, encrypted, jwkOf, pkcs8, publicJwkOf, spkiOf, thumbprint } from './material.js';
import { problemOf } from './problem.js';

const [one, two, three] = [ecKey(), ecKey(), ecKey()];

/** Writes files that are a minute apart, the first the oldest. */
async function folderWith(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [index, [name, content]] of Object.entries(files).entries()) {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    await utimes(join(folder, name), 1_700_000_000 + 60 * index, 1_700_000_000 + 60 * index);
  }
  return folder;
}

async function kidsIn(folder: string, passphrase?: string): Promise<readonly string[]> {
  return (await loadKeys(folder, { passphrase })).map(({ kid }) => kid);
}

it('the oldest key comes first, whatever its name (S3)', async () => {
  const folder = await folderWith({ 'z.pem': pkcs8(one), 'm.json': JSON.stringify(jwkOf(two)), 'a.pem': pkcs8(three) });
  await expect(kidsIn(folder)).resolves.toEqual([one, two, three].map(thumbprint));
});

it('keys of one age come in the order of their names (S3)', async () => {
  const folder = await folderWith({ 'b.pem': pkcs8(one), 'c.pem': pkcs8(two), 'a.pem': pkcs8(three) });
  for (const name of ['a.pem', 'b.pem', 'c.pem']) await utimes(join(folder, name), 1_700_000_000, 1_700_000_000);
  await expect(kidsIn(folder)).resolves.toEqual([three, one, two].map(thumbprint));
});

it('a key that is generated later comes later, so it does not sign before it is told to (S3)', async () => {
  const folder = await temporaryFolder();
  const old = await generateRsaKeyPair(folder, { modulusLength: 2048, kid: 'z' });
  await utimes(join(folder, 'z.json'), 1_700_000_000, 1_700_000_000);
  const fresh = await generateEcKeyPair(folder, { kid: 'a' });
  const loaded = await loadKeys(folder);
  expect(loaded.map(({ publicKeyPem }) => publicKeyPem)).toEqual([old.publicKeyPem, fresh.publicKeyPem]);
});

it('pem, key, json, jwk and jwks files are read (S4)', async () => {
  const [fourth, fifth] = [ecKey(), ecKey()];
  const folder = await folderWith({
    '1.pem': pkcs8(one),
    '2.key': pkcs8(two),
    '3.json': JSON.stringify(jwkOf(three)),
    '4.jwk': JSON.stringify(jwkOf(fourth)),
    '5.jwks': JSON.stringify({ keys: [jwkOf(fifth)] }),
  });
  await expect(kidsIn(folder)).resolves.toEqual([one, two, three, fourth, fifth].map(thumbprint));
});

it('public keys, key sets, hidden files and other things are passed over (S4)', async () => {
  const folder = await folderWith({
    'public.pem': spkiOf(two),
    'public.json': JSON.stringify(publicJwkOf(two)),
    'jwks.json': JSON.stringify(await publicJwks(await loadKeys(pkcs8(two)))),
    '.hidden.pem': pkcs8(two),
    '.a1b2.tmp': '{"kty":"EC"',
    'README.md': 'our keys',
    'key.pem.bak': pkcs8(three),
    'key.pem': pkcs8(one),
  });
  await mkdir(join(folder, 'nested'));
  await expect(kidsIn(folder)).resolves.toEqual([thumbprint(one)]);
});

it('the links of a mounted secret are followed (S4)', async () => {
  const data = await folderWith({ 'key.pem': pkcs8(one) });
  const folder = await temporaryFolder();
  await symlink(data, join(folder, '..data'));
  await symlink(join('..data', 'key.pem'), join(folder, 'key.pem'));
  await expect(kidsIn(folder)).resolves.toEqual([thumbprint(one)]);
});

it('an encrypted key needs the passphrase, beside others that do not (S4)', async () => {
  const folder = await folderWith({ 'plain.pem': pkcs8(one), 'closed.pem': encrypted(two, 'correct horse') });
  expect(await problemOf(() => loadKeys(folder))).toBe('encrypted');
  expect(await problemOf(() => loadKeys(folder, { passphrase: 'guessed' }))).toBe('passphrase');
  await expect(kidsIn(folder, 'correct horse')).resolves.toEqual([one, two].map(thumbprint));
});

it('one damaged key is told with its path, it does not go unseen (S4)', async () => {
  const folder = await folderWith({ 'good.pem': pkcs8(one), 'bad.pem': pkcs8(two).slice(0, 120) });
  await expect(loadKeys(folder)).rejects.toMatchObject({
    problem: 'malformed',
    message: expect.stringContaining(join(folder, 'bad.pem')) as unknown,
  });
});

it('one key in two files is one key, two keys under one kid are refused (S3)', async () => {
  const same = await folderWith({ 'a.pem': pkcs8(one), 'a.json': JSON.stringify(jwkOf(one)) });
  await expect(kidsIn(same)).resolves.toEqual([thumbprint(one)]);
  const [mine, others] = [one, two].map((key) => JSON.stringify({ ...jwkOf(key), kid: 'default' }));
  const both = await folderWith({ 'a.json': mine ?? '', 'b.json': others ?? '' });
  expect(await problemOf(() => loadKeys(both))).toBe('ambiguous');
});

it('a kid for several keys is refused (S4)', async () => {
  const folder = await folderWith({ 'a.pem': pkcs8(one), 'b.pem': pkcs8(two) });
  expect(await problemOf(() => loadKeys(folder, { kid: 'mine' }))).toBe('ambiguous');
});

it.each<readonly [what: string, files: Readonly<Record<string, string>>]>([
  ['an empty folder', {}],
  ['a folder of public keys', { 'public.pem': spkiOf(one), 'jwks.json': JSON.stringify({ keys: [publicJwkOf(one)] }) }],
  ['a folder of other files', { 'README.md': 'our keys' }],
])('%s holds no key, which is told as missing (S4)', async (_what, files) => {
  const folder = await folderWith(files);
  await expect(loadKeys(folder)).rejects.toMatchObject({
    problem: 'missing',
    message: expect.stringContaining(folder) as unknown,
  });
});
