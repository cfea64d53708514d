// Would a secret that does get out be found, and would the finding itself keep it secret?

import { leaks, renderings } from '@axios-authorizer/test-kit';

const secret = 'hush-hush/1';

describe('a leak is found', () => {
  test.each<[string, unknown]>([
    ['in a string', `say ${secret}`],
    ['in a member', { a: { token: secret } }],
    ['in a message', new Error(`refused ${secret}`)],
    ['deep in a tree', { a: { b: { c: { d: { e: { f: secret } } } } } }],
    ['behind a cause', new Error('outer', { cause: new Error('inner', { cause: { token: secret } }) })],
    ['in a request that is shown', Object.assign(new Error('x'), { request: { headers: [secret] } })],
    ['in what toJSON gives', { toJSON: () => ({ secret }) }],
    ['in what String gives', { toString: () => secret }],
    ['in a circular value', circular()],
    ['in a Basic header', { authorization: `Basic ${Buffer.from(secret).toString('base64')}` }],
    ['in a form', { data: `client_secret=${encodeURIComponent(secret)}` }],
    ['in a buffer', { body: Buffer.from(secret) }],
  ])('%s', (_, value) => {
    expect(leaks(value, [secret])).not.toEqual([]);
  });

  test('in a key of several lines, each of which counts', () => {
    const key = `-----BEGIN KEY-----\n${'A'.repeat(64)}\n-----END KEY-----\n`;
    expect(leaks({ note: 'A'.repeat(64) }, [key])).not.toEqual([]);
  });
});

test('what cannot be seen is no leak', () => {
  const error = new Error('refused');
  Object.defineProperty(error, 'request', { value: { secret }, enumerable: false });
  expect(leaks(error, [secret])).toEqual([]);
  expect(leaks(new Holder(), [secret])).toEqual([]);
});

test('a finding says which secret and where, and not the secret', () => {
  const error = new Error('outer', { cause: new Error(`inner ${secret}`) });
  const found = leaks(error, ['absent', secret]);
  expect(found).toContain('secret[1] in message of the value.cause');
  expect(found.join(' ')).not.toContain(secret);
});

test('an empty secret is a mistake of the test', () => {
  expect(() => leaks('x', [''])).toThrow('An empty string is no secret');
});

test.each([undefined, null, 7, Symbol('s'), Object.create(null), circular()])('anything can be rendered', (value) => {
  expect(renderings(value).length).toBeGreaterThan(0);
});

test('a chain of causes that bites its tail is followed once', () => {
  const error = new Error('a');
  error.cause = new Error('b', { cause: error });
  expect(renderings(error).filter((text) => text === 'b')).toHaveLength(1);
});

class Holder {
  readonly #token = secret;
  get length(): number {
    return this.#token.length;
  }
}

function circular(): object {
  const value: Record<string, unknown> = { secret };
  value['self'] = value;
  return value;
}
