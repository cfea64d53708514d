// Every threat of SECURITY.md names a test: a link whose text is the title and whose target is the file. Fails when the file is not
// there, or has no test of that title, and for a line of its tables without one. Run: node scripts/check-threats.mjs [root].
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { titlesIn } from './lib/test-titles.mjs';

const PAPER = 'SECURITY.md';
const LAST_CELL = /\| \[(.+)\]\(([^)\s]+\.test\.m?[jt]s)\) +\|$/;

/** @returns what is wrong, by line */
export function findUntested(root) {
  const lines = readFileSync(join(root, PAPER), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const isThreat = line.startsWith('|') && !/^\| (?:threat|-+) /.test(line);
    const wrong = isThreat ? wrongIn(root, line) : undefined;
    return wrong === undefined ? [] : [`${PAPER}:${index + 1} ${wrong}`];
  });
}

function wrongIn(root, line) {
  const [, title, file] = LAST_CELL.exec(line) ?? [];
  if (title === undefined) return 'a threat without a test: | threat | what we do | behaviour | [title](file) |';
  if (!existsSync(join(root, file))) return `there is no ${file}`;
  return titlesIn(join(root, file)).includes(unescaped(title)) ? undefined : `${file} has no test "${title}"`;
}

/** As Prettier leaves a title in a table. */
function unescaped(title) {
  return title.replaceAll(/\\([\\|*_[\]])/g, '$1');
}

const self = fileURLToPath(import.meta.url);
if (process.argv[1] !== undefined && resolve(process.argv[1]) === self) {
  const found = findUntested(resolve(process.argv[2] ?? join(dirname(self), '..')));
  for (const problem of found) console.error(problem);
  console.log(`${found.length} threats without a test`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
