// The table of grants and client authentications in the guide to client authentication, made of the tests in
// packages/core/test/judged that ran and passed: each title is a row, "what | the server that judged it | the standard (C25)".
// Run: node scripts/judged-table.mjs [--update]. Without --update it fails when the guide says something else.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const GUIDE = join(root, 'docs/guide/client-authentication.md');
const [BEGIN, END] = ['<!-- judged: begin -->', '<!-- judged: end -->'];
const TITLE =
  /^(?<what>[^|]+?)(?: with (?<variant>[^|]+?))? \| (?<judge>[^|]+) \| (?<standard>[^|]+?)(?: \([^()]*\))?$/;

/** Runs the tests. @returns the titles of those that passed, in the order of the files */
function passedTitles() {
  const folder = mkdtempSync(join(tmpdir(), 'judged-'));
  try {
    const file = join(folder, 'results.json');
    const jest = join(root, 'node_modules/jest/bin/jest.js');
    const args = [jest, '--selectProjects', 'core', '--json', `--outputFile=${file}`, 'packages/core/test/judged'];
    execFileSync(process.execPath, args, { cwd: root, stdio: 'pipe' });
    const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const files = testResults.toSorted((one, other) => one.name.localeCompare(other.name));
    return files.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'passed').map(({ title }) => title),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Variants of one thing, such as its algorithms, share a row. */
function tableOf(titles) {
  const rows = new Map();
  for (const title of titles) {
    const { what, variant, judge, standard } = TITLE.exec(title)?.groups ?? {};
    if (what === undefined) throw new Error(`The title is no row, "what | judge | standard (C25)": ${title}`);
    const key = [what, judge, standard].join('|');
    const row = rows.get(key) ?? { what, judge, standard, variants: [] };
    if (variant !== undefined) row.variants.push(variant);
    rows.set(key, row);
  }
  const lines = [...rows.values()].map(({ what, judge, standard, variants }) =>
    ['', variants.length > 0 ? `${what} (${variants.join(', ')})` : what, judge, standard, ''].join(' | ').trim(),
  );
  return ['| what | judged by | standard |', '| --- | --- | --- |', ...lines].join('\n');
}

const text = readFileSync(GUIDE, 'utf8');
const [before, rest] = text.split(BEGIN);
const after = rest?.split(END)[1];
if (after === undefined) throw new Error(`${GUIDE} has no place for the table: ${BEGIN} … ${END}`);
const written = `${before}${BEGIN}\n\n${tableOf(passedTitles())}\n\n${END}${after}`;
const wanted = await format(written, { ...(await resolveConfig(GUIDE)), parser: 'markdown' });
if (process.argv.includes('--update')) writeFileSync(GUIDE, wanted);
else if (wanted !== text) {
  console.error(
    'The table of judged grants in docs/guide/client-authentication.md is not up to date: npm run update:judged',
  );
  process.exitCode = 1;
}
