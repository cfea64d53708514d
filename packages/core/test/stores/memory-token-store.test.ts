// Does the store in memory keep one token, and let one at a time work on it?
import { gate } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer, ConfigurationError, memoryTokenStore } from '../../src/index.js';
import { failureOf } from '../endpoint/stage.js';

it('keeps what was saved, until it is cleared (C6, C17)', async () => {
  const store = memoryTokenStore();
  await expect(store.load()).resolves.toBeUndefined();
  const token = { accessToken: 'a', expiresAt: new Date(5) };
  await store.save(token);
  await expect(store.load()).resolves.toBe(token);
  await store.clear();
  await expect(store.load()).rejects.toMatchObject({ code: 'logged_out' });
});

it('what it rejects with after a sign-out is an AuthenticationError like any other (errors, C17)', async () => {
  const store = memoryTokenStore();
  await store.clear();
  const error = await failureOf(store.load());
  expect(error).toBeInstanceOf(AuthenticationError);
  expect(error).not.toBeInstanceOf(ConfigurationError);
  const stack: unknown = expect.stringMatching(
    /^AuthenticationError: Somebody who shares this token store has signed out/,
  );
  expect(error).toMatchObject({ name: 'AuthenticationError', kind: 'session', transient: false, stack });
});

it('exclusive work is done one after the other, also after a failure (C6)', async () => {
  const store = memoryTokenStore();
  const first = gate();
  const order: string[] = [];
  const one = store.exclusive?.(async () => {
    order.push('one begins');
    await first.opened;
    order.push('one ends');
    throw new Error('one fails');
  });
  const two = store.exclusive?.(() => Promise.resolve(order.push('two')));
  first.open();
  await expect(one).rejects.toThrow('one fails');
  await two;
  expect(order).toEqual(['one begins', 'one ends', 'two']);
});

it('two authorizers over one store cost one sign-in (C6)', async () => {
  const store = memoryTokenStore();
  let signIns = 0;
  const getToken = (): Promise<string> => Promise.resolve(`token-${(signIns += 1)}`);
  const authorizers = [new Authorizer(getToken, { store }), new Authorizer(getToken, { store })];
  const tokens = await Promise.all(authorizers.map((authorizer) => authorizer.getToken()));
  expect(tokens.map(({ accessToken }) => accessToken)).toEqual(['token-1', 'token-1']);
  expect(signIns).toBe(1);
});

it('two stores do not share (C13)', async () => {
  await memoryTokenStore().save({ accessToken: 'a' });
  await expect(memoryTokenStore().load()).resolves.toBeUndefined();
});
