// Fails when a lock file would make `npm ci` fail, names a registry host, or has a package without a hash: that of the root, and
// those of docs/ and bench/peers, which are packages of their own. `npm ci` refuses a lock file in which an optional platform package (another OS or CPU) has no entry; npm
// writes such a file without a word when the registry at hand lacks that platform's package for the chosen version.
// Run: node scripts/check-lock.mjs [lock files]
import { readFileSync } from 'node:fs';

const named = process.argv.slice(2);
const files =
  named.length > 0 ? named : ['package-lock.json', 'docs/package-lock.json', 'bench/peers/package-lock.json'];
const problems = files.flatMap((file) => problemsOf(file).map((problem) => `${file}: ${problem}`));
for (const problem of problems) console.error(problem);
console.log(`${problems.length} problems in ${files.join(', ')}`);
process.exitCode = problems.length === 0 ? 0 : 1;

function problemsOf(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.entries(packages).flatMap(([path, entry]) => [
    ...(entry.resolved !== undefined && !entry.link ? [`${path}: 'resolved' names a host`] : []),
    ...(mustHaveHash(path, entry) ? [`${path}: no 'integrity'`] : []),
    ...Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !isThere(packages, path, name))
      .map((name) => `${path}@${entry.version}: no entry for ${name}`),
  ]);
}

function mustHaveHash(path, { link, inBundle, integrity }) {
  return path.includes('node_modules/') && !link && !inBundle && integrity === undefined;
}

/** Whether Node would find `name` from the package at `path`. */
function isThere(packages, path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at}${at && '/'}node_modules/${name}`] !== undefined) return true;
    if (at === '') return false;
  }
}
