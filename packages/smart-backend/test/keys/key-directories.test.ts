// Which keys does loadKeys find in a folder, and in which order?
import { mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { thrownBy } from '@axios-authorizer/test-kit';
import {
  generateEcKeyPair,
  generateRsaKeyPair,
  KeyRing,
  loadKeys,
  publicJwks,
  SMARTBackendAuth,
} from '../../src/index.js';
import type { Jwk, SigningKey, SmartBackendKeys } from '../../src/index.js';
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

/** The ring that a client makes of a list. */
function privateRing(keys: readonly SmartBackendKeys[]): KeyRing {
  return new SMARTBackendAuth({ baseUrl: 'https://ehr.example.com', clientId: 'a', scope: 'system/*.rs', keys }).keys;
}

async function kidsIn(folder: string, passphrase?: string): Promise<readonly string[]> {
  return (await loadKeys(folder, { passphrase })).map(({ kid }) => kid);
}

it('the oldest key comes first, whatever its name (S3)', async () => {
  const folder = await folderWith({ 'z.pem': pkcs8(one), 'm.json': JSON.stringify(jwkOf(two)), 'a.pem': pkcs8(three) });
  await expect(kidsIn(folder)).resolves.toEqual([one, two, three].map(thumbprint));
});

it('a key that is generated later comes later, whatever the times of a mount (S7)', async () => {
  const folder = await temporaryFolder();
  const old = await generateRsaKeyPair(folder, { modulusLength: 2048, kid: 'z' });
  const fresh = await generateEcKeyPair(folder, { kid: 'a', format: 'pem' });
  for (const [name, seconds] of [
    ['z.json', 1_700_000_060],
    ['a.pem', 1_700_000_000],
  ] as const)
    await utimes(join(folder, name), seconds, seconds);
  const loaded = await loadKeys(folder);
  expect(loaded.map(({ publicKeyPem }) => publicKeyPem)).toEqual([old.publicKeyPem, fresh.publicKeyPem]);
});

it.each<readonly [format: string, key: (created: string) => string]>([
  ['a JWK', (created) => JSON.stringify({ ...jwkOf(two), created })],
  [
    'a JWK that counts seconds as a JWT does',
    (created) => JSON.stringify({ ...jwkOf(two), created: Date.parse(created) / 1000 }),
  ],
  ['a PEM', (created) => `# created: ${created}\n${pkcs8(two)}`],
  ['an encrypted PEM', (created) => `kid: k\r\n# created: ${created}\r\n${encrypted(two, 'correct horse')}`],
])('the age in %s counts, not that of its file (S7)', async (_format, key) => {
  for (const [created, order] of [
    ['2023-11-14T22:13:19Z', [two, one]],
    ['2023-11-14T22:13:21Z', [one, two]],
  ] as const) {
    const folder = await folderWith({ 'one.pem': pkcs8(one), 'two.pem': key(created) }); // one.pem: 22:13:20
    const loaded = await loadKeys(folder, { passphrase: 'correct horse' });
    expect(loaded.map(({ publicKeyPem }) => publicKeyPem)).toEqual(order.map(spkiOf));
  }
});

it('keys of one age are refused, and the message says how to choose (S7)', async () => {
  const folder = await folderWith({ 'b.pem': pkcs8(one), 'c.pem': pkcs8(two), 'a.pem': pkcs8(three) });
  for (const name of ['a.pem', 'b.pem']) await utimes(join(folder, name), 1_700_000_000, 1_700_000_000);
  const [kidOne, kidTwo, kidThree] = [one, two, three].map(thumbprint);
  const failure = await thrownBy(() => loadKeys(folder));
  expect(failure).toMatchObject({ name: 'SmartKeyError', kind: 'configuration', problem: 'ambiguous' });
  for (const part of [`{ signWith: "${kidOne}" }`, `{ signWith: "${kidThree}" }`, join(folder, 'a.pem')])
    expect(String(failure)).toContain(part);
  expect(String(failure)).not.toContain(kidTwo);
  const loaded = await loadKeys(folder, { signWith: kidOne });
  expect(loaded.map(({ kid }) => kid)).toEqual([kidOne, kidThree, kidTwo]);
});

it('files that were changed within one second have one age, since a mount writes one after the other (S7)', async () => {
  const folder = await folderWith({ 'a.pem': pkcs8(one), 'b.pem': pkcs8(two) });
  const ageA = (seconds: number): Promise<void> => utimes(join(folder, 'a.pem'), seconds, seconds);
  await utimes(join(folder, 'b.pem'), 1_700_000_000, 1_700_000_000);
  await ageA(1_700_000_000.999);
  expect(await problemOf(() => loadKeys(folder))).toBe('ambiguous');
  await ageA(1_700_000_001);
  await expect(kidsIn(folder)).resolves.toEqual([two, one].map(thumbprint));
});

it('two ages that stand in the files are told apart by the millisecond (S7)', async () => {
  const created = (key: KeyObject, at: string): string => JSON.stringify({ ...jwkOf(key), created: at });
  const files = {
    'b.json': created(one, '2026-01-01T00:00:00.001Z'),
    'a.json': created(two, '2026-01-01T00:00:00.002Z'),
  };
  await expect(kidsIn(await folderWith(files))).resolves.toEqual([one, two].map(thumbprint));
  const same = await folderWith({ ...files, 'a.json': created(two, '2026-01-01T00:00:00.001Z') });
  expect(await problemOf(() => loadKeys(same))).toBe('ambiguous');
});

it('an age that is no date is refused (S7)', async () => {
  for (const created of ['yesterday', true, '']) {
    const text = JSON.stringify({ ...jwkOf(one), created });
    expect(await problemOf(() => loadKeys(text))).toBe('malformed');
  }
  expect(await problemOf(() => loadKeys(`# created: soon\n${pkcs8(one)}`))).toBe('malformed');
});

it('within one file or text the order is its author’s, unless every key has its age (S7)', async () => {
  const [first, second] = [
    { ...jwkOf(one), created: '2026-02-01' },
    { ...jwkOf(two), created: '2026-01-01' },
  ];
  const kids = async (keys: readonly Jwk[]): Promise<unknown> => (await loadKeys({ keys })).map(({ kid }) => kid);
  expect(await kids([first, second])).toEqual([two, one].map(thumbprint));
  expect(await kids([jwkOf(one), second])).toEqual([one, two].map(thumbprint));
  await expect(
    kidsIn(await folderWith({ 'set.jwks': JSON.stringify({ keys: [jwkOf(one), jwkOf(two)] }) })),
  ).resolves.toEqual([one, two].map(thumbprint));
});

it('signWith names a key that is there, else the error names those that are (S7)', async () => {
  const failure = await thrownBy(() => loadKeys(pkcs8(one), { signWith: 'x' }));
  expect(failure).toMatchObject({ problem: 'missing', message: expect.stringContaining(thumbprint(one)) as unknown });
});

it('signWith is above the order in which a server lists its algorithms, in a list and in a ring (S7)', async () => {
  const folder = await temporaryFolder();
  await generateRsaKeyPair(folder, { modulusLength: 2048, kid: 'rs' });
  await generateEcKeyPair(folder, { kid: 'es' });
  const offered = ['ES384', 'RS384'];
  for (const [signWith, kid] of [
    ['rs', 'rs'],
    ['es', 'es'],
    [undefined, 'es'], // the server's order
  ]) {
    const keys = await loadKeys(folder, { signWith });
    for (const ring of [new KeyRing(...keys), privateRing(keys)]) expect(ring.choose(offered).kid).toBe(kid);
  }
  const ring = new KeyRing(...(await loadKeys(folder, { signWith: 'rs' })));
  expect(ring.choose(['ES384']).kid).toBe('es');
  const later = new KeyRing(...(await loadKeys(join(folder, 'es.json'))));
  later.publish((await loadKeys(folder, { signWith: 'rs' }))[0] as SigningKey);
  expect(later.choose(undefined).kid).toBe('es'); // what is published later does not sign before it is told to
});

it('the age of a key is neither published nor part of the key (S7)', async () => {
  const folder = await temporaryFolder();
  await generateEcKeyPair(folder);
  const keys = await loadKeys(folder);
  expect(JSON.stringify([await publicJwks(keys), keys[0]?.privateJwk])).not.toContain('created');
});

it('two files of keys, one behind the other, keep their own names and ages (S7)', async () => {
  const folder = await temporaryFolder();
  const texts = await Promise.all(
    ['a', 'b'].map(async (kid) => {
      await generateEcKeyPair(folder, { kid, format: 'pem' });
      return readFile(join(folder, `${kid}.pem`), 'utf8');
    }),
  );
  const loaded = await loadKeys(texts.join(''), { signWith: 'b' });
  expect(loaded.map(({ kid }) => kid)).toEqual(['b', 'a']);
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
