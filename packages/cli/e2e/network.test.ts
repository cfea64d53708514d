// Without a network: a name that nobody knows, a network without a way out, and a port where nothing listens.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertNoSecrets } from '@axios-authorizer/testing';
import { bin, cli, freshHome, run } from './program.js';
import type { Ended } from './program.js';

const env = {
  AXIOS_AUTHORIZER_CLIENT_SECRET: 'a-secret-of-a-client',
  AXIOS_AUTHORIZER_PASSWORD: 'a-password-of-ada',
  ITKDB_ACCESS_CODE1: 'a-first-code',
  ITKDB_ACCESS_CODE2: 'a-second-code',
};

/** Every command that asks a server, at this one. */
const commandsAt = (url: string): readonly (readonly [argv: readonly string[], code: number])[] => [
  [['token', 'oauth2', '--token-url', url, '--client-id', 'a'], 5],
  [['token', 'oauth2', '--issuer', url, '--client-id', 'a'], 5],
  [['login', 'oauth2', '--issuer', url, '--client-id', 'a', '--device'], 5],
  [['login', 'itkdb', '--auth-url', url], 5],
  [
    ['token', 'cognito', '--user-pool-id', 'eu-west-1_AbC', '--client-id', 'a', '--username', 'ada', '--endpoint', url],
    5,
  ],
  [['exec', 'oauth2', '--token-url', url, '--client-id', 'a', '--', 'true'], 125],
  [['doctor', 'oauth2', '--token-url', url, '--client-id', 'a'], 5],
];

/** How it ended, with what it says on one line. */
function ended({ code, out, err }: Ended): { readonly code: number | null; readonly text: string } {
  const text = `${out}${err}`.replace(/\s+/g, ' ');
  assertNoSecrets(text, Object.values(env));
  return { code, text };
}

describe.each(commandsAt('http://127.0.0.1:1/'))('%j', (argv, code) => {
  it('is told that nothing listens', async () => {
    const { code: found, text } = ended(await cli(argv, { home: freshHome(), env }));
    expect([found, text]).toEqual([code, expect.stringContaining('ECONNREFUSED')]);
    expect(text).toContain('othing listens there');
  });
});

/** A name server that does not know the name, as the system would say it. */
const UNKNOWN_NAME = `import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
const error = (name) => Object.assign(new Error('getaddrinfo ENOTFOUND ' + name), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: name });
dns.lookup = (name, ...rest) => process.nextTick(rest.at(-1), error(name));
dns.promises.lookup = async (name) => { throw error(name); };
syncBuiltinESMExports();
`;

describe.each(commandsAt('https://auth.example.org/'))('%j', (argv, code) => {
  it('is told that the name has no address', async () => {
    const home = freshHome();
    const preload = join(home, 'unknown-name.mjs');
    writeFileSync(preload, UNKNOWN_NAME);
    const ran = await cli(argv, { home, env: { ...env, NODE_OPTIONS: `--import=${preload}` } });
    const { code: found, text } = ended(ran);
    expect([found, text]).toEqual([code, expect.stringContaining('ENOTFOUND')]);
    expect(text).toContain('he name has no address: check its spelling');
  });
});

function hasNamespaces(): boolean {
  try {
    execFileSync('unshare', ['--net', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const isolated = hasNamespaces();
if (!isolated) process.stderr.write('SKIPPED, this user may not leave the network: commands without any network\n');

// Only a user who may make network namespaces can take a program's network away; who may not is told above.
(isolated ? describe : describe.skip).each(commandsAt('https://192.0.2.1/'))('%j', (argv, code) => {
  it('is told that there is no way to the network', async () => {
    const ran = await run('unshare', ['--net', process.execPath, bin, ...argv], { home: freshHome(), env });
    const { code: found, text } = ended(ran);
    expect([found, text]).toEqual([code, expect.stringContaining('ENETUNREACH')]);
    expect(text).toContain('here is no way to this network: is this machine online');
  });
});
