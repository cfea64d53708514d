// What loading each package adds to loading what it stands on, in fresh processes.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../scripts/measure-import.mjs', import.meta.url));

/** Milliseconds, by the way of loading and the package: { 'import core': { name, baseMs, withItMs, addedMs }, … }. */
export function importCost() {
  const { packages } = JSON.parse(execFileSync(process.execPath, [SCRIPT], { encoding: 'utf8' }));
  const rows = Object.entries(packages).flatMap(([name, ways]) =>
    Object.entries(ways).map(([how, cost]) => [`${how} ${name}`, { name, ...cost }]),
  );
  return Object.fromEntries(rows);
}
