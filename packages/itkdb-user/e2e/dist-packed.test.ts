// Both tarballs as npm installs them, in a folder that knows nothing of this repository, on the newest axios
// and on the oldest that axios-cache-interceptor takes.
import { axiosVersions, compile, compilerNames, makeConsumer, pack, runNode } from '@axios-authorizer/test-kit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { healthy, runClient } from './dist-service.js';

const programs = ['client.mjs', 'client.cjs'].map((name) => join(__dirname, 'fixtures', name));
const sample = join(__dirname, 'fixtures/consumer.ts');

const versions = ['1.19.0', ...axiosVersions.slice(1)];

let place: string;

function consumerOf(version: string): string {
  return join(place, `axios-${version}`);
}

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'axios-authorizer-packed-'));
  const folders = ['..', '../../core'].map((folder) => join(__dirname, folder));
  const tarballs = await Promise.all(folders.map((folder) => pack(folder, place)));
  await Promise.all(
    versions.map((version) =>
      makeConsumer({ folder: consumerOf(version), install: [...tarballs, `axios@${version}`], programs, sample }),
    ),
  );
});

afterAll(() => rm(place, { recursive: true, force: true }));

describe.each(versions)('the installed packages beside axios %s', (version) => {
  it.each(['client.mjs', 'client.cjs'])('run %s (I1, I4)', async (name) => {
    const folder = consumerOf(version);
    expect(await runClient([join(folder, name)], folder)).toEqual(healthy);
  });

  it.each(compilerNames)('compile with %s, their declarations included, without the types of Node', async (name) => {
    expect(await compile(name, consumerOf(version), __filename)).toBe('');
  });

  it('share one core and the axios that the user installed', async () => {
    const program = `
      const from = (name, by) => require.resolve(name, { paths: [require.resolve(by)] });
      const [itkdb, core] = ['@axios-authorizer/itkdb-user', '@axios-authorizer/core'];
      const shared = from(core, itkdb) === require.resolve(core) && from('axios', core) === require.resolve('axios');
      console.log(shared, require('axios').VERSION);`;
    expect(await runNode(['-e', program], { cwd: consumerOf(version) })).toBe(`true ${version}`);
  });
});
