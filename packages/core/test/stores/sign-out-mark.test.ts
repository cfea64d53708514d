// Do all stores of core give one answer when saves and sign-outs meet, and to those who come late? Redis: packages/redis.
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { memoryTokenStore } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { newOrigin } from '../browser/tabs.js';
import { temporaryFolder } from './folder.js';
import type { Token, TokenStore } from '../../src/index.js';

/** Two who share a token. */
type Pair = readonly [one: TokenStore, other: TokenStore];

const inMemory = async (): Promise<Pair> => {
  const store = memoryTokenStore();
  return [store, store];
};
const inFile = async (options = {}): Promise<Pair> => {
  const file = join(await temporaryFolder(), 'token.json');
  return [fileTokenStore(file, options), fileTokenStore(file, options)];
};
const inBrowser = async (): Promise<Pair> => {
  const origin = newOrigin();
  return [origin.open().store, origin.open().store];
};
const stores: readonly [what: string, make: () => Promise<Pair>][] = [
  ['in memory', inMemory],
  ['in a file', inFile],
  ['in an encrypted file', () => inFile({ encryptionKey: randomBytes(32) })],
  ['in two tabs of a browser', inBrowser],
];

/** A refresh token that is good for one use: who has r1 got it for r0. */
function token(generation: number, more: Partial<Token> = {}): Token {
  return { accessToken: `a${generation}`, refreshToken: `r${generation}`, ...more };
}

const loggedOut = { code: 'logged_out', kind: 'session', name: 'AuthenticationError' };

describe.each(stores)('a token %s', (_where, make) => {
  it('after a sign-out load and save reject with logged_out for all who share it, and nothing is kept (C17)', async () => {
    const [one, other] = await make();
    await one.save(token(0));
    await other.load();
    await one.clear();
    for (const store of [one, other]) {
      await expect(store.load()).rejects.toMatchObject(loggedOut);
      await expect(store.save(token(1), token(0))).rejects.toMatchObject(loggedOut);
      await expect(store.save(token(1))).rejects.toMatchObject(loggedOut);
      await expect(store.load()).rejects.toMatchObject(loggedOut);
    }
  });

  it('a sign-out where nothing was kept leaves its mark too, for a first save that is on its way (C17)', async () => {
    const [one, other] = await make();
    await expect(other.load()).resolves.toBeUndefined();
    await one.clear();
    await one.clear();
    await expect(other.save(token(0))).rejects.toMatchObject(loggedOut);
  });

  it('a new session replaces the mark, and whatever else stands, for all who share it (C17)', async () => {
    const [one, other] = await make();
    await one.save(token(0));
    await one.clear();
    await expect(other.save(token(1), undefined, { newSession: true })).resolves.toBeUndefined();
    await expect(one.load()).resolves.toEqual(token(1));
    await expect(other.save(token(2), token(0), { newSession: true })).resolves.toBeUndefined();
    await expect(one.load()).resolves.toEqual(token(2));
    await expect(one.save(token(3), token(2))).resolves.toBeUndefined();
  });

  it('newSession: false is no new session (C17)', async () => {
    const [one] = await make();
    await one.clear();
    await expect(one.save(token(1), undefined, { newSession: false })).rejects.toMatchObject(loggedOut);
  });

  it.each([
    ['5 s ahead', 5_000],
    ['5 s behind', -5_000],
  ])('the late save of one whose clock is %s never stands over the newer token (C6)', async (_clock, aheadMs) => {
    const [ahead, other] = await make();
    const at = (now: number): Date => new Date(1_800_000_000_000 + now);
    const [r0, r1, r2] = [
      token(0),
      token(1, { issuedAt: at(aheadMs), expiresAt: at(aheadMs + 60_000) }),
      token(2, { issuedAt: at(1_000), expiresAt: at(61_000) }),
    ];
    await ahead.save(r0);
    await ahead.save(r1, r0);
    await other.load();
    await other.save(r2, r1);
    await expect(ahead.save(r1, r0)).resolves.toEqual(r2);
    await expect(other.load()).resolves.toEqual(r2);
  });

  it('who renewed the token that stands replaces it, however it was got to know (C6)', async () => {
    const [one, other] = await make();
    await one.save(token(0));
    await expect(other.save(token(1), token(0))).resolves.toBeUndefined();
    await expect(one.load()).resolves.toEqual(token(1));
  });

  it.each([
    ['access token', { accessToken: 'another' }],
    ['refresh token', { refreshToken: 'another' }],
  ])('a token with another %s than the one to be replaced wins (C6)', async (_what, other) => {
    const [one, late] = await make();
    const standing = { ...token(0), ...other };
    await one.save(standing);
    await expect(late.save(token(1), token(0))).resolves.toEqual(standing);
    await expect(one.load()).resolves.toEqual(standing);
  });

  it('a store that is empty keeps what is saved, whatever it was to replace (C17)', async () => {
    const [one] = await make();
    await expect(one.save(token(1), token(0))).resolves.toBeUndefined();
    await expect(one.load()).resolves.toEqual(token(1));
  });

  it('members that the store does not know come back, such as the mark of a session (C17)', async () => {
    const [one, other] = await make();
    const marked = { ...token(0), sessionMark: 'mark', boundTo: 'key', other: 'word' };
    await one.save(marked);
    await expect(other.save(token(2), token(1))).resolves.toEqual(marked);
    await expect(other.load()).resolves.toEqual(marked);
  });
});

it('a file that was removed ends no session: the next save is kept, and a late one of before does not replace it (C17)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  const [one, other] = [fileTokenStore(file), fileTokenStore(file)];
  await one.save(token(0));
  await rm(file);
  await expect(one.load()).resolves.toBeUndefined();
  await one.save(token(1));
  await rm(file);
  await other.save(token(5)); // the generation of the removed file once more
  await expect(one.save(token(2), token(1))).resolves.toEqual(token(5));
});

it('the mark of a sign-out outlives the process, and is removed with the file (C17)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  await fileTokenStore(file).clear();
  await expect(fileTokenStore(file).load()).rejects.toMatchObject(loggedOut);
  await rm(file);
  await expect(fileTokenStore(file).load()).resolves.toBeUndefined();
});

it('one name’s sign-out does not end another’s session in the same file (C17)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  const [one, other] = [fileTokenStore(file, { name: 'one' }), fileTokenStore(file, { name: 'other' })];
  await other.save(token(0));
  await one.clear();
  await expect(one.load()).rejects.toMatchObject(loggedOut);
  await expect(other.load()).resolves.toEqual(token(0));
});

it('a mark and a token that an earlier version wrote are read as what they are (C17)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  await mkdir(dirname(file), { recursive: true });
  const entries = { left: { generation: 2 }, kept: { generation: 3, token: { accessToken: 'a' } } };
  await writeFile(file, JSON.stringify({ version: 2, generation: 3, entries }));
  await expect(fileTokenStore(file, { name: 'left' }).load()).rejects.toMatchObject(loggedOut);
  await expect(fileTokenStore(file, { name: 'kept' }).load()).resolves.toEqual({ accessToken: 'a' });
});

it('exclusive work in memory that is waited for by many goes on when one of them fails (C6)', async () => {
  const store = memoryTokenStore();
  const works = ['a', 'b'].map(async (name) => store.exclusive?.(() => Promise.reject(new Error(name))));
  await Promise.allSettled(works);
  await expect(store.exclusive?.(async () => 'next')).resolves.toBe('next');
});
