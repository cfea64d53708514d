// What `axios-authorizer --help`, of the whole and of one command, takes over a program that does nothing, in fresh processes.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../packages/cli/dist/esm/bin.js', import.meta.url));
const COMMANDS = {
  '--help': ['--help'],
  'doctor smart --help': ['doctor', 'smart', '--help'],
  '--version': ['--version'],
};
const NOTHING = ['--input-type=module', '--eval', '0'];
/** Each process says at its end what it took: time on the clock would be that of the machine's other work as well. */
const TELLS = `import { writeSync } from 'node:fs';
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeSync(3, String((user + system) / 1000));
});`;
const PRELOAD = `--import=data:text/javascript,${encodeURIComponent(TELLS)}`;

/** Milliseconds of CPU: [{ name, baseMs, addedMs }, …]. The best of all rounds counts: whatever disturbs a process makes it slower. */
export function helpCost(rounds) {
  const times = new Map([['node', []], ...Object.keys(COMMANDS).map((name) => [name, []])]);
  for (let round = 0; round < rounds; round += 1) {
    times.get('node').push(took(NOTHING));
    for (const [name, args] of Object.entries(COMMANDS)) times.get(name).push(took([BIN, ...args]));
  }
  const baseMs = Math.min(...times.get('node'));
  return Object.keys(COMMANDS).map((name) => ({ name, baseMs, addedMs: Math.min(...times.get(name)) - baseMs }));
}

function took(args) {
  const { status, output } = spawnSync(process.execPath, [PRELOAD, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${output[2]}`);
  return Number(output[3]);
}
