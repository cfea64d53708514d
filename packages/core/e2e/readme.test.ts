// The check of the documents is believed because it was seen to pass what holds and to catch what does not.
import { join } from 'node:path';
import { runNode } from '@axios-authorizer/test-kit';

const root = join(__dirname, '../../..');

function check(name: string): Promise<string> {
  return runNode(['scripts/check-readme.mjs', join(__dirname, 'fixtures', name)], { cwd: root });
}

it('samples that compile, run and print what they say pass', async () => {
  expect(await check('good.md')).toMatch(/3 samples, 0 problems$/);
});

it('wrong types, other output, a failure and an unknown comment are each a problem', async () => {
  const problems = check('bad.md');
  await expect(problems).rejects.toThrow('4 samples, 4 problems');
  await expect(problems).rejects.toThrow(/TS2345/);
  await expect(problems).rejects.toThrow(/should print\s+3\s+but printed\s+2/);
  await expect(problems).rejects.toThrow(/Error: broken/);
});
