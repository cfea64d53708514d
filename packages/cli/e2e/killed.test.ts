// What a command leaves that is killed (-9) while it writes a file, and who removes it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTokenEndpoint } from '@axios-authorizer/testing';
import type { TokenEndpoint } from '@axios-authorizer/testing';
import { cli, freshHome } from './program.js';
import type { Ended, Place } from './program.js';

let endpoint: TokenEndpoint;

beforeAll(async () => {
  endpoint = await startTokenEndpoint();
});

afterAll(() => endpoint.close());

/** Kills the process before it puts a file in its place, the n-th time that it is about to. */
const KILLS = `import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
let left = Number(process.env.KILLED_AT);
for (const name of ['rename', 'link']) {
  const { [name]: real } = fs;
  fs[name] = (from, to) => {
    if (from.endsWith('.new') && --left === 0) process.kill(process.pid, 'SIGKILL');
    return real(from, to);
  };
}
syncBuiltinESMExports();
`;

/** Runs it until it is killed. */
function killed(args: readonly string[], place: Place, at = 1): Promise<Ended> {
  const preload = join(place.home, 'kills.mjs');
  writeFileSync(preload, KILLS);
  const env = { ...place.env, NODE_OPTIONS: `--import=${preload}`, KILLED_AT: `${at}` };
  return cli(args, { ...place, env });
}

/** The files below a folder that are not yet in their place. */
function unfinished(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.new'));
}

const service = (): readonly string[] => ['oauth2', '--token-url', endpoint.url, '--client-id', endpoint.clientId];
const place = (): Place => ({ home: freshHome(), env: { AXIOS_AUTHORIZER_CLIENT_SECRET: endpoint.clientSecret } });

it('keys generate: no key is there that counts, and the next one removes what is left', async () => {
  const { home } = place();
  expect((await killed(['keys', 'generate', 'keys'], { home })).code).toBeNull();
  expect(unfinished(home)).toHaveLength(1);
  expect((await cli(['keys', 'show', 'keys'], { home })).out).not.toContain('signs');
  expect((await cli(['keys', 'generate', 'keys'], { home })).code).toBe(0);
  expect(readdirSync(join(home, 'keys'))).toEqual([expect.stringMatching(/\.json$/)]);
});

it('keys rotate: the old key signs, and the next run removes what is left and publishes', async () => {
  const { home } = place();
  await cli(['keys', 'generate', 'keys'], { home });
  expect((await killed(['keys', 'rotate', 'keys'], { home })).code).toBeNull();
  expect(unfinished(home)).toHaveLength(1);
  expect((await cli(['keys', 'rotate', 'keys'], { home })).err).toContain('publish: made');
  expect(readdirSync(join(home, 'keys'))).toEqual([expect.stringMatching(/\.json$/), expect.stringMatching(/\.json$/)]);
});

// One of the files is the token, the other what is said of it.
it.each([
  ['token', 1],
  ['token', 2],
  ['login', 1],
  ['login', 2],
])('%s, at the file number %i: the next run removes what is left', async (command, at) => {
  const where = place();
  const args = [command, ...service(), ...(command === 'login' ? ['--grant', 'client_credentials'] : [])];
  expect((await killed(args, where, at)).code).toBeNull();
  expect(unfinished(where.home)).toHaveLength(1);
  expect((await cli(args, where)).code).toBe(0);
  if (at === 2) await cli(['token', ...service(), '--refresh'], where);
  expect(unfinished(where.home)).toEqual([]);
});

it('logout --all removes what is left as well', async () => {
  const where = place();
  await cli(['token', ...service()], where);
  for (const at of [2, 1]) await killed(['token', ...service(), '--refresh'], where, at);
  expect(unfinished(where.home)).toHaveLength(2);
  await cli(['logout', '--all'], where);
  expect(unfinished(where.home)).toEqual([]);
  const folder = join(where.home, '.local/state/axios-authorizer/tokens');
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  for (const token of endpoint.issued) expect(texts.join('\n')).not.toContain(token);
});
