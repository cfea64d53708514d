// Options that cannot work are refused when the store is made.
import { redisTokenStore } from '../../src/index.js';
import type { RedisTokenStoreOptions } from '../../src/index.js';

const client = { call: () => Promise.resolve(undefined) };

it.each<readonly [string, RedisTokenStoreOptions]>([
  ['an empty key', { key: '' }],
  ['braces in the key', { key: 'a}b' }],
  ['braces in the prefix', { key: 'a', prefix: '{' }],
  ['a short encryption key', { key: 'a', encryptionKey: new Uint8Array(31) }],
  ['a lease below 50 ms', { key: 'a', leaseMs: 49 }],
  ['no time to answer', { key: 'a', timeoutMs: 0 }],
  ['no time to wait', { key: 'a', waitMs: NaN }],
  ['no time to keep', { key: 'a', keepMs: 0.5 }],
])('%s is a ConfigurationError (C6)', (_what, options) => {
  expect(() => redisTokenStore(client, options)).toThrow(expect.objectContaining({ kind: 'configuration' }) as Error);
});

it('what is no client is a ConfigurationError (C6)', () => {
  expect(() => redisTokenStore({} as typeof client, { key: 'a' })).toThrow(/node-redis/);
});

it('a cluster of node-redis is told which key a command is for (C6)', async () => {
  const sent: unknown[] = [];
  const sendCommand = (...args: readonly unknown[]): Promise<unknown> => Promise.resolve(void sent.push(args));
  await redisTokenStore({ slots: [], sendCommand }, { key: 'a', prefix: 'p:' }).load();
  expect(sent).toEqual([['p:{a}:token', false, ['HMGET', 'p:{a}:token', 'generation', 'value']]]);
});
