#!/usr/bin/env node
// The program: reads the command line and ends with the exit code of what failed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './program.js';
import { processTerminal } from './terminal/process-terminal.js';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own file
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};
const ownModule = fileURLToPath(new URL('./index.js', import.meta.url));
// Whatever is open still, such as a connection that is kept, would hold the process up.
process.exit(await run(process.argv.slice(2), processTerminal({ version, ownModule })));
