// The tarball as npm installs it, in a folder that knows nothing of this repository, on the oldest and the newest axios.
import { axiosVersions, compile, compilerNames, makeConsumer, pack, runNode } from '@axios-authorizer/test-kit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { healthy, runClient } from './service.js';

const programs = ['client.mjs', 'client.cjs'].map((name) => join(__dirname, 'fixtures', name));
const sample = join(__dirname, 'fixtures/consumer.ts');
const telemetrySample = join(__dirname, 'fixtures/telemetry-consumer.ts');
/** The oldest that is supported, and the newest that is tested. */
const telemetryVersions = ['1.9.0', '1.9.1'];

/** What an application may have beside: too old for a token to be safe with. */
const oldVersions = ['0.27.2', '1.1.3', '1.17.0'];
const oldAxios = oldVersions.map((version) => `axios-${version}@npm:axios@${version}`);

let place: string;

function consumerOf(version: string): string {
  return join(place, `axios-${version}`);
}

function telemetryOf(version: string): string {
  return join(place, `opentelemetry-${version}`);
}

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'axios-authorizer-packed-'));
  const tarball = await pack(join(__dirname, '..'), place);
  await Promise.all([
    ...axiosVersions.map((version) =>
      makeConsumer({ folder: consumerOf(version), install: [tarball, `axios@${version}`], programs, sample }),
    ),
    makeConsumer({ folder: join(place, 'old'), install: [tarball, 'axios', ...oldAxios], programs: [], sample }),
    ...telemetryVersions.map((version) => {
      const install = [tarball, 'axios', `@opentelemetry/api@${version}`];
      return makeConsumer({ folder: telemetryOf(version), install, programs: [], sample: telemetrySample });
    }),
  ]);
});

afterAll(() => rm(place, { recursive: true, force: true }));

describe.each(axiosVersions)('the installed package beside axios %s', (version) => {
  it.each(['client.mjs', 'client.cjs'])('runs %s', async (name) => {
    const folder = consumerOf(version);
    expect(await runClient(join(folder, name), folder)).toEqual(healthy);
  });

  it.each(compilerNames)('compiles with %s, its declarations included', async (name) => {
    expect(await compile(name, consumerOf(version), __filename)).toBe('');
  });

  it('uses the axios that the user installed', async () => {
    const program =
      "console.log(require('axios').VERSION, require.resolve('axios/package.json', { paths: [require.resolve('@axios-authorizer/core')] }))";
    const folder = consumerOf(version);
    expect(await runNode(['-e', program], { cwd: folder })).toBe(
      `${version} ${join(folder, 'node_modules/axios/package.json')}`,
    );
  });

  it('does without OpenTelemetry, and says what is missing to who asks for it', async () => {
    const run = runNode(['-e', "require('@axios-authorizer/core/opentelemetry')"], { cwd: consumerOf(version) });
    await expect(run).rejects.toThrow("Cannot find module '@opentelemetry/api'");
  });
});

it.each(telemetryVersions)(
  'beside @opentelemetry/api %s the observer compiles and watches without an SDK',
  async (version) => {
    const folder = telemetryOf(version);
    for (const name of compilerNames) expect(await compile(name, folder, __filename)).toBe('');
    const program = `
    const { openTelemetryObserver } = require('@axios-authorizer/core/opentelemetry');
    const { Authorizer } = require('@axios-authorizer/core');
    const auth = new Authorizer(() => Promise.resolve('token'), { observer: openTelemetryObserver() });
    auth.getToken().then(({ accessToken }) => console.log(accessToken));`;
    expect(await runNode(['-e', program], { cwd: folder })).toBe('token');
  },
);

it.each(oldVersions)('a client that axios %s made is told as too old, in both builds (C13)', async (version) => {
  const program = `
    const made = require('axios-${version}');
    const told = ({ Authorizer, attachAuth }) => {
      try {
        attachAuth(made.create(), new Authorizer(() => Promise.resolve('token')), { allow: 'https://api.example' });
      } catch (error) {
        return error.name + ': ' + error.message;
      }
    };
    import('@axios-authorizer/core').then((esm) => {
      console.log(JSON.stringify([told(esm), told(require('@axios-authorizer/core'))]));
    });`;
  const words = /^ConfigurationError: The client was made by an axios older than 1\.18\.0/;
  expect(JSON.parse(await runNode(['-e', program], { cwd: join(place, 'old') }))).toEqual([
    expect.stringMatching(words),
    expect.stringMatching(words),
  ]);
});
