// The table of packages/cli/DOCTOR.md is what doctor says to each fault that the tests set up. With --update it is written, else
// compared: node scripts/doctor-table.mjs [--update]. `npm run test:long` compares as well.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const jest = join(root, 'node_modules/jest/bin/jest.js');
const args = ['-c', 'jest.long.config.js', '--selectProjects', 'cli', '--maxWorkers=1', 'doctor-faults.long.test.ts'];
const how = process.argv.includes('--update') ? { DOCTOR_TABLE: 'update' } : {};
const { status } = spawnSync(process.execPath, [jest, ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...how },
});
process.exitCode = status ?? 1;
