// Every numbered behaviour of the contract is named by the title of a test, as "(C3)" or "C3".
// Run: node scripts/traceability.mjs [root]. Prints the numbers that no title names, and fails.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { calleeOf, TITLED } from './lib/test-titles.mjs';
import { filesUnder, parse, walk } from './lib/typescript-files.mjs';

/**
 * The letter of each package's behaviours, how many there are, and further ones; a package is asked once its folder exists.
 */
const BEHAVIOURS = {
  core: ['C', 28],
  'smart-backend': ['S', 8],
  'itkdb-user': ['I', 8],
  cognito: ['G', 9],
};

/** @returns the numbers that no title names, by package */
export function findUnnamed(root, behaviours = BEHAVIOURS) {
  const present = Object.entries(behaviours).filter(([name]) => existsSync(join(root, 'packages', name)));
  return present.map(([name, [letter, first, further = []]]) => {
    const titles = filesUnder(join(root, 'packages', name), /\.test\.ts$/).flatMap(titlesIn);
    const firstOnes = Array.from({ length: first }, (_, index) => index + 1);
    const numbers = firstOnes.concat(further).map((number) => `${letter}${number}`);
    return {
      name,
      count: numbers.length,
      unnamed: numbers.filter((number) => !titles.some((title) => names(title, number))),
    };
  });
}

function names(title, number) {
  return new RegExp(`\\b${number}\\b`).test(title);
}

function titlesIn(file) {
  const titles = [];
  walk(parse(file), (node) => {
    const [title] = ts.isCallExpression(node) && TITLED.has(calleeOf(node)) ? node.arguments : [];
    if (title !== undefined && !ts.isArrayLiteralExpression(title)) titles.push(title.getText());
  });
  return titles;
}

const self = fileURLToPath(import.meta.url);
if (process.argv[1] !== undefined && resolve(process.argv[1]) === self) {
  const found = findUnnamed(resolve(process.argv[2] ?? join(dirname(self), '..')));
  for (const { name, count, unnamed } of found) {
    console.log(`${name}: ${count - unnamed.length} of ${count} behaviours are named by a test`);
    if (unnamed.length > 0) console.error(`${name}: no test names ${unnamed.join(' ')}`);
  }
  process.exitCode = found.every(({ unnamed }) => unnamed.length === 0) ? 0 : 1;
}
