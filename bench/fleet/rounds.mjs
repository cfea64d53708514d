// Rounds under the lease with pauses longer than it: does an older token ever replace a newer one? Some processes are paused
// by themselves, and one after the other is stopped from outside, wherever it happens to be.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hire, inFolder, killed, messageOf } from './crew.mjs';
import { stores } from './stores.mjs';

const LEASE_MS = 50;

export function runRounds({ store, processes, count }) {
  return inFolder(async (folder) => {
    const settings = { store, folder, leaseMs: LEASE_MS, count: Math.ceil(count / processes) };
    const crew = await Promise.all(Array.from({ length: processes }, () => hire('rounds', settings)));
    const over = new AbortController();
    const stops = stopNowAndThen(crew, over.signal);
    try {
      const results = crew.map(messageOf);
      crew.forEach((child) => child.send('begin'));
      const all = await Promise.all(results);
      const last = await stores[store].open(settings).load();
      return { ...sum(all), lost: Number(last.issuedAt.getTime() < Math.max(...all.map(({ newestAt }) => newestAt))) };
    } finally {
      over.abort();
      await stops;
      await Promise.all(crew.map((child) => killed(child)));
    }
  });
}

async function stopNowAndThen(crew, signal) {
  while (!signal.aborted) {
    await sleep(randomInt(100, 400), undefined, { signal }).catch(() => undefined);
    const child = crew[randomInt(crew.length)];
    child.kill('SIGSTOP');
    await sleep(randomInt(LEASE_MS, LEASE_MS * 3));
    child.kill('SIGCONT');
  }
}

function sum(results) {
  const total = (name) => results.reduce((count, result) => count + result[name], 0);
  const held = results.flatMap((result) => result.held.map((span) => span.map(BigInt)));
  return {
    rounds: total('rounds'),
    overlaps: overlapsOf(held),
    standing: total('standing'),
    unavailable: total('unavailable'),
    backwards: total('backwards'),
  };
}

/** Holders that began before the one before them had ended. */
function overlapsOf(held) {
  let overlaps = 0;
  let until = 0n;
  for (const [from, to] of held.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (from < until) overlaps += 1;
    if (to > until) until = to;
  }
  return overlaps;
}
