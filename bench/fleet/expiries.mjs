// Eight processes under load share tokens of two seconds: one token call per expiry, nobody's request fails. Once on a token
// endpoint of our own, once on oidc-provider, which revokes the whole family when a refresh token is used twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { startOidcProvider } from '@axios-authorizer/test-kit';
import { hire, inFolder, killed, messageOf } from './crew.mjs';
import { Idp } from './idp.mjs';

const LIFE_MS = 2_000;
const PER_SECOND = 200;
const LEEWAY_MS = LIFE_MS / 10;
const LOOK_MS = 50;

export async function runExpiries(options) {
  const idp = await new Idp({ lifeMs: LIFE_MS, delayMs: 50 }).start();
  try {
    const result = await underLoad({ ...options, tokenUrl: idp.url }, () => idp.calls.length);
    const soonestMs = Math.round(Math.min(...gapsOf(idp.calls)));
    const doubles = doublesOf(idp, result.acquisitionMs);
    return { ...result, calls: idp.calls.length, soonestMs, doubles, reuses: idp.reuses };
  } finally {
    await idp.stop();
  }
}

export async function runRotation(options) {
  const idp = await startOidcProvider({ accessTokenSeconds: LIFE_MS / 1000 });
  try {
    const { refreshToken } = await idp.signIn();
    const before = await idp.counters();
    const settings = { ...options, tokenUrl: idp.tokenUrl, client: idp.clients.rotating, refreshToken };
    const callsOf = async () => (await idp.counters()).granted - before.granted;
    const result = await underLoad(settings, callsOf);
    const { granted, refused, refreshReuses } = await idp.counters();
    return { ...result, calls: granted - before.granted, doubles: refused - before.refused, reuses: refreshReuses };
  } finally {
    await idp.stop();
  }
}

function underLoad({ processes, expiries, ...given }, callsOf) {
  return inFolder(async (folder) => {
    const settings = { ...given, folder, lifeMs: LIFE_MS, perSecond: PER_SECOND };
    const crew = await Promise.all(Array.from({ length: processes }, () => hire('load', settings)));
    try {
      crew.forEach((child) => child.send('begin'));
      while ((await callsOf()) <= expiries) await sleep(LOOK_MS);
      const results = crew.map(messageOf);
      crew.forEach((child) => child.send('end'));
      return sum(await Promise.all(results));
    } finally {
      await Promise.all(crew.map((child) => killed(child)));
    }
  });
}

function sum(results) {
  const total = (name) => results.reduce((count, result) => count + result[name], 0);
  return {
    requests: total('requests'),
    failed: total('failed'),
    longestMs: Math.max(...results.map(({ longestMs }) => longestMs)),
    acquisitionMs: Math.max(...results.map(({ acquisitionMs }) => acquisitionMs)),
    causes: Object.assign({}, ...results.map(({ causes }) => causes)),
  };
}

/** A call for a token that nobody had to replace yet. Replacing begins twice the last acquisition's time ahead (C1), so a slow one excuses an early call. */
function doublesOf({ calls, signIns }, acquisitionMs) {
  const freshMs = Math.min(LIFE_MS / 2, LIFE_MS - LEEWAY_MS - 2 * acquisitionMs);
  return gapsOf(calls).filter((gap) => gap < Math.max(freshMs, LEEWAY_MS)).length + signIns - 1;
}

function gapsOf(calls) {
  return calls.slice(1).map((at, index) => at - calls[index]);
}
