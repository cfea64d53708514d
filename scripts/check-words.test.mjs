// A check that finds nothing proves nothing until it has been seen to find something.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, test } from 'node:test';
import { findWords } from './check-words.mjs';

const roots = [];
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })));

function wordsOf(files) {
  const root = mkdtempSync(join(tmpdir(), 'words-'));
  roots.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return findWords(root);
}

test('the words of the field are not complained of', () => {
  const text = 'A rejected token is refreshed, and the request retried with the new one; the allow list decides.\n';
  assert.deepEqual(wordsOf({ 'README.md': text, 'packages/core/src/a.ts': `// ${text}` }), []);
});

for (const [file, text, place] of [
  ['README.md', 'It is\nhealed once.\n', 'README.md:2'],
  ['packages/redis/src/a.ts', '// what the source hands back\n', 'packages/redis/src/a.ts:1'],
  ['packages/core/test/a.test.ts', "it('a refused token is sent no more (C3)');\n", 'packages/core/test/a.test.ts:1'],
  ['packages/core/src/lifecycle/a.ts', 'export const trip = 1;\n', 'packages/core/src/lifecycle/a.ts:1'],
  ['examples/demo/a.mjs', "console.log('in clear');\n", 'examples/demo/a.mjs:1'],
])
  test(`a word of our own in ${file} is found, with what to write`, () => {
    const found = wordsOf({ [file]: text });
    assert.equal(found.length, 1, found.join('\n'));
    assert.ok(found[0].startsWith(place) && found[0].includes('write'), found[0]);
  });

test('a word that means something else elsewhere is left there', () => {
  assert.deepEqual(wordsOf({ 'packages/cognito/src/a.ts': '// the replacement of a lost device\n' }), []);
});
