// Numbers that need a leading zero byte, or must not have one, drawn on both sides of a whole sign-in.
import { bytesOfHex } from '../../src/srp/bytes.js';
import { passwordCases } from '../srp/edge-cases.js';
import { textsOf, world } from '../stage.js';

function bytes(value: bigint, size: number): Uint8Array {
  return bytesOfHex(value.toString(16).padStart(2 * size, '0'));
}

const rows = passwordCases.map((given) => [given.label, given] as const);

it.each(rows)('%s: the pool proves the password (G1)', async (_, { identity, challenge, a, b, expected }) => {
  const salt = BigInt(`0x${challenge.salt}`);
  const { user: username, password, group } = identity;
  const { pool, authorizer } = await world({
    pool: {
      poolId: `eu-west-1_${group}`,
      users: [{ username, password }],
      randomBytes: (size) => bytes(size === 16 ? salt : b, size),
    },
    options: { username, password, random: () => bytes(a, 32) },
  });
  expect((await authorizer.getToken()).username).toBe(username);
  expect(BigInt(`0x${textsOf(pool.operations[0])['SRP_A']}`)).toBe(BigInt(`0x${expected.A}`));
});

const smallest = 1n;
const largest = 2n ** 256n - 1n;
const highBit = 2n ** 255n;
const byteLess = 2n ** 248n - 1n;

it.each([
  ['the smallest', smallest],
  ['the largest', largest],
  ['a high bit', highBit],
  ['a byte less', byteLess],
])('%s for every random number on both sides (G1)', async (_, number) => {
  const randomBytes = (size: number): Uint8Array => bytes(number % 2n ** BigInt(8 * size) || 1n, size);
  const { pool, authorizer } = await world({ pool: { randomBytes }, options: { random: () => bytes(number, 32) } });
  expect(pool.valid((await authorizer.getToken()).accessToken)).toBe(true);
});
