// Axios clients live through ten bad seconds: tokens that expire under load, revocations, an outage, a 401 storm, a key
// that is rotated, a wrong clock, a throttled user pool, logins of seconds.
// All of it runs on this machine, against servers that this process starts. What was promised is checked at the end.

import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { burn } from './busy.mjs';
import { cognito } from './clients/cognito.mjs';
import { itkdb } from './clients/itkdb.mjs';
import { outage } from './clients/outage.mjs';
import { revocation } from './clients/revocation.mjs';
import { rollover } from './clients/rollover.mjs';
import { rotation } from './clients/rotation.mjs';
import { smart } from './clients/smart.mjs';
import { storm } from './clients/storm.mjs';
import { Journal } from './journal.mjs';
import { help, readOptions } from './options.mjs';
import { measurePace, slowestDuring } from './pace.mjs';
import { journalsOf, startView } from './view/live.mjs';
import { page } from './view/page.mjs';
import { brokenOnes, table, verdict } from './view/table.mjs';

/** What the journals of interceptors written by hand are called. */
const BY_HAND = 'plain axios';

const scenarios = [rotation, rollover, revocation, outage, storm, smart, cognito, itkdb];

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(help);
    return 0;
  }
  if (options.html !== undefined) accessSync(dirname(resolve(options.html)), constants.W_OK);
  process.stdout.on('error', () => process.exit(1)); // nobody reads any more
  if (options.busy) burn();
  const { rows, times, pace } = await judged(options);
  console.log(`\n${table(rows)}\n\n${verdict(rows, pace)}`);
  if (options.html !== undefined) {
    writeFileSync(options.html, page(rows, { ...times, pace }));
    console.log(`\nThe same as a page, with the lifetime of each token: ${resolve(options.html)}`);
  }
  return rows.every(({ kept }) => kept) ? 0 : 1;
}

/**
 * A run whose outcome says something about the authorizers: when a promise was broken and the machine became slower meanwhile than
 * the run's times allow for, the run is made again with times that do.
 */
async function judged(options) {
  for (let pace = await measurePace(); ;) {
    const run = await runAll(options, pace);
    const isBroken = run.rows.some(({ kept }) => !kept);
    const slower = isBroken && options.fault === undefined ? pace.after(run.slowestMs) : undefined;
    if (slower === undefined) return { ...run, pace };
    const took = `a request of plain axios took ${Math.round(run.slowestMs)} ms`;
    console.log(`\nThis machine became slower during the run (${took}); once more.`);
    for (const line of brokenOnes(run.rows)) console.log(line);
    pace = slower;
  }
}

async function runAll(options, pace) {
  const opened = await Promise.allSettled(scenarios.map((scenario) => open(scenario, { ...options, pace })));
  const clients = opened.flatMap(({ value }) => value ?? []);
  try {
    const unopened = opened.find(({ reason }) => reason !== undefined);
    if (unopened) throw unopened.reason;
    let times;
    const slowestMs = await slowestDuring(async () => (times = await watch(clients, { ...options, pace })));
    return { rows: await Promise.all(clients.map(rowOf)), times, slowestMs };
  } finally {
    await Promise.all(clients.map(({ stop }) => stop()));
  }
}

async function open(scenario, options) {
  const [journal, byHand] = [new Journal(scenario.name), new Journal(BY_HAND)];
  const started = await scenario.start(journal, { ...options, byHand });
  return { scenario, journal, ...started, ...(started.compared && { byHand }) };
}

async function watch(clients, { seconds, pace }) {
  if (pace.inWords !== undefined) console.log(pace.inWords);
  const startedAt = Date.now();
  const view = startView(clients, { seconds: pace.seconds(seconds), startedAt });
  try {
    await Promise.all(clients.map(({ run }) => run()));
    await Promise.all(journalsOf(clients).map((journal) => journal.settled()));
  } finally {
    view.stop();
  }
  return { startedAt, endedAt: Date.now() };
}

/** A client's numbers and promises; that no request fails and none is lost is everybody's. Plain axios promises nothing. */
async function rowOf({ scenario, journal, promises, byHand, compared, calls }) {
  const { requests, answered, failures } = journal;
  const none = {
    says: 'every request is answered',
    kept: requests > 0 && answered === requests,
    seen: `${answered} of ${requests}; first failure: ${failures[0]?.what ?? 'none'}`,
  };
  const all = [none, ...(await promises())];
  const beside = byHand && { journal: byHand, rows: compared(), calls: calls() };
  return { ...scenario, journal, promises: all, kept: all.every(({ kept }) => kept), beside };
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`The demo could not run: ${error.message}`);
  process.exitCode = 2;
}
