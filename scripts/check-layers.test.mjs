// A check that finds nothing proves nothing until it has been seen to find something.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, test } from 'node:test';
import { findViolations } from './check-layers.mjs';

const ROOMS = {
  token: [],
  lifecycle: ['token'],
  axios: ['token', 'lifecycle'],
  node: ['index.ts'],
  opentelemetry: [],
  'index.ts': ['token', 'axios'],
};
const GOOD = {
  'packages/core/src/token/errors.ts': 'export const a = 1;\n',
  'packages/core/src/token/token.ts': "import { a } from './errors.js';\nexport const t = a;\n",
  'packages/core/src/lifecycle/clock.ts': "import type { T } from '../token/token.js';\nexport type C = T;\n",
  'packages/core/src/axios/http/attach.ts':
    "import axios from 'axios';\nimport '../../lifecycle/clock.js';\nexport const x = axios;\n",
  'packages/core/src/node/file.ts': "import { readFile } from 'node:fs/promises';\nexport const f = readFile;\n",
  'packages/core/src/opentelemetry/observer.ts': "import '@opentelemetry/api';\nexport const o = 1;\n",
  'packages/core/src/axios/retry/transient-retry.ts': "import 'axios-retry';\nexport const s = 1;\n",
  'packages/core/src/index.ts': "export * from './token/token.js';\n",
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
  return findViolations(root, ROOMS);
}

afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })));

test('a tree that keeps the rules has no violations', () => {
  assert.deepEqual(violationsWith({}), []);
});

const cases = [
  [
    'an import from a room above',
    'packages/core/src/token/new.ts',
    "\nimport { t } from '../lifecycle/clock.js';\n",
    ':2 ',
    'token may not import lifecycle',
  ],
  [
    'a type import from a room above',
    'packages/core/src/token/new.ts',
    "import type { T } from '../axios/http/attach.js';\n",
    ':1 ',
    'token may not import axios',
  ],
  [
    'an inline type import from a room above',
    'packages/core/src/token/new.ts',
    "type T = import('../lifecycle/clock.js').T;\n",
    ':1 ',
    'token may not import lifecycle',
  ],
  [
    'a re-export of the public face within',
    'packages/core/src/token/new.ts',
    "export * from '../index.js';\n",
    ':1 ',
    'token may not import index.ts',
  ],
  [
    'axios where it is not known',
    'packages/core/src/lifecycle/b.ts',
    "import 'axios';\n",
    ':1 ',
    'does not know axios',
  ],
  ['a file outside of the rooms', 'packages/core/src/extra.ts', 'export {};\n', ':1 ', 'no room'],
  [
    'a cycle of imports',
    'packages/core/src/token/errors.ts',
    "import type { T } from './token.js';\n",
    'packages/core/src/token/errors.ts',
    'a cycle',
  ],
  ['a long file', 'packages/redis/src/long.ts', 'export {};\n'.repeat(251), 'long.ts', '251 lines'],
  ['a Node module in a browser package', 'packages/core/src/token/token.ts', "import 'node:fs';\n", ':1 ', "Node's"],
  [
    'a Node module without its prefix',
    'packages/core/src/token/token.ts',
    "const fs = await import('fs');\n",
    ':1 ',
    "Node's",
  ],
  [
    'a Node dependency in a browser package',
    'packages/core/src/token/token.ts',
    "import 'write-file-atomic';\n",
    ':1 ',
    'may not import',
  ],
  [
    'axios-retry outside its folder',
    'packages/core/src/axios/http/new.ts',
    "import axiosRetry from 'axios-retry';\n",
    ':1 ',
    "may not import 'axios-retry'",
  ],
  [
    'an optional peer outside its folder',
    'packages/core/src/token/token.ts',
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

test('a crowded folder is found', () => {
  const crowd = Array.from({ length: 16 }, (_, n) => [`packages/redis/src/crowd/f${n}.ts`, 'export {};\n']);
  const violations = violationsWith(Object.fromEntries(crowd));
  assert.deepEqual(violations, [`${join('packages', 'redis', 'src', 'crowd')}: 16 files in one folder, 15 at most`]);
});
