// Is WWW-Authenticate read as RFC 9110 section 11.6.1 writes it, whatever a server makes of it?
import fc from 'fast-check';
import { bearerChallenge, parseChallenges } from '../../src/extend.js';

type Challenges = readonly (readonly [scheme: string, parameters?: Record<string, string>])[];

it.each<[header: string | readonly string[] | undefined, expected: Challenges]>([
  [undefined, []],
  [Object(5) as string, []],
  [Object(['Bearer', 5, {}]) as string[], [['bearer']]],
  ['', []],
  [' , ,, ', []],
  [[], []],
  ['Bearer', [['bearer']]],
  ['BEARER', [['bearer']]],
  ['  Bearer  ', [['bearer']]],
  ['Basic realm="simple"', [['basic', { realm: 'simple' }]]],
  ['Bearer REALM="X"', [['bearer', { realm: 'X' }]]],
  ['Bearer error=invalid_token', [['bearer', { error: 'invalid_token' }]]],
  ['Bearer realm = "x" ,\terror = "y"', [['bearer', { realm: 'x', error: 'y' }]]],
  ['Bearer realm="", error="y"', [['bearer', { realm: '', error: 'y' }]]],
  ['Bearer scope="a b c"', [['bearer', { scope: 'a b c' }]]],
  ['Bearer realm="a, b", error="c"', [['bearer', { realm: 'a, b', error: 'c' }]]],
  ['Bearer realm="say \\"hi\\", \\\\ you"', [['bearer', { realm: 'say "hi", \\ you' }]]],
  ['Bearer realm="a=b", error="x"', [['bearer', { realm: 'a=b', error: 'x' }]]],
  ['Bearer,', [['bearer']]],
  [', ,Bearer realm="x", ,error="y",', [['bearer', { realm: 'x', error: 'y' }]]],
  ['Bearer, Basic realm="x"', [['bearer'], ['basic', { realm: 'x' }]]],
  ['Basic realm="x", Bearer', [['basic', { realm: 'x' }], ['bearer']]],
  [
    'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
    [
      ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
      ['basic', { realm: 'simple' }],
    ],
  ],
  ['Negotiate', [['negotiate']]],
  ['Negotiate YIIabc+/==, Bearer error="x"', [['negotiate'], ['bearer', { error: 'x' }]]],
  ['Bearer error="x", Negotiate YII=', [['bearer', { error: 'x' }], ['negotiate']]],
  ['NTLM TlRMTVNTUAAB', [['ntlm']]],
  ['Basic realm="Bearer error=\\"insufficient_scope\\""', [['basic', { realm: 'Bearer error="insufficient_scope"' }]]],
  [
    ['Basic realm="a"', 'Bearer error="b"'],
    [
      ['basic', { realm: 'a' }],
      ['bearer', { error: 'b' }],
    ],
  ],
  [
    'Bearer realm="a", Bearer realm="b"',
    [
      ['bearer', { realm: 'a' }],
      ['bearer', { realm: 'b' }],
    ],
  ],
  [
    'Digest realm="r", qop="auth, auth-int", nonce="abc==", opaque="5c", stale=true',
    [['digest', { realm: 'r', qop: 'auth, auth-int', nonce: 'abc==', opaque: '5c', stale: 'true' }]],
  ],
])('%j is read (C7)', (header, expected) => {
  const read = parseChallenges(header).map(({ scheme, parameters }) => ({ scheme, parameters: { ...parameters } }));
  expect(read).toEqual(expected.map(([scheme, parameters = {}]) => ({ scheme, parameters })));
});

it('the Bearer challenge is found among others (C7)', () => {
  const header = 'Negotiate YII=, Basic realm="Bearer, x", bearer error="insufficient_scope", scope="a b"';
  expect(bearerChallenge(header)?.parameters).toMatchObject({ error: 'insufficient_scope', scope: 'a b' });
  expect(bearerChallenge('Basic realm="bearer"')).toBeUndefined();
});

it('a parameter called like a member of every object is a parameter (C7)', () => {
  const [challenge] = parseChallenges('Bearer realm="x", __proto__="y", constructor="z"');
  expect(Object.entries(challenge?.parameters ?? {})).toEqual([
    ['realm', 'x'],
    ['__proto__', 'y'],
    ['constructor', 'z'],
  ]);
  expect(bearerChallenge('Bearer realm="x"')?.parameters['constructor']).toBeUndefined();
});

it('nothing that a server can send makes it throw (C7)', () => {
  const pieces = fc.constantFrom('Bearer', 'Basic', ' ', ',', '=', '"', '\\', 'a', 'error', '\t', 'é', '==', '"x"');
  const headerLike = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
  const anything = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), headerLike);
  fc.assert(
    fc.property(fc.oneof(anything, fc.array(anything)), (header) => {
      expect(Array.isArray(parseChallenges(header))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('what is written by the rules is read back as it was (C7)', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9!#$&^_.|~-]{0,8}$/);
  const value = fc.string({ maxLength: 12 });
  const challenge = fc.tuple(word, fc.uniqueArray(fc.tuple(word, value), { selector: ([name]) => name, maxLength: 4 }));
  fc.assert(
    fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
      const read = parseChallenges(challenges.map(written).join(', '));
      expect(read.map(({ scheme, parameters }) => [scheme, Object.entries(parameters)])).toEqual(challenges);
    }),
    { numRuns: 500 },
  );
});

it('a long header of nothing but opened quotes is read in passing (C7)', () => {
  const header = 'Bearer a="'.repeat(20_000);
  expect(parseChallenges(header).length).toBeGreaterThan(0);
});

function written([scheme, parameters]: [scheme: string, parameters: [name: string, value: string][]]): string {
  const quoted = parameters.map(([name, value]) => `${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`);
  return `${scheme} ${quoted.join(', ')}`;
}
