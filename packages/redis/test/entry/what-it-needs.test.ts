// A store that is made of nothing, or with a misspelt option: is it said at once, and in words that help?
import { ConfigurationError } from '@axios-authorizer/core';
import { redisTokenStore } from '../../src/index.js';

const make = redisTokenStore as unknown as (...args: readonly unknown[]) => unknown;
/** A client by its shape; nothing is sent here. */
const client = { sendCommand: () => Promise.resolve(null) };

it.each<readonly [string, readonly unknown[], RegExp]>([
  ['nothing', [], /redisTokenStore needs a client/],
  ['{}', [{}], /redisTokenStore needs a client/],
  ['null', [null], /redisTokenStore needs a client/],
  ['a URL', ['redis://localhost'], /redisTokenStore needs a client/],
  ['a client alone', [client], /`key`/],
  ['a client and {}', [client, {}], /`key`/],
  ['a client and null', [client, null], /key/],
  ['a client and a text', [client, 'token'], /key/],
  ['a misspelt key', [client, { keys: 'token' }], /keys; did you mean key\?/],
  ['a lease without its unit', [client, { key: 'token', lease: 5_000 }], /lease; did you mean leaseMs\?/],
  ['a clock that is none', [client, { key: 'token', clock: {} }], /`clock` of redisTokenStore/],
])('redisTokenStore, called with %s, says what it needs (C15)', (_what, args, words) => {
  expect(() => make(...args)).toThrow(ConfigurationError);
  expect(() => make(...args)).toThrow(words);
});
