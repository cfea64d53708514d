// Which keys of a pool are one? A member that is overlooked would give one tenant the token of another.
import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { Authorizer, AuthorizerPool, ConfigurationError } from '../../src/index.js';

/** A pool that tells by its token, and by the name for its store, which key an authorizer was made for. */
function pool(): { readonly of: AuthorizerPool<unknown>; readonly keys: unknown[]; readonly names: string[] } {
  const keys: unknown[] = [];
  const names: string[] = [];
  const of = new AuthorizerPool<unknown>((key, { name }) => {
    names.push(name);
    keys.push(key);
    return new Authorizer(async () => 'token');
  });
  return { of, keys, names };
}

function areOne(one: unknown, other: unknown): boolean {
  const { of } = pool();
  return of.for(one) === of.for(other);
}

it.each([
  ['a text', 'a', 'a'],
  ['members in another order', { tenant: 'a', user: 'u' }, { user: 'u', tenant: 'a' }],
  ['members within members', { a: { x: 1, y: [{ p: 1, q: 2 }] } }, { a: { y: [{ q: 2, p: 1 }], x: 1 } }],
  ['a scope in another order', { scope: ['x', 'y'] }, { scope: ['y', 'x'] }],
  ['a scope that is said twice', { scope: ['x', 'y', 'x'] }, { scope: ['y', 'x'] }],
  ['a scope as text in another order', { scope: 'x y' }, { scope: ' y  x ' }],
  ['a scope within', { api: { scope: ['x', 'y'] } }, { api: { scope: ['y', 'x'] } }],
  ['an object without prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ['an object of another realm', runInNewContext('({ a: [1] })'), { a: [1] }],
  ['minus zero', { a: -0 }, { a: 0 }],
])('%s: one key (C20)', (_what, one, other) => {
  expect(areOne(one, other)).toBe(true);
});

it.each([
  ['a number and its text', { a: 1 }, { a: '1' }],
  ['lists in another order', { audience: ['x', 'y'] }, { audience: ['y', 'x'] }],
  ['one member more', { tenant: 'a' }, { tenant: 'a', user: 'u' }],
  ['a member that is null', { tenant: 'a' }, { tenant: 'a', user: null }],
  ['a member of no length', { tenant: 'a' }, { tenant: 'a', user: '' }],
  ['capitals', { tenant: 'Acme' }, { tenant: 'acme' }],
  ['blanks at an end', { tenant: 'a' }, { tenant: 'a ' }],
  ['two texts that would be one when joined', { a: 'x', b: 'yz' }, { a: 'xy', b: 'z' }],
  ['a text that looks like the other key', '{"a":1}', { a: 1 }],
  ['a scope as a list and as a text', { scope: ['x'] }, { scope: 'x' }],
  ['a scope with another type in it', { scope: [1] }, { scope: ['1'] }],
  ['a list and an object with its indices', ['a'], { 0: 'a' }],
  ['true and its text', { a: true }, { a: 'true' }],
  ['half a surrogate pair and the other half', '\ud800', '\ud801'],
  ['the member __proto__', JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":2}}')],
  ['the member __proto__ and nothing', JSON.parse('{"__proto__":{"a":1}}'), {}],
])('%s: two keys (C20)', (_what, one, other) => {
  expect(areOne(one, other)).toBe(false);
});

class Tenant {
  readonly name = 'a';
}
const bare: object = Object.create(null) as object;
const cycle: { self?: unknown } = {};
cycle.self = cycle;

it.each([
  ['undefined', undefined, 'is undefined'],
  ['null', null, 'is null'],
  ['a member that is undefined', { tenant: { id: undefined } }, 'holds undefined (tenant.id)'],
  ['NaN', { id: NaN }, 'holds NaN (id)'],
  ['Infinity', Infinity, 'holds Infinity'],
  ['a function', () => 'a', 'holds a function'],
  ['a method', { a() {} }, 'holds a function (a)'],
  ['a symbol', Symbol('a'), 'holds a symbol'],
  ['a bigint', 1n, 'holds a bigint'],
  ['an instance of a class', new Tenant(), 'instance of a class'],
  ['a Date', { at: new Date(0) }, 'instance of a class'],
  ['a Map', new Map([['a', 1]]), 'instance of a class'],
  ['a promise', Promise.resolve('a'), 'instance of a class'],
  ['an object that inherits members', Object.create({ tenant: 'a' }), 'instance of a class'],
  ['an object that inherits from one without prototype', Object.create(bare), 'instance of a class'],
  ['a member named by a symbol', { [Symbol('tenant')]: 'a' }, 'hidden or named by a symbol'],
  ['a hidden member', Object.defineProperty({}, 'tenant', { value: 'a' }), 'hidden or named by a symbol'],
  ['a list with a gap', { audience: ['a', , 'b'] }, 'list with gaps'], // oxlint-disable-line no-sparse-arrays
  ['a scope with a gap', { scope: ['a', , 'b'] }, 'list with gaps'], // oxlint-disable-line no-sparse-arrays
  ['a list with a name', Object.assign(['a'], { tenant: 'b' }), 'list with gaps or names'],
  ['a cycle', cycle, 'holds itself'],
])('%s is a ConfigurationError, and makes no authorizer (C20)', (_what, key, message) => {
  const { of, keys } = pool();
  expect(() => of.for(key)).toThrow(ConfigurationError);
  expect(() => of.for(key)).toThrow(message);
  expect(keys).toEqual([]);
});

it('a message repeats no name that may be a secret (C11, C20)', () => {
  const { of } = pool();
  expect(() => of.for({ 'p4ssw0rd of ada': undefined })).toThrow(/authorizer holds undefined; it must be/);
});

it('the function gets a frozen copy, so that what becomes of the program’s own object changes no token (C20)', async () => {
  const { of, keys } = pool();
  const own = { tenant: 'a', nested: { list: [1] }, scope: ['y', 'x', 'y'] };
  const authorizer = of.for(own);
  own.tenant = 'b';
  own.nested.list.push(2);
  expect(keys).toEqual([{ tenant: 'a', nested: { list: [1] }, scope: ['x', 'y'] }]);
  const [key] = keys as [typeof own];
  expect([key, key.nested, key.nested.list, key.scope].every(Object.isFrozen)).toBe(true);
  expect(of.for({ scope: ['x', 'y'], tenant: 'a', nested: { list: [1] } })).toBe(authorizer);
  expect(of.for(own)).not.toBe(authorizer);
});

it('a member that answers differently each time is read once: the function gets what was compared (C20)', () => {
  const { of, keys } = pool();
  let read = 0;
  const key = Object.defineProperty({}, 'tenant', { enumerable: true, get: () => `tenant-${(read += 1)}` });
  const authorizer = of.for(key);
  expect([read, keys]).toEqual([1, [{ tenant: 'tenant-1' }]]);
  expect(of.for({ tenant: 'tenant-1' })).toBe(authorizer);
});

it('the name for a store is the same for equal keys in every process, and fit for files and Redis (C20)', () => {
  const { of, names } = pool();
  of.for({ tenant: 'a', scope: ['y', 'x'] });
  of.for('../../etc/passwd');
  of.for('é\ud800 · 日本');
  of.for('x'.repeat(100_000));
  const texts = [
    '{"scope":["x","y"],"tenant":"a"}',
    '"../../etc/passwd"',
    '"é\\ud800 · 日本"',
    `"${'x'.repeat(100_000)}"`,
  ];
  expect(names).toEqual(texts.map((text) => createHash('sha256').update(text).digest('hex')));
  expect(names.every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
});

/** Data as keys are made of, with names and values that collide easily. */
const name = fc.constantFrom('a', 'b', 'scope', '1', '__proto__', 'toJSON', '');
const leaf = fc.constantFrom('a', 'b', 'ab', '1', '', 'x y', 'y x', 1, 0, -0, true, false, null);
const { key: anyKey } = fc.letrec<{ key: unknown }>((tie) => ({
  key: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('key'), { maxLength: 3 }),
    fc.uniqueArray(fc.tuple(name, tie('key')), { selector: ([own]) => own, maxLength: 3 }).map(Object.fromEntries),
  ),
}));
const someKey = anyKey.filter((key) => key !== null);

/** What a key says, written by another hand: sorted entries, scopes as sets. */
function meaning(key: unknown, isScope = false): unknown {
  if (typeof key === 'string' && isScope) return ['scope', [...new Set(key.split(' ').filter(Boolean))].toSorted()];
  if (Array.isArray(key)) {
    const members = key.map((member) => meaning(member, false));
    const texts = members.map((member) => JSON.stringify(member));
    return ['list', isScope ? [...new Set(texts)].toSorted() : texts];
  }
  if (typeof key !== 'object' || key === null) return [typeof key, key];
  const entries = Object.entries(key).map(([own, member]) => [own, meaning(member, own === 'scope')]);
  return ['object', entries.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1))];
}

/** The same data, its members written in the reverse order. */
function reversed(key: unknown): unknown {
  if (Array.isArray(key)) return key.map(reversed);
  if (typeof key !== 'object' || key === null) return key;
  const entries = Object.entries(key).map(([own, member]: [string, unknown]) => [own, reversed(member)]);
  return Object.fromEntries(entries.toReversed());
}

it('random keys are one exactly when they say the same, in whatever order (C20)', () => {
  fc.assert(
    fc.property(someKey, someKey, (one, other) => {
      expect(areOne(one, reversed(one))).toBe(true);
      expect(areOne(one, other)).toBe(JSON.stringify(meaning(one)) === JSON.stringify(meaning(other)));
    }),
    { numRuns: 2_000 },
  );
});
