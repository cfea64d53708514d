// Does the check find a secret wherever a program may have left it, and stay silent about what nothing prints?
import { attachAuth, clientSecretBasic } from '@axios-authorizer/core';
import { assertNoSecrets, fakeAuthorizer, manualClock, SecretLeakError, startApi } from '@axios-authorizer/testing';
import axios from 'axios';
import { Agent } from 'node:http';
import { inspect } from 'node:util';

const secret = 'hush/hush+1"&ü';
const found = (value: unknown, hidden = false): boolean => {
  try {
    assertNoSecrets(value, ['absent', secret], { hidden });
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(SecretLeakError);
    expect(inspect(error)).not.toContain(secret);
    return true;
  }
};

function hiding(value: unknown, name: PropertyKey = 'inside'): object {
  return Object.defineProperty({}, name, { value, enumerable: false });
}

function deep(value: unknown, levels: number): unknown {
  return levels === 0 ? value : { next: deep(value, levels - 1) };
}

function circular(): object {
  const value: Record<string, unknown> = {};
  return Object.assign(value, { value, secret });
}

test.each<[string, unknown]>([
  ['a text', `say ${secret}`],
  ['a member', { token: secret }],
  ['a hundred levels down', deep(secret, 100)],
  ['a list', [[secret]]],
  ['the two hundredth of a list', [...Array.from({ length: 199 }, () => 0), secret]],
  ['the end of a long text', 'x'.repeat(100_000) + secret],
  ['a Map', new Map([['a', { secret }]])],
  ['a key of a Map', new Map([[{ secret }, 1]])],
  ['a Set', new Set([secret])],
  ['a name of a property', { [secret]: 1 }],
  ['under a symbol', { [Symbol('a')]: secret }],
  ['the description of a symbol', { a: Symbol(secret) }],
  ['a text that is not enumerable', hiding(secret)],
  ['under a symbol that is not enumerable', hiding(secret, Symbol('a'))],
  ['an error', new Error(secret)],
  ['a cause', new Error('a', { cause: new Error('b', { cause: { secret } }) })],
  ['an error of several', new AggregateError([new Error(secret)], 'all')],
  ['an error that is not enumerable', hiding(new Error(secret))],
  ['a member of an error', Object.assign(new Error('a'), { config: { headers: { a: secret } } })],
  ['a circular value', circular()],
  ['headers', { headers: new Headers({ 'x-a': encodeURIComponent(secret) }) }],
  ['a form', new URLSearchParams({ secret })],
  ['a URL', { url: new URL(`http://127.0.0.1/?a=${encodeURIComponent(secret)}`) }],
  ['a buffer', { body: Buffer.from(secret.repeat(9)) }],
  ['bytes', new TextEncoder().encode(secret)],
  ['what toJSON gives', deep({ toJSON: () => ({ secret }) }, 30)],
  ['what inspect gives', deep({ [inspect.custom]: () => secret }, 30)],
  ['what String gives', { toString: () => secret }],
  ['a function', Object.assign(() => 0, { secret })],
  [
    'an instance',
    new (class {
      token = secret;
    })(),
  ],
])('%s is searched', (_, value) => {
  expect(found(value)).toBe(true);
});

test.each<[string, string]>([
  ['JSON', JSON.stringify({ secret })],
  ['JSON in JSON', JSON.stringify(JSON.stringify({ a: 'x', b: Buffer.from(secret).toString('base64') }))],
  ['a URL', encodeURIComponent(secret)],
  ['a URL, in lower case', encodeURIComponent(secret).toLowerCase()],
  ['a URL within a URL', encodeURIComponent(encodeURIComponent(secret))],
  ['a form', `${new URLSearchParams({ secret })}`],
  ['HTML', 'hush/hush+1&quot;&amp;ü'],
  ['hex', Buffer.from(secret).toString('hex')],
  ['Basic', `Basic ${Buffer.from(`id:${secret}`).toString('base64')}`],
  ['base64 one byte later', Buffer.from(`1${secret}1`).toString('base64')],
  ['base64 two bytes later', Buffer.from(`12${secret}12`).toString('base64url')],
])('it is found in %s', (_, text) => {
  expect(found({ text })).toBe(true);
});

test.each<[string, unknown]>([
  [
    'private members',
    new (class {
      readonly #token = secret;
      get length(): number {
        return this.#token.length;
      }
    })(),
  ],
  ['a part of it', secret.slice(0, -1)],
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['no prototype', Object.create(null)],
  [
    'a getter that throws',
    {
      get a() {
        throw new Error('no');
      },
    },
  ],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    ),
  ],
  ['a revoked proxy', revoked()],
  ['an object that is not enumerable', hiding({ secret })],
])('%s is no leak', (_, value) => {
  expect(found(value)).toBe(false);
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

test('what only a debugger shows counts on demand', () => {
  expect(found(hiding({ secret }), true)).toBe(true);
});

test('an error, a response and the config of a client with an authorizer hold no token, agents and causes included (C11)', async () => {
  const authorizer = fakeAuthorizer();
  const api = await startApi({ accepts: authorizer });
  const client = axios.create({ baseURL: api.url, httpAgent: new Agent({ keepAlive: true }) });
  attachAuth(client, authorizer);
  const response = await client.get('/items');
  api.failNext({ status: 500 });
  const error: unknown = await client.get('/items').catch((reason: unknown) => reason);
  assertNoSecrets([response, error, authorizer, api.calls, clientSecretBasic], authorizer.issued);
  expect(() => assertNoSecrets(error, authorizer.issued, { hidden: true })).toThrow(SecretLeakError);
  const plain = await axios.get(api.url, { headers: { authorization: `Bearer ${authorizer.accessToken}` } });
  expect(() => assertNoSecrets(plain, authorizer.issued)).toThrow(SecretLeakError);
  await api.close();
});

test('the message says which secret and where, and not the secret', () => {
  const check = (): void => assertNoSecrets({ [secret]: 1, log: [`a ${secret}`] }, ['absent', secret]);
  expect(check).toThrow(/^A secret shows:\n {2}secrets\[1\] in /);
  expect(check).toThrow(/the value\.log\[0\]/);
});

test.each<[string, unknown, RegExp]>([
  ['no secrets', [], /finds nothing/],
  ['a text in place of a list', 'secret', /needs a list/],
  ['an empty secret', ['secret', ''], /at least 4 characters/],
  ['a short one', ['abc'], /at least 4 characters/],
  ['none', [undefined], /at least 4 characters/],
])('%s is a mistake of the test', (_, secrets, words) => {
  expect(() => assertNoSecrets('x', secrets as string[])).toThrow(words);
});

describe('a manual clock', () => {
  test('begins where the test says', () => {
    expect(manualClock().now()).toBe(Date.UTC(2026, 0, 1));
    expect(manualClock(new Date(5)).now()).toBe(5);
    expect(manualClock(7).now()).toBe(7);
  });

  test('refuses what is no time', async () => {
    expect(() => manualClock(new Date('never'))).toThrow(RangeError);
    await expect(manualClock().advance(-1)).rejects.toThrow(RangeError);
    await expect(manualClock().advance(Number.NaN)).rejects.toThrow(RangeError);
  });

  test('moves while the timers of Jest are faked', async () => {
    jest.useFakeTimers();
    try {
      const clock = manualClock();
      const woken = clock.sleep(10).then(() => 'woken');
      await clock.advance(10);
      await expect(woken).resolves.toBe('woken');
    } finally {
      jest.useRealTimers();
    }
  });
});
