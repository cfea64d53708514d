// A check that finds nothing proves nothing until it has been seen to find something.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, test } from 'node:test';
import { findViolations } from './check-layers.mjs';

const ROWS = [['errors'], ['token', 'clock'], ['node/file'], ['opentelemetry/observer'], ['index']];
const GOOD = {
  'packages/core/src/errors.ts': 'export const a = 1;\n',
  'packages/core/src/token.ts': "import { a } from './errors.js';\nexport const t = a;\n",
  'packages/core/src/clock.ts': "import type { T } from './token.js';\nexport type C = T;\n",
  'packages/core/src/node/file.ts': "import { readFile } from 'node:fs/promises';\nexport const f = readFile;\n",
  'packages/core/src/opentelemetry/observer.ts': "import '@opentelemetry/api';\nexport const o = 1;\n",
  'packages/core/src/index.ts': "export * from './token.js';\nimport axios from 'axios';\nexport const x = axios;\n",
  'packages/redis/src/index.ts':
    "import { t } from '@axios-authorizer/core';\nimport 'node:crypto';\nexport const r = t;\n",
  'packages/redis/test/a.test.ts': "import { r } from '../src/index.js';\nimport '@axios-authorizer/test-kit';\n",
  'packages/itkdb-user/src/settings.ts': 'export const home = process.env.HOME;\n',
  'packages/cli/src/main.ts': "console.log(process.env['HOME']);\n",
};
const roots = [];

function violationsWith(changes) {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  roots.push(root);
  for (const [file, text] of Object.entries({ ...GOOD, ...changes })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return findViolations(root, ROWS);
}

afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })));

test('a tree that keeps the rules has no violations', () => {
  assert.deepEqual(violationsWith({}), []);
});

const cases = [
  [
    'an import from a row below',
    'packages/core/src/errors.ts',
    "\nimport { t } from './token.js';\n",
    ':2 ',
    'row below',
  ],
  [
    'a type import from a row below',
    'packages/core/src/errors.ts',
    "import type { T } from './token.js';\n",
    ':1 ',
    'row below',
  ],
  [
    'an inline type import from a row below',
    'packages/core/src/errors.ts',
    "type T = import('./token.js').T;\n",
    ':1 ',
    'row below',
  ],
  ['a re-export from a row below', 'packages/core/src/token.ts', "export * from './index.js';\n", ':1 ', 'row below'],
  ['a file without a row', 'packages/core/src/extra.ts', 'export {};\n', ':1 ', 'no row'],
  ['a Node module in a browser package', 'packages/core/src/token.ts', "import 'node:fs';\n", ':1 ', "Node's"],
  [
    'a Node module without its prefix',
    'packages/core/src/token.ts',
    "const fs = await import('fs');\n",
    ':1 ',
    "Node's",
  ],
  [
    'a Node dependency in a browser package',
    'packages/core/src/token.ts',
    "import 'write-file-atomic';\n",
    ':1 ',
    'may not import',
  ],
  [
    'an optional peer outside its folder',
    'packages/core/src/token.ts',
    "import '@opentelemetry/api';\n",
    ':1 ',
    'may not import',
  ],
  [
    'a sideways arrow',
    'packages/redis/src/index.ts',
    "import '@axios-authorizer/itkdb-user';\n",
    ':1 ',
    'may not import itkdb-user',
  ],
  [
    'the test kit in a library',
    'packages/redis/src/index.ts',
    "import '@axios-authorizer/test-kit';\n",
    ':1 ',
    'may not import test-kit',
  ],
  [
    "another package's sources by name",
    'packages/redis/src/index.ts',
    "import '@axios-authorizer/core/src/token.js';\n",
    ':1 ',
    'reaches into',
  ],
  [
    "another package's sources by path",
    'packages/redis/src/index.ts',
    "import '../../core/src/token.js';\n",
    ':1 ',
    'leaves the package',
  ],
  [
    "another package's sources in a test",
    'packages/redis/test/b.test.ts',
    "import '../../core/src/token.js';\n",
    ':1 ',
    'leaves the package',
  ],
  [
    "a package's sources in an example",
    'examples/demo/demo.mjs',
    "import '../../packages/core/src/token.js';\n",
    ':1 ',
    'leaves the package',
  ],
  [
    'the environment in a library',
    'packages/redis/src/index.ts',
    "export const h = process.env['HOME'];\n",
    ':1 ',
    'environment',
  ],
  [
    'the environment through a computed name',
    'packages/redis/src/index.ts',
    "export const h = process['env'];\n",
    ':1 ',
    'environment',
  ],
  [
    'the environment through an import',
    'packages/redis/src/index.ts',
    "import { env } from 'node:process';\n",
    ':1 ',
    'environment',
  ],
  ['printing in a library', 'packages/redis/src/index.ts', "\n\nconsole.log('x');\n", ':3 ', 'does not print'],
  ['an unknown package', 'packages/other/src/index.ts', 'export {};\n', 'packages/other', 'ARROWS'],
];

for (const [what, file, text, place, words] of cases) {
  test(`${what} is found, with its place`, () => {
    const violations = violationsWith({ [file]: text });
    assert.equal(violations.length, 1, violations.join('\n'));
    assert.ok(violations[0].includes(place) && violations[0].includes(words), violations[0]);
  });
}

test('a row without a file and a file in two rows are found', () => {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  roots.push(root);
  mkdirSync(join(root, 'packages/core/src'), { recursive: true });
  writeFileSync(join(root, 'packages/core/src/errors.ts'), '');
  const violations = findViolations(root, [['errors', 'gone'], ['errors']]);
  assert.equal(violations.length, 2);
  assert.ok(violations[0].includes('no file') && violations[1].includes('more than one row'));
});
