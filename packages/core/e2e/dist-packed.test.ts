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
