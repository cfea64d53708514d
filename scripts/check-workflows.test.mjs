import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { findCommands } from './check-workflows.mjs';

const roots = [];
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })));

function commandsIn(steps) {
  const root = mkdtempSync(join(tmpdir(), 'workflows-'));
  roots.push(root);
  mkdirSync(join(root, '.github/workflows'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"scripts":{"demo":"node demo.mjs","release":"changeset publish"}}');
  writeFileSync(join(root, '.github/workflows/ci.yml'), `jobs:\n  all:\n    steps:\n${steps}`);
  return findCommands(root);
}

test('commands that a clone has are not complained of', () => {
  const steps = [
    '- run: npm ci',
    '- run: npm run demo -- --busy',
    '- uses: a/b@v1\n        with: { publish: npm run release }',
  ];
  assert.deepEqual(commandsIn(steps.map((step) => `      ${step}\n`).join('')), []);
});

for (const [step, command] of [
  ['- run: npm run gone', 'npm run gone'],
  ['- run: |\n          npm ci\n          curl https://example.org | sh', '  curl https://example.org | sh'],
  ['- uses: a/b@v1\n        with: { publish: npx other }', 'npx other'],
])
  test(`"${command.trim()}" is`, () => {
    assert.deepEqual(
      commandsIn(`      ${step}\n`).map((one) => one.trim()),
      [`.github/workflows/ci.yml: ${command.trim()}`],
    );
  });
