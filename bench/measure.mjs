// Timing that bears a busy machine: batches too short to be interrupted often, shuffled, so that what disturbs one subject
// disturbs all alike, and the median of all of them.

/** Requests in one timed batch. */
export const BATCH = 20;
const WARM_UP_BATCHES = 200;

/**
 * Median nanoseconds of one call.
 * @param runs each with a name and a `batch` that makes BATCH calls and returns the milliseconds
 */
export async function measure(runs, rounds, warmUp = WARM_UP_BATCHES) {
  const times = new Map(runs.map(({ name }) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const { name, batch } of shuffled(runs)) {
      const ms = await batch();
      if (round >= 0) times.get(name).push(ms / BATCH);
    }
  }
  return runs.map(({ name }) => ({ name, ns: median(times.get(name)) * 1e6 }));
}

/** A batch of calls in sequence. */
export function batchOf(send) {
  return async () => {
    const startedAt = performance.now();
    for (let done = 0; done < BATCH; done += 1) await send();
    return performance.now() - startedAt;
  };
}

function shuffled(items) {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
