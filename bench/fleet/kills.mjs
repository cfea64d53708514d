// kill -9 of the process that refreshes, at any moment: is the store whole, is what was handed out still known, and does the
// next one go on at once?
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hire, inFolder, killed, messageOf } from './crew.mjs';
import { Idp } from './idp.mjs';
import { stores } from './stores.mjs';

const LATEST_MS = 60;

export function runKills({ store, count }) {
  return inFolder(async (folder) => {
    const idp = await new Idp({ lifeMs: 60_000, delayMs: 2 }).start();
    const settings = { store, folder, tokenUrl: idp.url };
    const result = { kills: 0, corrupt: 0, lost: 0, answersLost: 0, slowestMs: 0 };
    let current = await begun(await hire('refresh', settings), result);
    try {
      while (result.kills < count) current = await killOne(current, { settings, result });
    } finally {
      await killed(current.child);
      await idp.stop();
    }
    return { ...result, answersLost: idp.reuses, signIns: idp.signIns };
  });
}

/** Waits for its first token, and keeps the last that it told of. */
async function begun(child, result) {
  child.send('begin');
  const member = { child, told: await messageOf(child) };
  if (result.kills > 0) result.slowestMs = Math.max(result.slowestMs, member.told.ms);
  child.on('message', (told) => (member.told = told));
  return member;
}

async function killOne(current, { settings, result }) {
  const next = await hire('refresh', settings);
  await sleep(randomInt(LATEST_MS));
  await killed(current.child);
  result.kills += 1;
  const token = await stores[settings.store]
    .open(settings)
    .load()
    .catch(() => (result.corrupt += 1));
  if (serialOf(token) < serialOf(current.told)) result.lost += 1;
  return begun(next, result);
}

function serialOf({ refreshToken }) {
  return Number(String(refreshToken).split('-')[2] ?? 0);
}
