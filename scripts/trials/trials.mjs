// Packs the packages, installs the tarballs as users do, and lets other people's tools build and run programs that use them.
//   npm run trials               all of them
//   npm run trials -- --quick    those that take seconds
//   npm run trials -- --only Vite
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { startApi, startTokenEndpoint } from '@axios-authorizer/testing';
import { nightly, quick } from './kinds.mjs';

const run = promisify(execFile);
const here = import.meta.dirname;
const root = resolve(here, '../..');
const LIMIT_MS = 300_000;
const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string', multiple: true } } });
const shell = process.platform === 'win32';

const chosen = Object.entries(values.quick ? quick : { ...quick, ...nightly }).filter(
  ([name]) => values.only?.some((only) => name.toLowerCase().includes(only.toLowerCase())) ?? true,
);
if (chosen.length === 0) {
  console.error(`There is no trial ${values.only}; there are: ${Object.keys({ ...quick, ...nightly }).join(', ')}`);
  process.exit(2);
}
const place = await mkdtemp(join(tmpdir(), 'axios-authorizer-trials-'));
const endpoint = await startTokenEndpoint();
const api = await startApi({ accepts: endpoint, routes: { 'GET /things': { json: [] } } });
try {
  const family = await packed();
  const service = JSON.stringify({
    ...endpointOf(),
    apiUrl: api.url,
    entries: family.flatMap(({ entries }) => entries),
  });
  const shared = await sharedFolder(family);
  const failed = [];
  for (const [name, trial] of chosen) {
    const folder = trial.alone || trial.manager ? await ownFolder(name, trial, family) : shared;
    if (!(await succeeds(name, trial, { folder, service }))) failed.push(name);
  }
  console.log(`${chosen.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
} finally {
  await Promise.all([endpoint.close(), api.close()]);
  await rm(place, { recursive: true, force: true });
}

function endpointOf() {
  const { url: tokenUrl, clientId, clientSecret } = endpoint;
  return { tokenUrl, clientId, clientSecret };
}

/** `[{ name, tarball, entries: ['@axios-authorizer/core', '@axios-authorizer/core/extend', …] }, …]` */
async function packed() {
  const folders = (await readdir(join(root, 'packages'))).map((name) => join(root, 'packages', name));
  const all = await Promise.all(
    folders.map((folder) => readFile(join(folder, 'package.json'), 'utf8').then(JSON.parse)),
  );
  const found = [];
  for (const [index, { name, private: isPrivate, exports = {} }] of all.entries()) {
    if (isPrivate) continue;
    const { stdout } = await npm(
      ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', place],
      folders[index],
    );
    const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'));
    found.push({ name, tarball: join(place, stdout.trim()), entries: entries.map((entry) => name + entry.slice(1)) });
  }
  return found;
}

/** One installation for all trials that npm installs: nothing of one gets in the way of another. */
async function sharedFolder(family) {
  const trials = chosen.map(([, trial]) => trial).filter(({ alone, manager }) => !alone && !manager);
  const folder = await programsIn('shared', family);
  if (trials.length > 0) await install(folder, family, Object.assign({}, ...trials.map(({ needs }) => needs)));
  return folder;
}

async function ownFolder(name, { needs, manager }, family) {
  const folder = await programsIn(name.replaceAll(/\W+/g, '-'), family);
  if (!manager) await install(folder, family, needs);
  else await writeManifest(folder, family, needs);
  if (manager === 'yarn') await writeYarnSettings(folder);
  return folder;
}

async function programsIn(name, family) {
  const folder = join(place, name);
  await mkdir(folder);
  await cp(here, folder, { recursive: true });
  const entries = family.flatMap((one) => one.entries);
  const lines = entries.map((entry, index) => `export type * as entry${index} from '${entry}';`);
  await writeFile(join(folder, 'types.ts'), `${lines.join('\n')}\n`);
  return folder;
}

/** Siblings are not on a registry yet, so whoever asks for one gets its tarball. */
async function writeManifest(folder, family, needs) {
  const tarballs = Object.fromEntries(family.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const manifest = { private: true, type: 'module', dependencies: { ...tarballs, ...needs } };
  const both = { ...manifest, overrides: undefined, resolutions: tarballs, pnpm: { overrides: tarballs } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(both, null, 2));
}

async function writeYarnSettings(folder) {
  const { stdout } = await npm(['config', 'get', 'registry'], folder);
  const server = stdout.trim();
  const lines = [
    'nodeLinker: pnp',
    'enableTelemetry: false',
    'enableImmutableInstalls: false',
    'enableScripts: false',
    `npmRegistryServer: "${server}"`,
  ];
  if (server.startsWith('http:')) lines.push('unsafeHttpWhitelist: ["*"]');
  await writeFile(join(folder, '.yarnrc.yml'), `${lines.join('\n')}\n`);
  await writeFile(join(folder, 'yarn.lock'), '');
}

async function install(folder, family, needs) {
  await writeManifest(folder, family, needs);
  await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], folder);
}

async function succeeds(name, { commands, shows }, { folder, service }) {
  const started = Date.now();
  try {
    for (const [index, command] of commands.entries()) {
      const { stdout, stderr } = await inFolder(command, { folder, service });
      const isShown = shows === undefined || (typeof shows === 'string' ? stdout.includes(shows) : shows.test(stdout));
      if (index === commands.length - 1 && !isShown) throw new Error(`It printed: ${stdout}${stderr}`);
    }
    console.log(`ok    ${name} (${Math.round((Date.now() - started) / 1000)}s)`);
    return true;
  } catch (error) {
    const said = [error.message, error.stdout, error.stderr].filter(Boolean).join('\n').trim();
    console.log(`FAIL  ${name}\n${said.split('\n').slice(-40).join('\n')}`);
    return false;
  }
}

function inFolder([program, ...args], { folder, service }) {
  const env = { ...process.env, SERVICE: service, NEXT_TELEMETRY_DISABLED: '1', CI: '1' };
  const options = { cwd: folder, env, timeout: LIMIT_MS, maxBuffer: 1e8, shell };
  if (program !== 'TSC') return run(program, args, options);
  const compiler = join(dirname(createRequire(import.meta.url).resolve('@typescript/native/package.json')), 'bin/tsc');
  return run('node', [compiler, ...args], options);
}

function npm(args, cwd) {
  return run('npm', args, { cwd, timeout: LIMIT_MS, maxBuffer: 1e8, shell });
}
