// Chance that can be had again: the same seed gives the same numbers (mulberry32, 32 bits of state).

/** @returns a function like Math.random */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs `work` with a Math.random that is drawn from `seed`: the jitter of the lifecycle and of the lock comes from there. */
export async function withSeed(seed, work) {
  const before = Math.random;
  Math.random = seeded(seed);
  try {
    return await work(Math.random);
  } finally {
    Math.random = before;
  }
}
