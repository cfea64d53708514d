// What loading core adds to loading axios, in fresh processes.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../scripts/measure-import.mjs', import.meta.url));

/** Milliseconds, by the way of loading: { import: { axiosMs, withCoreMs, coreMs }, require: { … } }. */
export function importCost() {
  const { spawns: _spawns, ...cost } = JSON.parse(execFileSync(process.execPath, [SCRIPT], { encoding: 'utf8' }));
  return cost;
}
