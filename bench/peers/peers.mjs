// Compares: every scenario with every client, a page and charts of what came out.

import { writeFileSync } from 'node:fs';
import { clients } from './clients/index.mjs';
import { runScenario } from './measuring.mjs';
import { help, readOptions } from './options.mjs';
import { sectionOf } from './report/section.mjs';
import { writePage } from './report/page.mjs';
import { scenarios } from './scenarios/index.mjs';

async function main() {
  const options = optionsOrWhy();
  if (options.why !== undefined || options.help) {
    console.log(options.why ?? help);
    return options.why === undefined ? 0 : 2;
  }
  quiet();
  const isSmoke = options.smoke;
  const wanted = scenarios.filter(({ name }) => options.only === undefined || options.only === name);
  const results = [];
  for (const scenario of wanted) results.push(await compared(scenario, isSmoke));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(asData(results), null, 2)}\n`);
  if (isSmoke) console.log(`${results.length} scenarios, ${clients.length} clients: nothing threw.`);
  else if (options.only === undefined) await writePage(results, clients);
  return saidUnexplained(results, isSmoke);
}

function optionsOrWhy() {
  try {
    return readOptions(
      process.argv.slice(2),
      scenarios.map(({ name }) => name),
    );
  } catch (error) {
    return { why: `${error.message}\n\n${help}` };
  }
}

async function compared(scenario, isSmoke) {
  const size = scenario.size[isSmoke ? 'smoke' : 'full'];
  const startedAt = performance.now();
  const entries = await runScenario(scenario, clients, { size, isSmoke });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const outcome = { scenario, size, ...sectionOf(scenario, entries, size) };
  console.log(isSmoke ? `${scenario.name} (${seconds} s)` : `${outcome.text}\n\n(${scenario.name}: ${seconds} s)\n`);
  return outcome;
}

/** Clients that are still in their own back-off go on when their servers are gone, and some say so. */
function quiet() {
  process.on('unhandledRejection', () => undefined);
  console.warn = () => undefined;
}

function asData(results) {
  return results.map(({ scenario: { name }, rows }) => ({
    name,
    rows: rows.map(({ client, cells, why }) => ({ client: client.name, cells, why })),
  }));
}

/** Where another is better, the page says why: a row without a sentence is a fault of the scenario. */
function saidUnexplained(results, isSmoke) {
  const unexplained = isSmoke ? [] : results.flatMap((result) => result.unexplained);
  for (const what of unexplained) console.error(`No sentence says why: ${what}`);
  return unexplained.length === 0 ? 0 : 1;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(error);
  process.exit(2);
}
