import { setTimeout as sleep } from 'node:timers/promises';
import { enter } from '../load.mjs';

const TICK_MS = 20;

export const rollover = {
  name: 'rollover',
  title: 'The moment at which a token expires',
  about: ({ perSecond, seconds, lifetimeS, tokenMs, slowMs }) =>
    `${perSecond} requests a second for ${seconds} s; tokens live for ${lifetimeS} s, and the token endpoint takes ${tokenMs} ms. A request that takes over ${slowMs} ms has waited for a token. Good: no request waits, none fails, since the next token is fetched while the old one is still good.`,
  size: {
    full: { perSecond: 50, seconds: 35, lifetimeS: 15, tokenMs: 500, slowMs: 250 },
    smoke: { perSecond: 20, seconds: 1, lifetimeS: 3, tokenMs: 100, slowMs: 50 },
  },
  columns: ['waited', 'failed', 'the longest', 'token calls', 'extra API calls'],
  /** The clients run side by side: they mostly wait. */
  isParallel: true,
  appliesTo: ({ isVerifier }) => (isVerifier ? 'It verifies tokens and sends none.' : true),
  async run(client, size) {
    const { lifetimeS, tokenMs, slowMs } = size;
    const { world, send, leave } = await enter(client, { lifetimeS, tokenMs, apiMs: 1 });
    const seen = { sent: 0, failed: 0, waited: 0, longestMs: 0 };
    await steadily(() => timed(send, seen, slowMs), size);
    const extra = world.apiCalls() - seen.sent + seen.failed;
    const tokenCalls = world.tokenCalls();
    await leave();
    return { ...seen, tokenCalls, extra: Math.max(0, extra) };
  },
  cells({ failed, waited, longestMs, tokenCalls, extra }) {
    return [
      { mark: failed > 0 ? 'bad' : waited > 0 ? 'part' : 'good', text: `${waited}` },
      { text: `${failed}` },
      { text: `${Math.round(longestMs)} ms` },
      { text: `${tokenCalls}` },
      { text: `${extra}` },
    ];
  },
  chart: {
    title: 'Requests that waited or failed because a token expired (less is better)',
    value: ({ waited, failed }) => waited + failed,
    digits: 0,
  },
  better: {
    value: ({ tokenCalls }) => tokenCalls,
    tolerance: 0,
    otherwise: 'in token calls alone: it asks when the token has expired, and then requests wait.',
    why: {},
  },
};

async function steadily(send, { perSecond, seconds }) {
  const startedAt = performance.now();
  const underWay = [];
  for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - startedAt) {
    while (underWay.length < (elapsed * perSecond) / 1000) underWay.push(send());
    await sleep(TICK_MS);
  }
  await Promise.all(underWay);
}

async function timed(send, seen, slowMs) {
  const startedAt = performance.now();
  seen.sent += 1;
  const isOk = await send().then(
    ({ status }) => status === 200,
    () => false,
  );
  const ms = performance.now() - startedAt;
  if (!isOk) seen.failed += 1;
  if (ms > slowMs) seen.waited += 1;
  seen.longestMs = Math.max(seen.longestMs, ms);
}
