// Does one file serve several stores, and so several processes, without their getting in each other's way?
import { join } from 'node:path';
import { gate } from '@axios-authorizer/test-kit';
import { Authorizer } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { temporaryFolder } from './folder.js';
import type { Token } from '../../src/index.js';

async function tokenFile(): Promise<string> {
  return join(await temporaryFolder(), 'of', 'both', 'token.json');
}

it('exclusive work over one path is done one after the other (C6)', async () => {
  const file = await tokenFile();
  const [one, two] = [fileTokenStore(file), fileTokenStore(file)];
  const [begun, mayEnd] = [gate(), gate()];
  const order: string[] = [];
  const first = one.exclusive?.(async () => {
    begun.open();
    await mayEnd.opened;
    order.push('first');
  });
  await begun.opened;
  const second = two.exclusive?.(() => Promise.resolve(order.push('second')));
  mayEnd.open();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

it('work that fails gives the lease back and tells its caller (C6)', async () => {
  const file = await tokenFile();
  const broken = new Error('broken');
  await expect(fileTokenStore(file).exclusive?.(() => Promise.reject(broken))).rejects.toBe(broken);
  await expect(fileTokenStore(file).exclusive?.(() => Promise.resolve('after'))).resolves.toBe('after');
});

it('load and save inside a lease do not wait for it (C6)', async () => {
  const store = fileTokenStore(await tokenFile());
  const loaded = await store.exclusive?.(async () => {
    await store.save({ accessToken: 'inside' });
    return store.load();
  });
  expect(loaded).toEqual({ accessToken: 'inside' });
});

it('two authorizers over one file cost one sign-in (C6)', async () => {
  const file = await tokenFile();
  let signIns = 0;
  const getToken = (): Promise<string> => Promise.resolve(`token-${(signIns += 1)}`);
  const authorizers = [file, file].map((path) => new Authorizer(getToken, { store: fileTokenStore(path) }));
  const tokens = await Promise.all(authorizers.map((authorizer) => authorizer.getToken()));
  expect(tokens.map(({ accessToken }) => accessToken)).toEqual(['token-1', 'token-1']);
  expect(signIns).toBe(1);
});

it('a token that another one rotated is adopted, and no refresh token is used twice (C6)', async () => {
  const file = await tokenFile();
  const used: unknown[] = [];
  const source = {
    authorize: (): Promise<Token> => Promise.resolve({ accessToken: 'a-0', refreshToken: 'r-0' }),
    refresh: ({ refreshToken }: Token): Promise<Token> => {
      used.push(refreshToken);
      return Promise.resolve({ accessToken: `a-${used.length}`, refreshToken: `r-${used.length}` });
    },
  };
  const [one, two] = [file, file].map((path) => new Authorizer<Token>(source, { store: fileTokenStore(path) }));
  const held = await one?.getToken();
  await two?.getToken();
  const rejected = held ?? { accessToken: 'none' };
  const renewed = await Promise.all([one?.getToken({ rejected }), two?.getToken({ rejected })]);
  expect(renewed.map((token) => token?.accessToken)).toEqual(['a-1', 'a-1']);
  expect(used).toEqual(['r-0']);
});

it('what one saved the next run resumes, without a sign-in (C6)', async () => {
  const file = await tokenFile();
  await new Authorizer(() => Promise.resolve('kept'), { store: fileTokenStore(file) }).getToken();
  const later = new Authorizer(() => Promise.reject(new Error('no sign-in')), { store: fileTokenStore(file) });
  await expect(later.getToken()).resolves.toMatchObject({ accessToken: 'kept' });
});

it('after a logout the next run finds no token (C6)', async () => {
  const file = await tokenFile();
  const authorizer = new Authorizer(() => Promise.resolve('kept'), { store: fileTokenStore(file) });
  await authorizer.getToken();
  await authorizer.logout();
  await expect(fileTokenStore(file).load()).rejects.toMatchObject({ code: 'logged_out' });
});
