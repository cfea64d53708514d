// The group of Cognito's SRP: the 3072-bit prime of RFC 5054 appendix A, with g = 2. The prime is that of RFC 3526 section 5,
// which defines it by the digits of pi; computed so, it takes a tenth of the bytes that its hex would, and nobody can mistype it.

/** More digits than are wanted, so that rounding does not reach them. */
const SPARE_BITS = 64n;

export const g = 2n;
export const N: bigint = 2n ** 3072n - 2n ** 3008n - 1n + ((pi(2942n) + 1_690_314n) << 64n);

/** floor(2 ^ bits · π), by Machin's formula: π = 16 arctan(1/5) − 4 arctan(1/239). */
function pi(bits: bigint): bigint {
  const one = 1n << (bits + SPARE_BITS);
  return (16n * arctanOfInverse(5n, one) - 4n * arctanOfInverse(239n, one)) >> SPARE_BITS;
}

/** one · arctan(1/x), by its series. */
function arctanOfInverse(x: bigint, one: bigint): bigint {
  let sum = 0n;
  let sign = 1n;
  for (let power = one / x, n = 1n; power > 0n; power /= x * x, n += 2n, sign = -sign) sum += (sign * power) / n;
  return sum;
}
