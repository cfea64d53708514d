// Fails when package-lock.json would make `npm ci` fail, names a registry host, or has a package without a hash.
// `npm ci` refuses a lock file in which an optional platform package (another OS or CPU) has no entry; npm writes such
// a file without a word when the registry at hand lacks that platform's package for the chosen version.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(process.argv[2] ?? 'package-lock.json', 'utf8'));
const problems = [];
for (const [path, entry] of Object.entries(packages)) {
  if (entry.resolved !== undefined && !entry.link) problems.push(`${path}: 'resolved' names a host`);
  const isInstalled = path.includes('node_modules/') && !entry.link && !entry.inBundle;
  if (isInstalled && entry.integrity === undefined) problems.push(`${path}: no 'integrity'`);
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    let at = path;
    while (packages[`${at}${at && '/'}node_modules/${name}`] === undefined && at !== '')
      at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1));
    if (packages[`${at}${at && '/'}node_modules/${name}`] === undefined)
      problems.push(`${path}@${entry.version}: no entry for ${name}`);
  }
}
for (const problem of problems) console.error(problem);
console.log(`${problems.length} problems in ${Object.keys(packages).length} entries`);
process.exitCode = problems.length === 0 ? 0 : 1;
