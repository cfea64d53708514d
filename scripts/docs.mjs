// Builds the site and checks it: every code of an error has its text, every link leads somewhere, every page can be used.
// The site is a package of its own, which is installed when its lock file has changed. Run after a build: npm run docs
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '../docs');
const lock = join(docs, 'package-lock.json');
const installed = join(docs, 'node_modules/.installed-lock.json');

if (!existsSync(installed) || readFileSync(lock, 'utf8') !== readFileSync(installed, 'utf8')) {
  step('install', 'npm', ['ci', '--ignore-scripts']);
  copyFileSync(lock, installed);
}
step('errors', process.execPath, [join(import.meta.dirname, 'errors-page.mjs')]);
step('prepare', process.execPath, ['scripts/prepare.mjs']);
step('build', process.execPath, ['node_modules/vitepress/bin/vitepress.js', 'build']);
step('check', process.execPath, ['scripts/check-site.mjs']);

function step(name, program, args) {
  const started = performance.now();
  const { status } = spawnSync(program, args, { cwd: docs, stdio: 'inherit', shell: process.platform === 'win32' });
  console.log(`docs ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (status !== 0) process.exit(1); // the step has said why
}
