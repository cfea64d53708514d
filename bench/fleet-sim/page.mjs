// Writes the tables of docs/guide/fleet.md between its markers.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { BOUNDS, calculated } from './formula.mjs';
import { lifetimeName, perHour } from './pictures.mjs';

const PAGE = fileURLToPath(new URL('../../docs/guide/fleet.md', import.meta.url));

/** @throws Error when a marker is missing */
export function writePage(results) {
  let page = readFileSync(PAGE, 'utf8');
  for (const [name, text] of Object.entries(parts(results))) {
    const between = new RegExp(`(<!-- ${name}: begin -->\n)[^]*?(<!-- ${name}: end -->)`);
    if (!between.test(page)) throw new Error(`docs/guide/fleet.md has no markers for ${name}`);
    page = page.replace(between, (_all, begin, end) => `${begin}\n${text}\n\n${end}`);
  }
  writeFileSync(PAGE, page);
}

function parts({ machines, troubled, seed, calm, atOnce, trouble }) {
  const day = new Date().toISOString().slice(0, 10);
  const cores = cpus().length;
  return {
    made: `Simulated on ${day} by \`npm run bench:fleet-sim -- --write --seed ${seed}\`: Node ${process.versions.node}, ${cores} cores; ${whole(machines)} machines, ${whole(troubled)} where something is down.`,
    steady: table(
      [
        'lifetime',
        'store',
        'token calls an hour',
        'commands per expiry',
        'commands/s, mean',
        'in the busiest second',
        'longest wait',
      ],
      calm.flatMap(({ lifetimeS, shared, alone }) => [
        steadyRow(lifetimeS, 'Redis', shared.steady),
        steadyRow(lifetimeS, 'none', alone.steady),
      ]),
    ),
    formula: formulaTable(machines, calm),
    trouble: table(
      [
        'what happens',
        'lifetime',
        'store',
        'machines',
        'token calls',
        'commands/s at most',
        'longest wait',
        'failed requests',
      ],
      [
        ...calm.flatMap(({ lifetimeS, shared, alone }) => [
          troubleRow('start within a minute', [lifetimeS, 'Redis', machines], shared['start within a minute']),
          troubleRow('a third restarts', [lifetimeS, 'Redis', machines], shared['a third restarts']),
          troubleRow('a third restarts', [lifetimeS, 'none', machines], alone['a third restarts']),
        ]),
        troubleRow('all start at once', [calm.at(-1).lifetimeS, 'Redis', machines], atOnce['all start at once']),
        ...trouble.flatMap(({ lifetimeS, away, shared, alone }) => [
          troubleRow('Redis away for a minute', [lifetimeS, 'Redis', troubled], away['Redis away']),
          troubleRow('token endpoint down for a minute', [lifetimeS, 'Redis', troubled], shared['token endpoint down']),
          troubleRow('token endpoint down for a minute', [lifetimeS, 'none', troubled], alone['token endpoint down']),
        ]),
      ],
    ),
  };
}

function steadyRow(lifetimeS, store, phase) {
  const { commands, tokenCalls, seconds, longestMs } = phase;
  const isShared = commands > 0;
  return [
    lifetimeName(lifetimeS),
    store,
    whole(perHour(phase)),
    isShared ? whole(commands / tokenCalls.length) : '-',
    isShared ? (commands / seconds).toFixed(1) : '-',
    isShared ? whole(peakOf(phase)) : '-',
    `${Math.round(longestMs)} ms`,
  ];
}

function troubleRow(what, [lifetimeS, store, machines], phase) {
  const { tokenCalls, longestMs, failed, requests } = phase;
  const peak = store === 'Redis' ? whole(peakOf(phase)) : '-';
  return [
    what,
    lifetimeName(lifetimeS),
    store,
    whole(machines),
    whole(tokenCalls.length),
    peak,
    `${whole(longestMs)} ms`,
    `${whole(failed)} of ${whole(requests)}`,
  ];
}

function formulaTable(machines, calm) {
  const rows = calm.map(({ lifetimeS, shared, alone }) => {
    const expected = calculated(machines, lifetimeS);
    const { tokenCalls, seconds, commands } = shared.steady;
    const pairs = [
      [expected.periodS, seconds / tokenCalls.length, 1],
      [expected.commands, commands / tokenCalls.length, 0],
      [expected.peak, peakOf(shared.steady), 0],
      [expected.callsAlone, alone.steady.tokenCalls.length, 0],
    ];
    return [
      lifetimeName(lifetimeS),
      ...pairs.map(([one, other, digits]) => `${whole(one, digits)} / ${whole(other, digits)}`),
    ];
  });
  const percent = (name) => `within ${BOUNDS[name] * 100} %`;
  return table(
    [
      'lifetime',
      `seconds from token to token, ${percent('periodS')}`,
      `commands per expiry, ${percent('commands')}`,
      `busiest second, ${percent('peak')}`,
      `calls without a store, ${percent('callsAlone')}`,
    ],
    rows,
  );
}

function peakOf({ bySecond }) {
  return Math.max(0, ...bySecond.values());
}

function whole(value, digits = 0) {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** As Prettier would write it. */
function table(head, rows) {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
