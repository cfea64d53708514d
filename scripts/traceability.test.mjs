import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, test } from 'node:test';
import { findUnnamed } from './traceability.mjs';

const roots = [];

function unnamedIn(text, file = 'packages/core/test/wire/a.test.ts') {
  const root = mkdtempSync(join(tmpdir(), 'trace-'));
  roots.push(root);
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  return findUnnamed(root, { core: ['C', 2], cognito: ['G', 6] }).flatMap(({ unnamed }) => unnamed);
}

afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })));

test('titles of it, test, describe, each and templates count; packages that do not exist are not asked', () => {
  assert.deepEqual(unnamedIn("it('a (C1)', f); test.each([[1]])('b %s (C2)', f);"), []);
  assert.deepEqual(unnamedIn("describe('C1', () => { it(`x ${1} (C2)`, f); });"), []);
  assert.deepEqual(unnamedIn("it('a (C1)', f); it('b (C2)', f);", 'packages/core/e2e/a.test.ts'), []);
});

test('a number in a comment, in a value or inside a longer number does not count', () => {
  assert.deepEqual(unnamedIn("// (C1)\nit('a (C12)', () => expect('C2').toBe('C1'));"), ['C1', 'C2']);
  assert.deepEqual(unnamedIn("it.each(['C1'])('b (C2)', f);"), ['C1']);
});

test('further numbers are asked for besides the first ones', () => {
  const root = mkdtempSync(join(tmpdir(), 'trace-'));
  roots.push(root);
  mkdirSync(join(root, 'packages/core/test'), { recursive: true });
  writeFileSync(join(root, 'packages/core/test/a.test.ts'), "it('a (C1)', f); it('b (C20)', f);");
  const [core] = findUnnamed(root, { core: ['C', 1, [20, 27]] });
  assert.deepEqual(core, { name: 'core', count: 3, unnamed: ['C27'] });
});
