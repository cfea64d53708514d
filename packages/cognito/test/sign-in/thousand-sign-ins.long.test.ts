// A thousand people in a row, with names and passwords that nobody would choose: does each of them get in, and nobody else?
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import type { SRPAuthorizer } from '../../src/index.js';
import { another, failureOf, world } from '../stage.js';
import type { CognitoPoolUser } from '@axios-authorizer/test-kit';
import type { World } from '../stage.js';

const people = 1000;
const seed = Date.now();

/** A failure names the seed; put it above to see the same people again. */
function crowd(count: number): readonly CognitoPoolUser[] {
  const name = fc.stringMatching(/^[\p{L}\p{N}\p{S}]{1,12}$/u);
  const texts = fc.oneof(
    fc.string({ minLength: 1, unit: 'binary' }),
    fc.string({ minLength: 1, unit: 'grapheme' }),
    fc.string({ minLength: 1, unit: fc.constantFrom(':', ' ', 'a', 'ä', 'a\u0308', '密', '\u00a0') }),
    fc.string({ minLength: 200, maxLength: 300 }),
  );
  const passwords = texts.filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text)); // those are refused before they are sent
  const drawn = fc.sample(fc.tuple(name, passwords), { numRuns: count, seed });
  return drawn.map(([username, password], index) => ({ username: `${username}${index}`, password }));
}

/** Random numbers of each length, more of the short ones: zeros in front are no rarity then, and powers are quick. */
function ofAnyLength(size: number): Uint8Array {
  const bytes = randomBytes(size);
  bytes.fill(0, 0, Math.max(...bytes.subarray(0, 3).map((byte) => byte % size)));
  bytes[size - 1] = 1 + ((bytes[size - 1] ?? 0) % 0xff);
  return bytes;
}

function signInAs({ clientInfo, options }: World, { username }: CognitoPoolUser, password: string): SRPAuthorizer {
  return another({ clientInfo, options }, { username, password, random: () => ofAnyLength(32) });
}

async function signedIn(here: World, user: CognitoPoolUser, password: string): Promise<string> {
  return signInAs(here, user, password)
    .getToken()
    .then(
      ({ username }) => username,
      (error: unknown) => String(error),
    );
}

it('a thousand people with a thousand passwords: a thousand successes (G1)', async () => {
  const users = crowd(people);
  const here = await world({ pool: { users, randomBytes: ofAnyLength } });
  const strangers: unknown[] = [];
  for (const user of users) {
    const name = await signedIn(here, user, user.password);
    if (name !== user.username) strangers.push({ seed, user, name });
  }
  expect(strangers).toEqual([]);
  expect(here.pool.operations).toHaveLength(2 * people);
}, 120_000);

const mistakes: readonly (readonly [what: string, mistake: (password: string) => string])[] = [
  ['a letter more', (password) => `${password}x`],
  ['a blank before it', (password) => ` ${password}`],
  ['a colon before it', (password) => `:${password}`],
  ['the last character missing', (password) => Array.from(password).slice(0, -1).join('') || 'y'],
  [
    'another first character',
    (password) => `${password.startsWith('x') ? 'y' : 'x'}${Array.from(password).slice(1).join('')}`,
  ],
];

it.each(mistakes)('twenty people with %s in the password: no success (G1)', async (_, mistake) => {
  const users = crowd(20);
  const here = await world({ pool: { users, randomBytes: ofAnyLength } });
  for (const user of users) {
    const { code } = await failureOf(signInAs(here, user, mistake(user.password)).getToken());
    expect({ user, code }).toEqual({ user, code: 'wrong_credentials' });
  }
  expect(here.pool.operations).toHaveLength(2 * users.length);
});
