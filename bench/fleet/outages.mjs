// Redis is killed for four seconds and later paused for two, under load with tokens of two seconds that carry refresh tokens:
// no request fails. Half of the processes refresh their tokens, half have a source that only signs in.
import { setTimeout as sleep } from 'node:timers/promises';
import { hire, inFolder, killed, messageOf } from './crew.mjs';
import { Idp } from './idp.mjs';
import { stores } from './stores.mjs';

const LIFE_MS = 2_000;
const PER_SECOND = 100;
const KILLED_MS = 4_000;
const PAUSED_MS = 2_000;
/** Long enough that at least one token expires. */
const BETWEEN_MS = 3_000;
const SOURCES = { refresh: 'password', 'sign-in only': 'client credentials' };

export async function runOutages({ store, processes, outages }) {
  const idp = await new Idp({ lifeMs: LIFE_MS, delayMs: 50 }).start();
  const settings = { store, tokenUrl: idp.url, lifeMs: LIFE_MS, perSecond: PER_SECOND };
  try {
    const results = await inFolder((refreshing) =>
      inFolder((signingIn) => {
        const crews = [
          { ...settings, folder: refreshing, source: SOURCES.refresh },
          { ...settings, folder: signingIn, source: SOURCES['sign-in only'] },
        ];
        return underLoad(crews, { processes, disturb: () => disturb(stores[store].server, outages) });
      }),
    );
    return { ...results, calls: idp.calls.length, signIns: idp.signIns, reuses: idp.reuses };
  } finally {
    await idp.stop();
  }
}

async function underLoad(crews, { processes, disturb: disturbed }) {
  const of = (settings) => Array.from({ length: processes / crews.length }, () => hire('load', settings));
  const crew = await Promise.all(crews.flatMap(of));
  try {
    const results = crew.map(messageOf);
    crew.forEach((child) => child.send('begin'));
    await disturbed();
    crew.forEach((child) => child.send('end'));
    return sum(await Promise.all(results));
  } finally {
    await Promise.all(crew.map((child) => killed(child)));
  }
}

async function disturb(server, outages) {
  for (let outage = 0; outage < outages; outage += 1) {
    await sleep(BETWEEN_MS);
    await server.kill();
    await sleep(KILLED_MS);
    await server.restart();
    await sleep(BETWEEN_MS);
    server.pause();
    await sleep(PAUSED_MS);
    server.resume();
  }
  await sleep(BETWEEN_MS);
}

function sum(results) {
  const total = (name) => results.reduce((count, result) => count + result[name], 0);
  return {
    requests: total('requests'),
    failed: total('failed'),
    longestMs: Math.max(...results.map(({ longestMs }) => longestMs)),
    causes: causesOf(results),
  };
}

/** How often each error was seen, by the source of who saw it. */
function causesOf(results) {
  const sums = {};
  for (const { causes, source } of results)
    for (const [cause, count] of Object.entries(causes)) {
      const name = `${cause} (${source})`;
      sums[name] = (sums[name] ?? 0) + count;
    }
  return sums;
}
