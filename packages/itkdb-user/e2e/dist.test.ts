// publint and attw look at files and types only; this proves that both builds run, in plain Node and inside Jest.
import { join } from 'node:path';
import { createItkdbClient } from '@axios-authorizer/itkdb-user';
import { runNode, startItkdb } from '@axios-authorizer/test-kit';
import { healthy, runClient } from './dist-service.js';

const cwd = join(__dirname, '..');
const fixtures = join(__dirname, 'fixtures');

it.each(['client.mjs', 'client.cjs'])(
  '%s logs in, asks, goes through pages and is told of an error (I1, I4)',
  async (name) => {
    expect(await runClient([join(fixtures, name)], cwd)).toEqual(healthy);
  },
);

it('both builds export the same names', async () => {
  const program = `
    const entry = '@axios-authorizer/itkdb-user';
    const named = (space) => Object.keys(space).filter((one) => !['default', '__esModule', 'module.exports'].includes(one)).sort();
    import(entry).then((esm) => console.log(JSON.stringify([named(esm), named(require(entry))])));`;
  const printed = await runNode(['--input-type=commonjs', '-e', program], { cwd });
  const [esm, cjs] = JSON.parse(printed) as readonly (readonly string[])[];
  expect(esm).toEqual(cjs);
  expect(esm).toEqual(expect.arrayContaining(['createItkdbClient', 'exceptions', 'Session', 'User', 'UserBearer']));
});

// Jest has no import() in CommonJS, so what the package loads on first use must come by require().
it('inside Jest the CommonJS build logs in and verifies (I1)', async () => {
  expect(require.resolve('@axios-authorizer/itkdb-user')).toBe(join(cwd, 'dist/cjs/index.js'));
  const itkdb = await startItkdb();
  const { authUrl, apiUrl } = itkdb;
  const client = createItkdbClient({ authUrl, apiUrl, accessCode1: 'code-1', accessCode2: 'code-2', cache: false });
  try {
    expect((await client.get('getComponent', { data: { component: 'c1' } })).status).toBe(200);
    expect(itkdb.valid(client.user.bearer)).toBe(true);
  } finally {
    await itkdb.stop();
  }
});
