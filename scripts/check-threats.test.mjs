import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { findUntested } from './check-threats.mjs';

const roots = [];

function untested(line, tests = "it.each([1])('it is %s (C9)', f);") {
  const root = mkdtempSync(join(tmpdir(), 'threats-'));
  roots.push(root);
  mkdirSync(join(root, 'test'));
  writeFileSync(join(root, 'test/a.test.ts'), tests);
  writeFileSync(
    join(root, 'SECURITY.md'),
    `# Security\n\n| threat | by | behaviour | test |\n| --- | --- | --- | --- |\n${line}\n`,
  );
  return findUntested(root);
}

afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })));

test('a threat with a test that is there is not complained of', () => {
  assert.deepEqual(untested('| a | b | C9 | [it is %s (C9)](test/a.test.ts) |'), []);
  assert.deepEqual(untested('| a | b | C9 | [is \\*one\\* (C9)](test/a.test.ts)   |', "test('is *one* (C9)', f);"), []);
});

test('a title or a file that is not there, and a line without a test, are found', () => {
  assert.match(
    untested('| a | b | C9 | [it is (C9)](test/a.test.ts) |')[0],
    /^SECURITY.md:5 .*has no test "it is \(C9\)"/,
  );
  assert.match(untested('| a | b | C9 | [it is %s (C9)](test/b.test.ts) |')[0], /there is no test\/b\.test\.ts/);
  assert.match(untested('| a | b | C9 | later |')[0], /a threat without a test/);
  assert.match(untested('| a | b | C9 | [it (C9)](test/a.test.ts) |', '// it (C9)')[0], /has no test/);
});
