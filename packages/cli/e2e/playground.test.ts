// The built program, as a person runs it: the printed sample in a Node of its own, and Ctrl-C.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNode } from '@axios-authorizer/test-kit';

const cwd = join(__dirname, '..');
const bin = join(cwd, 'dist/esm/bin.js');
// Inside the repository, so that the sample finds the packages as a user's program does.
const work = join(cwd, '../../node_modules/.cache/playground', String(process.pid));

beforeAll(() => mkdir(work, { recursive: true }));
afterAll(() => rm(work, { recursive: true, force: true }));

it('the printed sample runs against the playground, and Ctrl-C ends it with 0 and closed ports', async () => {
  const child = spawn(process.execPath, [bin, 'playground', '--ttl', '1s'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  while (!printed.includes('Requests:')) await once(child.stdout, 'data');
  const env = Object.fromEntries(
    [...printed.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const [, code = ''] = /axios:\n(import axios[\s\S]*?\n}\n)/.exec(printed) ?? [];
  const file = join(work, 'sample.mjs');
  await writeFile(file, code);
  const said = await runNode([file], { cwd: work, env: { ...env, SECONDS: '3' } });
  expect(said).toBe('second 1: 200\nsecond 2: 200\nsecond 3: 200');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(printed).toMatch(/GET \/items 200 token #2/);
  const [error] = (await once(connect(Number(new URL(`${env['API_URL']}`).port), '127.0.0.1'), 'error')) as [
    NodeJS.ErrnoException,
  ];
  expect(error.code).toBe('ECONNREFUSED');
});
