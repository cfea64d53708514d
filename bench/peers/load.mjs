// Sending many requests at once or one after the other, and counting what became of them.

import { openPool } from './pool-world.mjs';
import { openWorld, within } from './world.mjs';

/** Opens a world of the kind that the client needs, and the client in it. */
export async function enter(client, options) {
  const world = await (client.opensPool ? openPool : openWorld)({ challenge: client.challenge, ...options });
  const opened = await client.open(world);
  const leave = async () => {
    await opened.close?.();
    await world.close();
  };
  return { world, send: opened.send, leave };
}

/**
 * Sends `count` requests, all at once unless `sequential`.
 * @returns { ok, failed, hung, ms }: hung are those without an answer after `budgetMs`
 */
export async function sendMany(send, { count, sequential = false, budgetMs = 20_000 }) {
  const seen = { ok: 0, failed: 0, isOver: false };
  const startedAt = performance.now();
  await within(budgetMs, sequential ? inSequence(send, count, seen) : atOnce(send, count, seen));
  seen.isOver = true;
  // a copy: what is still under way goes on counting
  const { ok, failed } = seen;
  return { ok, failed, hung: count - ok - failed, ms: performance.now() - startedAt };
}

async function atOnce(send, count, seen) {
  await Promise.all(Array.from({ length: count }, () => counted(send, seen)));
}

async function inSequence(send, count, seen) {
  for (let done = 0; done < count && !seen.isOver; done += 1) await counted(send, seen);
}

async function counted(send, seen) {
  const isOk = await send().then(
    ({ status }) => status === 200,
    () => false,
  );
  seen[isOk ? 'ok' : 'failed'] += 1;
}
