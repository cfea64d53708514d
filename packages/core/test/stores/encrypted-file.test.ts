// What lies on the disk when a key is given, and who can open it?
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { leaks } from '@axios-authorizer/test-kit';
import { Authorizer, ConfigurationError } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { temporaryFolder } from './folder.js';

const token = {
  accessToken: 'a-secret-access-token',
  refreshToken: 'a-secret-refresh-token',
  idToken: 'a-secret-id-token',
  expiresAt: new Date(Date.UTC(2030, 0, 1)),
};
const secrets = [token.accessToken, token.refreshToken, token.idToken];

async function sealed(): Promise<{ file: string; encryptionKey: Uint8Array }> {
  const file = join(await temporaryFolder(), 'token.json');
  const encryptionKey = randomBytes(32);
  await fileTokenStore(file, { encryptionKey }).save(token);
  return { file, encryptionKey };
}

it('what was sealed comes back with the same key, as bytes or as base64 (C6)', async () => {
  const { file, encryptionKey } = await sealed();
  await expect(fileTokenStore(file, { encryptionKey }).load()).resolves.toEqual(token);
  const text = Buffer.from(encryptionKey).toString('base64');
  await expect(fileTokenStore(file, { encryptionKey: text }).load()).resolves.toEqual(token);
});

it('with a key nothing of the token is in the file, in any encoding; without one it is (C6)', async () => {
  const { file, encryptionKey } = await sealed();
  const content = await readFile(file, 'utf8');
  expect(leaks(content, [...secrets, Buffer.from(encryptionKey).toString('base64')])).toEqual([]);
  await fileTokenStore(`${file}.plain`).save(token);
  expect(leaks(await readFile(`${file}.plain`, 'utf8'), secrets)).not.toEqual([]);
});

it('the same token is sealed differently each time (C6)', async () => {
  const { file, encryptionKey } = await sealed();
  const sealOf = async (): Promise<unknown> => /"sealed":"([^"]+)"/.exec(await readFile(file, 'utf8'))?.[1];
  const first = await sealOf();
  await fileTokenStore(file, { encryptionKey }).save(token);
  expect(await sealOf()).not.toBe(first);
});

it.each([
  ['another key', { encryptionKey: randomBytes(32) }],
  ['no key', {}],
])('with %s, load and save are ConfigurationErrors, and the file stays as it is (C6)', async (_what, options) => {
  const { file, encryptionKey } = await sealed();
  const before = await readFile(file, 'utf8');
  const store = fileTokenStore(file, options);
  await expect(store.load()).rejects.toThrow(ConfigurationError);
  await expect(store.save({ accessToken: 'another' })).rejects.toThrow(ConfigurationError);
  expect(await readFile(file, 'utf8')).toBe(before);
  await expect(fileTokenStore(file, { encryptionKey }).load()).resolves.toEqual(token);
});

it('with a wrong key nobody signs in or out: the caller is told to fix the program (C6)', async () => {
  const { file } = await sealed();
  let signIns = 0;
  const authorizer = new Authorizer(() => Promise.resolve(`new-${(signIns += 1)}`), {
    store: fileTokenStore(file, { encryptionKey: randomBytes(32) }),
  });
  await expect(authorizer.getToken()).rejects.toMatchObject({
    kind: 'configuration',
    message: expect.stringContaining('encryptionKey') as string,
  });
  expect(signIns).toBe(0);
});

it('a logout drops a token that nobody has the key of (C6)', async () => {
  const { file, encryptionKey } = await sealed();
  await new Authorizer(() => Promise.resolve('x'), { store: fileTokenStore(file) }).logout();
  await expect(fileTokenStore(file, { encryptionKey }).load()).rejects.toMatchObject({ code: 'logged_out' });
});

it('a seal that was changed is damage, not a wrong key, and is replaced (C6)', async () => {
  const { file, encryptionKey } = await sealed();
  const content = await readFile(file, 'utf8');
  await writeFile(file, content.replace(/"sealed":"..../, '"sealed":"AAAA'));
  const store = fileTokenStore(file, { encryptionKey });
  await expect(store.load()).rejects.toMatchObject({ code: 'store_unreadable' });
  await new Authorizer(() => Promise.resolve('fresh'), { store }).getToken();
  await expect(store.load()).resolves.toMatchObject({ accessToken: 'fresh' });
});

it('a sealed token cannot be passed off as another name’s, nor as one of another version (C6)', async () => {
  const { file, encryptionKey } = await sealed();
  const content = await readFile(file, 'utf8');
  await writeFile(file, content.replace('"default"', '"other"'));
  const other = fileTokenStore(file, { encryptionKey, name: 'other' });
  await expect(other.load()).rejects.toMatchObject({ code: 'store_unreadable' });
});

it('a token unencrypted is read with a key, and sealed with the next save (C6)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  await fileTokenStore(file).save(token);
  const store = fileTokenStore(file, { encryptionKey: randomBytes(32) });
  await store.save((await store.load()) ?? token);
  expect(leaks(await readFile(file, 'utf8'), secrets)).toEqual([]);
});

it.each<[what: string, key: unknown]>([
  ['31 bytes', randomBytes(31)],
  ['33 bytes', randomBytes(33)],
  ['nothing', ''],
  ['a pass phrase', 'correct horse battery staple'],
  ['base64 of 16 bytes', randomBytes(16).toString('base64')],
  ['hexadecimal digits', randomBytes(32).toString('hex')],
  ['a number', 5],
  ['null', null],
])('a key that is %s is a ConfigurationError that does not show it (C6, C11)', (_what, key) => {
  const make = (): unknown => fileTokenStore('token.json', { encryptionKey: key as string });
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(
    /^encryptionKey must be 32 bytes: a Uint8Array, or their base64 text as `openssl rand -base64 32` prints it$/,
  );
});
