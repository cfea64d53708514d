// One token for many processes: measures what a shared store promises, prints a table, and fails when a promise is broken.
import { parseArgs } from 'node:util';
import { runExpiries, runRotation } from './expiries.mjs';
import { runKills } from './kills.mjs';
import { runOutages } from './outages.mjs';
import { runRounds } from './rounds.mjs';
import { stores } from './stores.mjs';

const help = `What a shared store promises to a fleet of processes.

Usage: npm run bench:fleet -- [options]

  --smoke        5 expiries, 10 kills, 2,000 rounds, 1 outage, in about two minutes; otherwise 60, 200, 100,000 and 5
  --store NAME   one of ${Object.keys(stores).join(', ')}; default: each
  --only NAME    one of expiries, rotation, kills, rounds, outages (of Redis)
  --help         this text`;

const PROCESSES = 8;
const COUNTS = { expiries: 60, kills: 200, rounds: 100_000, outages: 5 };
const SMOKE = { expiries: 5, kills: 10, rounds: 2_000, outages: 1 };
/** What a killed process may hold up the next: far below the lease of 10 s. */
const AT_ONCE_MS = 2_000;

const measurements = {
  expiries: {
    run: (store, { expiries }) => runExpiries({ store, processes: PROCESSES, expiries }),
    holds: ({ failed, doubles, reuses }) => failed === 0 && doubles === 0 && reuses === 0,
  },
  rotation: {
    run: (store, { expiries }) => runRotation({ store, processes: PROCESSES, expiries }),
    holds: ({ failed, doubles, reuses }) => failed === 0 && doubles === 0 && reuses === 0,
  },
  kills: {
    run: (store, { kills }) => runKills({ store, count: kills }),
    holds: ({ corrupt, lost, slowestMs, signIns, answersLost }) =>
      corrupt === 0 && lost === 0 && slowestMs < AT_ONCE_MS && signIns <= 1 + answersLost,
  },
  rounds: {
    run: (store, { rounds }) => runRounds({ store, processes: PROCESSES, count: rounds }),
    holds: ({ backwards, lost }) => backwards === 0 && lost === 0,
  },
  outages: {
    fits: (store) => 'server' in stores[store],
    run: (store, { outages }) => runOutages({ store, processes: PROCESSES, outages }),
    holds: ({ requests, failed, reuses }) => requests > 0 && failed === 0 && reuses === 0,
  },
};

async function main() {
  const { values } = parseArgs({
    options: {
      smoke: { type: 'boolean', default: false },
      store: { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return tell(help);
  const broken = [];
  for (const store of chosen(stores, values.store)) broken.push(...(await measureAll(store, values)));
  tell(broken.length === 0 ? 'Every promise was kept.' : `BROKEN: ${broken.join(', ')}`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}

/** @returns the promises that were broken */
async function measureAll(store, { only, smoke }) {
  const lack = stores[store].lack?.();
  if (lack !== undefined) {
    console.error(`NOT MEASURED, ${lack}: ${store}`);
    return [];
  }
  const stop = await stores[store].start();
  try {
    const broken = [];
    for (const name of chosen(measurements, only).filter((one) => measurements[one].fits?.(store) ?? true))
      if (!(await measure(store, name, smoke ? SMOKE : COUNTS))) broken.push(`${name} on ${store}`);
    return broken;
  } finally {
    await stop();
  }
}

function chosen(all, name) {
  if (name !== undefined && !(name in all)) throw new Error(`There is no ${name}; there is ${Object.keys(all).join()}`);
  return name === undefined ? Object.keys(all) : [name];
}

async function measure(store, name, counts) {
  const { run, holds } = measurements[name];
  const startedAt = performance.now();
  const result = await run(store, counts);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const isKept = holds(result);
  const cells = Object.entries(result).map(
    ([what, value]) => `${what} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  tell(`| ${[store, name, `${seconds} s`, isKept ? 'kept' : 'BROKEN', cells.join(', ')].join(' | ')} |`);
  return isKept;
}

function tell(line) {
  console.log(line);
}

tell('| store | measurement | took | promise | counts |\n| ----- | ----------- | ---: | ------- | ------ |');
await main();
