// Powers modulo N. Node's Diffie-Hellman computes them in C; where there is none, or it is slow or refuses a number, BigInt does.
import { g, N } from './group.js';

interface DiffieHellman {
  setPrivateKey(key: string, encoding: 'hex'): void;
  generateKeys(encoding: 'hex'): string;
  computeSecret(key: string, from: 'hex', to: 'hex'): string;
}
interface NodeCrypto {
  createDiffieHellman(prime: string, encoding: 'hex', generator: number): DiffieHellman;
}
interface NodeProcess {
  readonly versions: { readonly node: string };
  getBuiltinModule?(name: string): NodeCrypto | undefined;
}

/** base ^ exponent mod N; 0 ≤ base < N, exponent > 0. */
export function powerModN(base: bigint, exponent: bigint): bigint {
  return nativePower(base, exponent) ?? bigIntPower(base, exponent);
}

export function bigIntPower(base: bigint, exponent: bigint): bigint {
  let power = 1n;
  const factor = base % N;
  for (const bit of exponent.toString(2)) {
    power = (power * power) % N;
    if (bit === '1') power = (power * factor) % N;
  }
  return power;
}

function nativePower(base: bigint, exponent: bigint): bigint | undefined {
  try {
    const native = nodeCrypto(base)?.createDiffieHellman(hex(N), 'hex', Number(g));
    native?.setPrivateKey(hex(exponent), 'hex');
    const power = base === g ? native?.generateKeys('hex') : native?.computeSecret(hex(base), 'hex', 'hex');
    return power === undefined ? undefined : BigInt(`0x${power}`);
  } catch {
    return undefined;
  }
}

/**
 * Without an import, which a browser's bundler would have to resolve. Node 22 checks every base but g for longer than BigInt
 * takes, and then refuses half of them; from Node 23 on it tests N anew each time, for a second.
 */
function nodeCrypto(base: bigint): NodeCrypto | undefined {
  const { process }: { readonly process?: NodeProcess } = globalThis;
  const firstSlow = base === g ? 23 : 22;
  return process && parseInt(process.versions.node) < firstSlow ? process.getBuiltinModule?.('node:crypto') : undefined;
}

function hex(value: bigint): string {
  const digits = value.toString(16);
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}
