// Holds the words of the field where a pattern can: whoever looks for "refresh", "retry" or "allow list" finds them, and nobody
// has to learn a word that only this project uses. Run: node scripts/check-words.mjs [root]. Prints each as file:line.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesUnder, foldersIn } from './lib/typescript-files.mjs';

/** What not to write, what to write in its place, and where it counts. */
export const WORDS = [
  { word: /\b(?:un)?heal(?:s|ed|ing)?\b/i, write: 'retry (with a new token), refresh' },
  { word: /\b(?:un)?mend(?:s|ed|ing)?\b/i, write: 'fix' },
  { word: /\bhand(?:s|ed|ing)? back\b/i, write: 'return' },
  { word: /\b(?:stands?|stood) still\b/i, write: 'is paused' },
  { word: /\bin clear\b/i, write: 'unencrypted, plain text' },
  { word: /\bin the air\b/i, write: 'under way' },
  { word: /\bout of scope\b/i, write: 'not allowed, not on the allow list' },
  {
    word: /\b(?:membersOf|definedOnly|textOf|ReplacementReason|RequestScope)\b/,
    write: 'the name that took its place',
  },
  { word: /\b(?:refused|refusal of a) (?:access )?tokens?\b/i, write: 'rejected token' },
  { word: /\breplacements?\b/i, write: 'refresh', in: 'packages/core/src' },
  { word: /\b(?:journeys?|trips?)\b/i, write: 'request context, attempt', in: 'packages/core/src' },
  { word: /\bthe engine\b/i, write: 'core, the lifecycle', in: 'packages/core/src' },
];

const SOURCES = /\.(?:[cm]?js|[cm]?ts|md)$/;
const LEFT_OUT =
  /(?:^|\/)(?:node_modules|dist|etc|coverage|published-vectors|\.vitepress\/cache)\/|CHANGELOG\.md$|^\.changeset\//;
/** Says what not to write. */
const OWN = /^scripts\/check-words(?:\.test)?\.mjs$/;

/** @returns every such word under `root`, as `file:line what to write` */
export function findWords(root, words = WORDS) {
  return papersAndSources(root).flatMap((file) => {
    const place = relative(root, file).split(sep).join('/');
    if (LEFT_OUT.test(place) || OWN.test(place)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => wordsIn(line, place, words).map((said) => `${place}:${index + 1} ${said}`));
  });
}

function wordsIn(line, place, words) {
  return words.flatMap(({ word, write, in: only }) => {
    const found = only === undefined || place.startsWith(`${only}/`) ? word.exec(line) : null;
    return found ? [`"${found[0]}": write ${write}`] : [];
  });
}

function papersAndSources(root) {
  const papers = readdirSync(root).filter((name) => name.endsWith('.md'));
  const folders = foldersIn(root).filter((name) => ['packages', 'examples', 'bench', 'scripts', 'docs'].includes(name));
  return [
    ...papers.map((name) => join(root, name)),
    ...folders.flatMap((name) => filesUnder(join(root, name), SOURCES)),
  ];
}

const self = fileURLToPath(import.meta.url);
if (process.argv[1] !== undefined && resolve(process.argv[1]) === self) {
  const root = resolve(process.argv[2] ?? join(fileURLToPath(new URL('.', import.meta.url)), '..'));
  if (!existsSync(join(root, 'packages'))) throw new Error(`${root} has no packages folder`);
  const found = findWords(root);
  for (const one of found) console.error(one);
  console.log(`${found.length} words of our own`);
  if (found.length > 0) process.exitCode = 1;
}
