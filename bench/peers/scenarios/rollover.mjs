import { setTimeout as sleep } from 'node:timers/promises';
import { enter } from '../load.mjs';

const TICK_MS = 20;

export const rollover = {
  name: 'rollover',
  title: 'The moment at which a token expires',
  about: ({ perSecond, seconds, lifetimeS, tokenMs }) =>
    `${perSecond} requests a second for ${seconds} s; tokens live for ${lifetimeS} s, and the token endpoint takes ${tokenMs} ms. A request has waited if it carries a token that was issued after it was made. Good: no request waits and none fails, since the next token is fetched while the old one is still good.`,
  size: {
    full: { perSecond: 10, seconds: 35, lifetimeS: 15, tokenMs: 500 },
    smoke: { perSecond: 20, seconds: 1, lifetimeS: 3, tokenMs: 100 },
  },
  columns: ['waited', 'failed', 'token calls', 'extra API calls'],
  /** The clients run side by side: they mostly wait. */
  isParallel: true,
  appliesTo: ({ isVerifier }) => (isVerifier ? 'they verify tokens and send none.' : true),
  async run(client, size) {
    const { lifetimeS, tokenMs } = size;
    const { world, send, leave } = await enter(client, { lifetimeS, tokenMs, apiMs: 1 });
    const made = await steadily(send, size);
    const result = {
      failed: made.filter(({ isOk }) => !isOk).length,
      waited: waitedIn(made, world, tokenMs),
      tokenCalls: world.tokenCalls(),
      extra: world.apiCalls() - made.length,
    };
    await leave();
    return result;
  },
  cells({ failed, waited, tokenCalls, extra }) {
    // whether those at the very moment wait or fail is a matter of milliseconds: one mark for both
    const mark = failed + waited > 0 ? 'part' : 'good';
    return [{ mark, text: `${waited}` }, { text: `${failed}` }, { text: `${tokenCalls}` }, { text: `${extra}` }];
  },
  chart: {
    title: 'Requests that waited or failed because a token expired (less is better)',
    value: ({ waited, failed }) => waited + failed,
    digits: 0,
  },
  better: {
    value: ({ tokenCalls }) => tokenCalls,
    tolerance: 0,
    otherwise: 'in token calls alone: they ask once the token has expired or is about to, and requests wait.',
    why: {},
  },
};

/** @returns when each request was made, and whether it succeeded; the n-th asks for /things?n */
async function steadily(send, { perSecond, seconds }) {
  const startedAt = performance.now();
  const underWay = [];
  for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - startedAt) {
    while (underWay.length < (elapsed * perSecond) / 1000) underWay.push(noted(send, underWay.length));
    await sleep(TICK_MS);
  }
  return Promise.all(underWay);
}

async function noted(send, number) {
  const url = `/things?${number}`;
  const at = Date.now();
  const isOk = await send({ url }).then(
    ({ status }) => status === 200,
    () => false,
  );
  return { url, at, isOk };
}

/**
 * Which requests carried a token that was issued after they were made: a token endpoint answered in between, and the bearer came for the
 * first time after that. Clocks of a busy machine do not change it.
 */
function waitedIn(made, world, tokenMs) {
  const firstSeenAt = new Map();
  const arrivals = new Map();
  for (const { url, at, headers } of world.api.requests) {
    if (!firstSeenAt.has(headers.authorization)) firstSeenAt.set(headers.authorization, at);
    arrivals.set(url, { at, seenAt: firstSeenAt.get(headers.authorization) });
  }
  const answers = world.tokenRequests().map(({ at }) => at + tokenMs);
  const hasWaited = ({ url, at }) => {
    const arrival = arrivals.get(url);
    return (
      arrival !== undefined && answers.some((answer) => at < answer && answer <= arrival.seenAt && answer <= arrival.at)
    );
  };
  return made.filter(hasWaited).length;
}
