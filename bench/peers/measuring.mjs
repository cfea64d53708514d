// Runs the scenarios with the clients, and keeps what came out for each.

import { merged } from './report/words.mjs';

/**
 * @returns for each client, in order: { client, result } or { client, why } where the scenario does not apply
 * @throws what a client throws outside of a request: an adapter is broken
 */
export async function runScenario(scenario, clients, { size, isSmoke }) {
  const chosen = scenario.onePerPackage ? onePerPackage(clients) : clients;
  const entries = chosen.map((client) => ({ client, why: whyNot(scenario, client) }));
  const fitting = entries.filter(({ why }) => why === undefined);
  const results = await measured(
    scenario,
    fitting.map(({ client }) => client),
    { size, isSmoke },
  );
  fitting.forEach((entry, index) => (entry.result = results[index]));
  return entries;
}

function whyNot({ appliesTo }, client) {
  const answer = appliesTo(client);
  return answer === true ? undefined : answer;
}

/** Configurations of one package load and bundle the same. */
function onePerPackage(clients) {
  return clients.filter(({ bundle }, index) => clients.findIndex((other) => other.bundle === bundle) === index);
}

async function measured({ run, measuresAll, isParallel }, clients, { size, isSmoke }) {
  if (measuresAll) return repeated(() => run(clients, size), size.repeats ?? 1);
  if (isParallel || isSmoke) return Promise.all(clients.map((client) => run(client, size)));
  const results = [];
  for (const client of clients) results.push(await run(client, size));
  return results;
}

async function repeated(work, times) {
  const runs = [];
  for (let done = 0; done < times; done += 1) runs.push(await work());
  return runs[0].map((_, index) => merged(runs.map((run) => run[index])));
}
