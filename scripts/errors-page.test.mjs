// Does the check of the page of errors find what it looks for? Packages that are wrong on purpose are held against it.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { codesOf, problemsOf } from './errors-page.mjs';

const folder = mkdtempSync(join(tmpdir(), 'errors-page-'));
after(() => rmSync(folder, { recursive: true }));

function packageWith(members) {
  const place = mkdtempSync(join(folder, 'package-'));
  mkdirSync(join(place, 'src'));
  writeFileSync(join(place, 'src/codes.ts'), `export interface AuthErrorCodes {\n${members}\n}\n`);
  return codesOf(place);
}

test('a docstring says what happened and what to do', () => {
  const [code] = packageWith('/** The server\n * is away: try\n * again. */\n away: true;');
  assert.deepEqual(code, { code: 'away', place: 'src/codes.ts:5', happened: 'The server is away', todo: 'try again' });
});

test('a code without a docstring, or whose docstring says nothing to do, is a problem', () => {
  const codes = packageWith('one: true;\n/** It failed. */\ntwo: true;\n/** It failed: wait. */\nthree: true;');
  const problems = problemsOf([{ name: 'core', codes }]);
  assert.deepEqual(
    problems.map((problem) => problem.split(' ')[1]),
    ['one', 'two'],
  );
});

test('a code that two packages declare is a problem', () => {
  const codes = packageWith('/** It failed: wait. */\nsame: true;');
  const problems = problemsOf([
    { name: 'core', codes },
    { name: 'redis', codes },
  ]);
  assert.match(problems.join(), /^packages\/redis\/.*: same is declared/);
});
