// What can be read from a JWT without trusting it?
import fc from 'fast-check';
import { jwtClaims, jwtExpiry } from '../../src/extend.js';

function jwtOf(payload: string): string {
  return `e30.${Buffer.from(payload).toString('base64url')}.sig`;
}

it('claims are read, letters beyond ASCII and url-safe signs included (C15)', () => {
  const claims = { sub: 'Zoë ÿ?>~', exp: 5, nested: { list: [1, 2] } };
  expect(jwtClaims(jwtOf(JSON.stringify(claims)))).toEqual(claims);
});

it.each([
  ['an opaque token', 'abc'],
  ['two parts', 'e30.e30'],
  ['five parts', 'e30.e30.e30.e30.e30'],
  ['nothing', ''],
  ['dots', '..'],
  ['bad base64', 'e30.%%%.sig'],
  ['no JSON', jwtOf('{"exp":')],
  ['a string', jwtOf('"claims"')],
  ['a number', jwtOf('7')],
  ['null', jwtOf('null')],
  ['bytes that are no UTF-8', `e30.${Buffer.from([0x22, 0xff, 0x22]).toString('base64url')}.sig`],
])('%s has no claims and no end (C15)', (_, token) => {
  expect([jwtClaims(token), jwtExpiry(token)]).toEqual([undefined, undefined]);
});

it.each<[exp: string, ms: number | undefined]>([
  ['1767225600', 1_767_225_600_000],
  ['1767225600.5', 1_767_225_600_500],
  ['0', 0],
  ['"1767225600"', undefined],
  ['null', undefined],
  ['true', undefined],
  ['8640000000000', 8.64e15], // the last instant that a Date can hold
  ['-8640000000000', -8.64e15],
  ['8640000000001', undefined],
  ['-8640000000001', undefined],
  ['1e999', undefined],
])('an exp of %s is %s ms (C15)', (exp, ms) => {
  expect(jwtExpiry(jwtOf(`{"exp":${exp}}`))).toBe(ms);
});

it('nothing makes it throw (C15)', () => {
  const part = fc.oneof(
    fc.string(),
    fc.base64String(),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
  );
  const token = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
  );
  fc.assert(
    fc.property(token, (text) => {
      expect(['object', 'undefined']).toContain(typeof jwtClaims(text));
      expect(['number', 'undefined']).toContain(typeof jwtExpiry(text));
    }),
    { numRuns: 500 },
  );
});
