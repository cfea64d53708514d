// Installs the libraries that are compared, if they are not there as their lock file says, and then compares.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** What npm has installed, beside the lock file: the same packages in the same versions. */
function isInstalled() {
  const hidden = `${here}node_modules/.package-lock.json`;
  if (!existsSync(hidden)) return false;
  const versions = (file) => {
    const { packages } = JSON.parse(readFileSync(file, 'utf8'));
    const named = Object.entries(packages).filter(([path, { optional }]) => path !== '' && !optional);
    return named.map(([path, { version }]) => `${path} ${version}`).join('\n');
  };
  return versions(hidden) === versions(`${here}package-lock.json`);
}

if (!isInstalled()) {
  // npm hands its settings down, the folder of the project among them
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, env, stdio: ['ignore', 'ignore', 'inherit'] });
}
await import('./peers.mjs');
