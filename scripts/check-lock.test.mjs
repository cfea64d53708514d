import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

function problemsIn(packages) {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  const file = join(folder, 'package-lock.json');
  writeFileSync(file, JSON.stringify({ packages }));
  const { status, stderr } = spawnSync(process.execPath, ['scripts/check-lock.mjs', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return { status, stderr };
}

test('a lock file that names a host, or a package without its hash, is found', () => {
  const good = { version: '1.0.0', integrity: 'sha512-x' };
  assert.deepEqual(problemsIn({ '': {}, 'packages/core': {}, 'node_modules/a': good }), { status: 0, stderr: '' });
  const named = problemsIn({ 'node_modules/a': { ...good, resolved: 'https://elsewhere.example/a.tgz' } });
  assert.equal(named.status, 1);
  assert.match(named.stderr, /names a host/);
  assert.match(problemsIn({ 'node_modules/a': { version: '1.0.0' } }).stderr, /no 'integrity'/);
});
