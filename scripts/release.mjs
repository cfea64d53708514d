// Publishes what is not on the registry yet, or with --dry-run prints exactly what would be: each package with its version, its
// files and their size, in the order in which they would go. Needs no network for what it prints besides "is it there already".
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

if (process.argv.includes('--dry-run')) for (const one of inOrder(publicPackages())) show(one);
else execFileSync('npx', ['changeset', 'publish'], { cwd: root, stdio: 'inherit' });

function publicPackages() {
  return readdirSync(join(root, 'packages'))
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) }))
    .filter((one) => !one.private);
}

/** What others need goes first. */
function inOrder(packages, done = []) {
  const names = new Set(packages.map(({ name }) => name));
  const ready = packages.filter(({ dependencies = {} }) => Object.keys(dependencies).every((name) => !names.has(name)));
  if (packages.length === 0 || ready.length === 0) return [...done, ...packages];
  return inOrder(
    packages.filter((one) => !ready.includes(one)),
    [...done, ...ready],
  );
}

function show({ folder, name, version, dependencies = {}, publishConfig = {} }) {
  const [packed] = Object.values(JSON.parse(run(['pack', '--dry-run', '--json', '-w', `packages/${folder}`])));
  const family = Object.entries(dependencies).filter(([other]) => other.startsWith('@axios-authorizer/'));
  const state = isPublished(name, version) ? 'is on the registry: stays as it is' : 'would be published';
  console.log(`\n${name} ${version}: ${state}`);
  console.log(`  access ${publishConfig.access}, tag latest; ${packed.entryCount} files, ${kb(packed.size)} packed`);
  if (family.length > 0) console.log(`  needs ${family.map(([other, range]) => `${other} ${range}`).join(', ')}`);
  for (const { path, size } of packed.files) console.log(`  ${kb(size).padStart(9)}  ${path}`);
}

function isPublished(name, version) {
  try {
    return run(['view', `${name}@${version}`, 'version']).trim() === version;
  } catch {
    return false; // not there, or no registry to ask
  }
}

function run(args) {
  return execFileSync(npm, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function kb(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
