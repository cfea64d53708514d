// A token is kept before it is used; and what cannot be kept is used all the same.
import { gate, until } from '@axios-authorizer/test-kit';
import { ConfigurationError } from '@axios-authorizer/core';
import type { TokenStore } from '@axios-authorizer/core';
import type { CognitoToken } from '../../src/index.js';
import { asked, failureOf, notices } from '../stage.js';
import { later, lifeMs, refresh, rotating, sentRefreshTokens, signIn } from '../refresh/stage.js';
import { clientOf, scene } from './stage.js';

/** A store without a lease, as a user might write it, whose calls can be made to fail. */
class Kept implements TokenStore<CognitoToken> {
  token: CognitoToken | undefined;
  fault: { readonly on: 'load' | 'save' | 'clear'; readonly error: Error } | undefined;
  readonly log: string[] = [];

  load(): Promise<CognitoToken | undefined> {
    return this.#done('load', () => this.token);
  }
  save(token: CognitoToken): Promise<void> {
    return this.#done('save', () => void (this.token = token));
  }
  clear(): Promise<void> {
    return this.#done('clear', () => void (this.token = undefined));
  }

  async #done<R>(call: 'load' | 'save' | 'clear', work: () => R): Promise<R> {
    this.log.push(call);
    if (this.fault?.on === call) throw this.fault.error;
    return Promise.resolve(work());
  }
}

const failing = new Error('The disk is full');

it('onToken is awaited before any request goes out, of a sign-in and of a refresh (G3)', async () => {
  const [kept, gates] = [[] as CognitoToken[], [gate(), gate()]];
  const onToken = async (token: CognitoToken): Promise<void> => {
    kept.push(token);
    await gates[kept.length - 1]?.opened;
  };
  const { api, client, ...base } = await scene({ pool: rotating, options: { onToken } });
  for (const [turn, { open }] of gates.entries()) {
    const request = client.get('/things');
    await until(() => kept.length === turn + 1, 'onToken');
    expect(api.requests).toHaveLength(turn);
    open();
    await request;
    later(base, lifeMs);
  }
  expect(api.bearers()).toEqual(kept.map(({ accessToken }) => accessToken));
  expect(sentRefreshTokens(base.pool)).toEqual([kept[0]?.refreshToken]);
});

it('onToken that fails is told, and the token is used (G3)', async () => {
  const onToken = (): Promise<void> => Promise.reject(failing);
  const { client, ...base } = await scene({ options: { onToken } });
  expect((await client.get('/things')).status).toBe(200);
  expect(notices(base)).toEqual([expect.stringContaining('onToken failed')]);
});

it('a token is saved before the request that waits for it goes out (G3)', async () => {
  const store = new Kept();
  const { api, client } = await scene({ options: { store } });
  let held: unknown;
  api.route('/things', (_request, response) => {
    held = store.token;
    response.end('{}');
  });
  await client.get('/things');
  expect(held).toBe(client.authorizer.token);
  expect(store.log).toEqual(['load', 'save']);
});

it('a store that cannot save: the request goes out, and the session goes on from memory (G3)', async () => {
  const store = new Kept();
  const { api, client, ...base } = await scene({ pool: rotating, options: { store } });
  store.fault = { on: 'save', error: failing };
  await client.get('/a');
  for (let turn = 0; turn < 3; turn += 1) {
    later(base, lifeMs);
    await client.get('/b');
  }
  expect(asked(base.pool)).toEqual([...signIn, refresh, refresh, refresh]);
  expect([api.served, store.token]).toEqual([4, undefined]);
  expect(base.events).toContainEqual(expect.objectContaining({ type: 'store', action: 'save', failure: 'Error' }));
});

it('a store that saved once and never again does not bring a spent refresh token back (G3)', async () => {
  const store = new Kept();
  const { client, ...base } = await scene({ pool: { refreshRotation: { graceSeconds: 0 } }, options: { store } });
  await client.get('/a');
  store.fault = { on: 'save', error: failing };
  for (let turn = 0; turn < 3; turn += 1) {
    later(base, lifeMs);
    await client.get('/b');
  }
  expect(asked(base.pool)).toEqual([...signIn, refresh, refresh, refresh]);
  expect(new Set(sentRefreshTokens(base.pool)).size).toBe(3);
});

it('a store that cannot be read counts as empty, and is asked again (G3)', async () => {
  const store = new Kept();
  const { client, ...base } = await scene({ options: { store } });
  await client.get('/a');
  const other = clientOf(base, { baseURL: String(client.defaults.baseURL) });
  store.fault = { on: 'load', error: failing };
  expect((await other.get('/b')).status).toBe(200);
  expect(asked(base.pool)).toEqual([...signIn, ...signIn]);
});

it('a store with the wrong key is not overwritten: the program is to be fixed (G3)', async () => {
  const store = new Kept();
  const { api, client, ...base } = await scene({ options: { store } });
  store.fault = { on: 'load', error: new ConfigurationError('The key does not fit') };
  expect(await failureOf(client.get('/a'))).toMatchObject({ kind: 'configuration' });
  expect([asked(base.pool), api.requests, store.log]).toEqual([[], [], ['load']]);
});

it('a store that cannot be cleared fails the logout, after the session was revoked (G3)', async () => {
  const store = new Kept();
  const { client, ...base } = await scene({ options: { store } });
  await client.get('/a');
  store.fault = { on: 'clear', error: failing };
  expect(await failureOf(client.authorizer.logout())).toBe(failing);
  expect([base.pool.count('RevokeToken'), client.authorizer.token]).toEqual([1, undefined]);
});

it('a damaged token in the store is replaced (G3)', async () => {
  const store = new Kept();
  store.token = { accessToken: 5, refreshToken: {} } as unknown as CognitoToken;
  const { client, ...base } = await scene({ options: { store } });
  await client.get('/a');
  expect(store.token).toBe(client.authorizer.token);
  expect(asked(base.pool)).toEqual(signIn);
});
