// publint and attw look at files and types only; this proves that both builds run, axios-retry's default export included.
import { join } from 'node:path';
import { inFolder, runNode } from '@axios-authorizer/test-kit';
import { healthy, runClient } from './service.js';

const cwd = join(__dirname, '..');

it.each(['client.mjs', 'client.cjs'])(
  '%s gets a token and a 200, retries a 503 and keeps its token in a file',
  async (name) => {
    expect(await runClient(join(__dirname, 'fixtures', name), cwd)).toEqual(healthy);
  },
);

it('both builds export the same names, from every entry point', async () => {
  const program = `
    const { createRequire } = require('node:module');
    const names = ['', '/extend', '/node', '/opentelemetry', '/fetch', '/dpop', '/browser'];
    const entries = names.map((entry) => '@axios-authorizer/core' + entry);
    const named = (space) => Object.keys(space).filter((name) => !['default', '__esModule', 'module.exports'].includes(name)).sort();
    Promise.all(entries.map(async (entry) => [named(await import(entry)), named(require(entry))]))
      .then((pairs) => console.log(JSON.stringify(pairs)));`;
  const pairs = JSON.parse(await runNode(['--input-type=commonjs', '-e', program], { cwd })) as [string[], string[]][];
  expect(pairs.map(([esm]) => esm)).toEqual(pairs.map(([, cjs]) => cjs));
  expect(pairs[0]?.[0]).toEqual(expect.arrayContaining(['Authorizer', 'attachAuth', 'composeClients']));
  expect(pairs[1]?.[0]).toEqual(expect.arrayContaining(['requestToken', 'sendForm', 'JwksCache', 'redact']));
  expect(pairs[1]?.[0].filter((name) => pairs[0]?.[0].includes(name))).toEqual([]);
  expect(pairs[2]?.[0]).toEqual([
    'execSource',
    'fileKeyStore',
    'fileSource',
    'fileTokenStore',
    'makeFolder',
    'removeUnfinishedFiles',
    'writePrivateFile',
  ]);
  expect(pairs[3]?.[0]).toEqual(['openTelemetryObserver']);
  expect(pairs[4]?.[0]).toEqual(['authorizedFetch']);
  expect(pairs[5]?.[0]).toEqual(['dpopProof']);
  expect(pairs[6]?.[0]).toEqual(['webKeyStore', 'webTokenStore']);
});

it('an error of the file store is an AuthenticationError of the main entry point', async () => {
  const program = `
    const { AuthenticationError } = require('@axios-authorizer/core');
    const { fileTokenStore } = require('@axios-authorizer/core/node');
    const store = fileTokenStore('token.json');
    store.clear().then(() => store.load()).catch((error) => console.log(error instanceof AuthenticationError, error.code));`;
  const printed = await inFolder((folder) =>
    runNode(['--input-type=commonjs', '-e', `process.chdir(${JSON.stringify(folder)});${program}`], { cwd }),
  );
  expect(printed).toBe('true logged_out');
});

it.each(['import', 'require'])(
  'by %s, an error of any entry point is of the one class of the main entry',
  async (way) => {
    const program = `
    const load = ${way === 'import' ? '(name) => import(name)' : 'async (name) => require(name)'};
    const failure = (work) => { try { work(); } catch (error) { return error; } };
    (async () => {
      const names = ['', '/extend', '/node', '/fetch', '/browser'];
      const [core, extend, node, fetch, browser] = await Promise.all(names.map((entry) => load('@axios-authorizer/core' + entry)));
      const errors = [failure(() => new core.Authorizer()), failure(() => extend.checkOptions(5, 'x', {})), failure(() => node.fileTokenStore()), failure(() => fetch.authorizedFetch({})), failure(() => browser.webTokenStore())];
      console.log(JSON.stringify(errors.map((error) => error instanceof core.AuthenticationError && error instanceof core.ConfigurationError)));
    })();`;
    expect(JSON.parse(await runNode(['--input-type=commonjs', '-e', program], { cwd }))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
  },
);

it.each(['telemetry.mjs', 'telemetry.cjs'])('%s: an acquisition becomes a span and a measurement', async (name) => {
  const printed = await runNode([join(__dirname, 'fixtures', name)], { cwd });
  expect(JSON.parse(printed)).toEqual({ spans: ['acquire token'], tokens: 1 });
});

it('only the entry point for it loads OpenTelemetry', async () => {
  const program = `
    require('@axios-authorizer/core'); require('@axios-authorizer/core/node');
    const loaded = () => Object.keys(require.cache).some((file) => /@opentelemetry.api/.test(file));
    const before = loaded();
    require('@axios-authorizer/core/opentelemetry');
    console.log(before, loaded());`;
  expect(await runNode(['--input-type=commonjs', '-e', program], { cwd })).toBe('false true');
});
