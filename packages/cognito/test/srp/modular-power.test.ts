// Are both ways to a power the same, also where the native one refuses a number?
import { randomBytes } from 'node:crypto';
import { numberOfBytes } from '../../src/srp/bytes.js';
import { g, N } from '../../src/srp/group.js';
import { bigIntPower, powerModN } from '../../src/srp/modular-power.js';
import { withBigIntAlone } from './without-native-power.js';

const q = (N - 1n) / 2n;

function random(bytes: number): bigint {
  return numberOfBytes(randomBytes(bytes)) + 1n;
}

/** By Euler's criterion. */
function isResidue(base: bigint): boolean {
  return bigIntPower(base, q) === 1n;
}

/** The modules that were asked for while `work` ran. */
async function modulesAskedBy(work: () => unknown): Promise<readonly unknown[]> {
  const spy = jest.spyOn(process, 'getBuiltinModule');
  try {
    await work();
    return spy.mock.calls.map(([name]) => name as unknown);
  } finally {
    spy.mockRestore();
  }
}

const { versions } = process;

function asNode(node: string): void {
  Object.defineProperty(process, 'versions', { value: { ...versions, node }, configurable: true });
}

afterEach(() => void Object.defineProperty(process, 'versions', { value: versions, configurable: true }));

describe('on a Node that computes powers at once', () => {
  beforeEach(() => asNode('21.7.3'));

  it('Node’s own is used where it is there (G1)', async () => {
    expect(await modulesAskedBy(() => powerModN(g, 5n))).toEqual(['node:crypto']);
  });

  it('and what it says is taken (G1)', () => {
    const native = { setPrivateKey: () => undefined, generateKeys: () => 'abcd', computeSecret: () => 'ef' };
    const spy = jest.spyOn(process, 'getBuiltinModule').mockReturnValue({ createDiffieHellman: () => native });
    expect([powerModN(g, 5n), powerModN(3n, 5n)]).toEqual([0xabcdn, 0xefn]);
    spy.mockRestore();
  });

  it('without it BigInt serves, and afterwards it is back (G1)', async () => {
    const power = await withBigIntAlone(() => {
      expect(process).not.toHaveProperty('getBuiltinModule', expect.any(Function));
      return powerModN(g, 3072n);
    });
    expect(power).toBe(2n ** 3072n % N);
    expect(await modulesAskedBy(() => powerModN(g, 5n))).toEqual(['node:crypto']);
  });

  it.each<[what: string, host: unknown]>([
    ['that hands out nothing', () => undefined],
    ['that throws', () => fail()],
    ['without Diffie-Hellman', () => ({})],
    ['that refuses the group', () => ({ createDiffieHellman: fail })],
  ])('a platform %s costs nothing but time (G1)', (_, getBuiltinModule) => {
    const spy = jest.spyOn(process, 'getBuiltinModule').mockImplementation(getBuiltinModule as () => object);
    expect(powerModN(g, 10n)).toBe(1024n);
    expect(spy).toHaveBeenCalled();
    spy.mockRestore();
  });
});

it('on Node 22, which checks every other base for longer than BigInt takes, only powers of g are its own (G1)', async () => {
  asNode('22.23.3');
  expect(await modulesAskedBy(() => powerModN(g, 5n))).toEqual(['node:crypto']);
  expect(await modulesAskedBy(() => powerModN(3n, 5n))).toEqual([]);
  expect([powerModN(g, 5n), powerModN(3n, 5n)]).toEqual([32n, 243n]);
});

it('on a Node that tests the prime for a second each time, BigInt serves (G1)', async () => {
  asNode('23.0.0');
  expect(await modulesAskedBy(() => powerModN(g, 5n))).toEqual([]);
  expect(powerModN(g, 5n)).toBe(32n);
});

function fail(): never {
  throw new Error('not here');
}

it.each([1, 8, 31, 32, 64, 128, 383, 384, 400])('both agree on random numbers of %i bytes (G1)', (bytes) => {
  const [exponent, base] = [random(bytes), random(bytes) % N];
  expect(powerModN(g, exponent)).toBe(bigIntPower(g, exponent));
  expect(powerModN(base, exponent)).toBe(bigIntPower(base, exponent));
});

it('both agree on bases of which half are no residues, which the native one refuses (G1)', () => {
  const randoms = Array.from({ length: 16 }, () => random(384) % N);
  const bases = [3n, 5n, 7n, 11n, 13n, N - 2n, N - 3n, ...randoms];
  expect(bases.some(isResidue) && !bases.every(isResidue)).toBe(true);
  for (const base of bases) {
    const exponent = random(64);
    expect(powerModN(base, exponent)).toBe(bigIntPower(base, exponent));
  }
});

it.each<[what: string, base: bigint, power: (exponent: bigint) => bigint]>([
  ['0', 0n, () => 0n],
  ['1', 1n, () => 1n],
  ['N - 1', N - 1n, (exponent) => (exponent % 2n === 1n ? N - 1n : 1n)],
])('the base %s, which the native one refuses, has its power all the same (G1)', (_, base, power) => {
  for (const exponent of [1n, 2n, 3n, q, q + 1n, N - 1n, random(64)]) {
    expect(powerModN(base, exponent)).toBe(power(exponent));
    expect(bigIntPower(base, exponent)).toBe(power(exponent));
  }
});

it.each<[what: string, exponent: bigint, power: bigint]>([
  ['1', 1n, g],
  ['the order of g', q, 1n],
  ['one more than it', q + 1n, g],
  ['N - 1', N - 1n, 1n],
  ['N', N, g],
])('the exponent %s (G1)', (_, exponent, power) => {
  expect([powerModN(g, exponent), bigIntPower(g, exponent)]).toEqual([power, power]);
  expect(powerModN(g * g, exponent)).toBe((power * power) % N);
});
