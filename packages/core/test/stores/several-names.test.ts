// Do several authorizers keep their tokens in one file without losing each other's, and are older files still read?
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gate } from '@axios-authorizer/test-kit';
import { ConfigurationError } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { temporaryFolder } from './folder.js';

async function tokenFile(): Promise<string> {
  return join(await temporaryFolder(), 'token.json');
}

it('twenty that save at once into one file lose nobody’s token (C6)', async () => {
  const file = await tokenFile();
  const names = Array.from({ length: 20 }, (_, index) => `name-${index}`);
  await Promise.all(names.map((name) => fileTokenStore(file, { name }).save({ accessToken: name })));
  const loaded = await Promise.all(names.map((name) => fileTokenStore(file, { name }).load()));
  expect(loaded.map((token) => token?.accessToken)).toEqual(names);
});

it('clearing one name leaves the others (C6)', async () => {
  const file = await tokenFile();
  const [one, other] = [fileTokenStore(file), fileTokenStore(file, { name: 'other' })];
  await one.save({ accessToken: 'one' });
  await other.save({ accessToken: 'other' });
  await one.clear();
  await expect(one.load()).rejects.toMatchObject({ code: 'logged_out' });
  await expect(other.load()).resolves.toEqual({ accessToken: 'other' });
});

it('an entry that is damaged costs its own name only (C6)', async () => {
  const file = await tokenFile();
  await fileTokenStore(file, { name: 'good' }).save({ accessToken: 'good' });
  await fileTokenStore(file, { name: 'bad' }).save({ accessToken: 'bad' });
  await writeFile(file, (await readFile(file, 'utf8')).replace('{"accessToken":"bad"}', '7'));
  await expect(fileTokenStore(file, { name: 'bad' }).load()).rejects.toMatchObject({ code: 'store_unreadable' });
  await fileTokenStore(file, { name: 'bad' }).save({ accessToken: 'retried' });
  await expect(fileTokenStore(file, { name: 'bad' }).load()).resolves.toEqual({ accessToken: 'retried' });
  await expect(fileTokenStore(file, { name: 'good' }).load()).resolves.toEqual({ accessToken: 'good' });
});

it.each(['__proto__', 'constructor', 'a/b/../c', 'ä \n "'])('a name may be any text: %j (C6)', async (name) => {
  const file = await tokenFile();
  await expect(fileTokenStore(file, { name }).load()).resolves.toBeUndefined();
  const store = fileTokenStore(file, { name });
  await store.exclusive?.(() => store.save({ accessToken: 'kept' }));
  await fileTokenStore(file).save({ accessToken: 'default' });
  await expect(fileTokenStore(file, { name }).load()).resolves.toEqual({ accessToken: 'kept' });
});

it('who refreshes one name does not keep another from its lease (C6)', async () => {
  const file = await tokenFile();
  const mayEnd = gate();
  const first = fileTokenStore(file).exclusive?.(() => mayEnd.opened);
  await fileTokenStore(file, { name: 'other' }).exclusive?.(() => Promise.resolve(mayEnd.open()));
  await expect(first).resolves.toBeUndefined();
});

it('a file of version 1 is read as the default name’s, and written anew with the next token (C6)', async () => {
  const file = await tokenFile();
  await writeFile(file, '{"version":1,"generation":7,"token":{"accessToken":"old","issuedAt":"2026-01-01T00:00:00Z"}}');
  const store = fileTokenStore(file);
  const old = { accessToken: 'old', issuedAt: new Date(Date.UTC(2026, 0, 1)) };
  await expect(store.load()).resolves.toEqual(old);
  await fileTokenStore(file, { name: 'other' }).save({ accessToken: 'other' });
  await expect(store.load()).resolves.toEqual(old);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 2, generation: 8 });
});

it.each<[what: string, options: object]>([
  ['an empty name', { name: '' }],
  ['a name that is no text', { name: 5 }],
  ['a lease of nothing', { leaseMs: 0 }],
  ['a lease that is none', { leaseMs: Number.NaN }],
  ['a lease without end', { leaseMs: Infinity }],
])('%s is a ConfigurationError (C6)', (_what, options) => {
  expect(() => fileTokenStore('token.json', options)).toThrow(ConfigurationError);
});
