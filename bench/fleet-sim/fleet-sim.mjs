// Ten thousand machines in virtual time, over the real lifecycle and the real store: simulated, calculated, compared, drawn.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { differences } from './formula.mjs';
import { writePage } from './page.mjs';
import { pictures } from './pictures.mjs';
import { simulate } from './world.mjs';

const help = `A fleet in virtual time: token calls, commands of Redis, waiting, with one Redis and without.

Usage: npm run bench:fleet-sim -- [options]

  --smoke        400 machines and a part of what is measured, in some seconds; writes nothing
  --write        writes the tables into docs/guide/fleet.md, and docs/public/fleet-*.svg
  --seed NUMBER  another run; default 1
  --machines N   another size; where something is down a tenth of it is simulated
  --help         this text

The exit code is 1 when the simulation and the formula are further apart than formula.mjs says.`;

const LIFETIMES_S = [60, 300, 3_600];
/** While the token endpoint is down every machine keeps asking, so that fewer are simulated. */
const SIZES = { full: { machines: 10_000, troubled: 200 }, smoke: { machines: 400, troubled: 100 } };
const CALM = ['start within a minute', 'steady', 'a third restarts'];

async function main() {
  const { values } = parseArgs({
    options: {
      smoke: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      machines: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return tell(help);
  const size = sizeOf(values);
  const results = await measured(size, { seed: Number(values.seed), lifetimes: values.smoke ? [60] : LIFETIMES_S });
  const wrong = results.calm.flatMap(({ lifetimeS, shared, alone }) =>
    differences(size.machines, lifetimeS, { shared: shared.steady, alone: alone.steady }),
  );
  if (values.write) {
    writePage(results);
    for (const [file, svg] of Object.entries(pictures(results))) writeFileSync(file, svg);
  }
  for (const text of wrong) console.error(text);
  tell(wrong.length === 0 ? 'Simulation and formula agree.' : 'Simulation and formula DISAGREE.');
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

function sizeOf({ smoke, machines }) {
  if (machines === undefined) return smoke ? SIZES.smoke : SIZES.full;
  const count = Number(machines);
  if (!Number.isInteger(count) || count < 100) throw new Error('--machines must be a whole number of at least 100');
  return { machines: count, troubled: Math.max(50, Math.round(count / 10)) };
}

/** Every run has the same seed, and is told in a line. */
async function measured({ machines, troubled }, { seed, lifetimes }) {
  const run = async (hasRedis, lifetimeS, phases, count = machines) => {
    const begunAt = performance.now();
    const measuredPhases = await simulate({ machines: count, lifetimeS, hasRedis, seed, phases });
    const seconds = ((performance.now() - begunAt) / 1_000).toFixed(1);
    for (const [name, phase] of Object.entries(measuredPhases)) tell(line({ name, lifetimeS, count, hasRedis, phase }));
    tell(`  took ${seconds} s, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`);
    return measuredPhases;
  };
  const calm = [];
  for (const lifetimeS of lifetimes)
    calm.push({ lifetimeS, shared: await run(true, lifetimeS, CALM), alone: await run(false, lifetimeS, CALM) });
  const atOnce = await run(true, lifetimes.at(-1), ['all start at once']);
  const trouble = [];
  for (const lifetimeS of lifetimes)
    trouble.push({
      lifetimeS,
      away: await run(true, lifetimeS, ['start within a minute', 'Redis away'], troubled),
      shared: await run(true, lifetimeS, ['start within a minute', 'token endpoint down'], troubled),
      alone: await run(false, lifetimeS, ['start within a minute', 'token endpoint down'], troubled),
    });
  return { machines, troubled, seed, calm, atOnce, trouble };
}

function line({ name, lifetimeS, count, hasRedis, phase }) {
  const { tokenCalls, commands, bySecond, longestMs, failed, requests } = phase;
  const peak = Math.max(0, ...bySecond.values());
  return `${hasRedis ? 'Redis' : 'none '} ${lifetimeS} s, ${count} machines, ${name}: ${tokenCalls.length} token calls, ${commands} commands (${peak}/s at most), longest wait ${Math.round(longestMs)} ms, ${failed} of ${requests} requests failed`;
}

function tell(text) {
  console.log(text);
}

await main();
