// Holds the workflows of .github to what anybody can run in a clone: each command is an npm script of package.json, `npm ci`,
// or `.ci/run`. Run: node scripts/check-workflows.mjs [root]. Prints each other command as file: command, and fails.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const COMMANDS = new Set(['npm ci', 'npm test', 'bash .ci/run']);
/** Inputs of actions that are commands as well. */
const COMMAND_INPUTS = ['version', 'publish'];

/** @returns every command of a workflow under `root` that is none of the repository's, as `file: command` */
export function findCommands(root) {
  const folder = join(root, '.github/workflows');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const known = (command) => COMMANDS.has(command) || scripts[/^npm run ([\w:-]+)(?: -- .*)?$/.exec(command)?.[1]];
  return readdirSync(folder).flatMap((file) =>
    commandsOf(parse(readFileSync(join(folder, file), 'utf8')))
      .filter((command) => !known(command))
      .map((command) => `.github/workflows/${file}: ${command}`),
  );
}

function commandsOf({ jobs }) {
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  return steps.flatMap(({ run = '', with: inputs = {} }) => [
    ...run.split('\n').filter((line) => line.trim() !== ''),
    ...COMMAND_INPUTS.flatMap((name) => (/^npm|^npx/.test(inputs[name]) ? [inputs[name]] : [])),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
  const found = existsSync(join(root, '.github/workflows')) ? findCommands(root) : ['.github/workflows is not there'];
  for (const problem of found) console.error(problem);
  console.log(`${found.length} commands of workflows that a clone does not have`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
