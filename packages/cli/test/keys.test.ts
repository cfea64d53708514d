// `keys`: private halves that only their owner can read, public halves for servers, and a rotation that can be stopped anywhere.
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assertNoSecrets } from '@axios-authorizer/testing';
import { until } from '@axios-authorizer/test-kit';
import { filesIn, privateFile } from './stage.js';
import { cli, clockAhead, freshFolder, testTerminal } from './test-terminal.js';
import { run } from '../src/program.js';

// Windows has no /proc, in which no folder can be made.
const whereProcIs = process.platform === 'win32' ? describe.skip : describe;
if (process.platform === 'win32')
  process.stderr.write('SKIPPED, Windows has no /proc: places where no folder can be made\n');
const hourMs = 3_600_000;

interface Set {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** A folder with one key. */
async function withKey(
  more: readonly string[] = [],
): Promise<{ home: string; folder: string; kid: string; secrets: string[] }> {
  const home = freshFolder();
  const { code, out } = await cli(['keys', 'generate', 'keys', ...more], { home });
  expect(code).toBe(0);
  const kid = String((JSON.parse(out) as Set).keys[0]?.['kid']);
  return { home, folder: join(home, 'keys'), kid, secrets: privateHalves(join(home, 'keys')) };
}

function privateHalves(folder: string): string[] {
  return filesIn(folder).flatMap(({ text }) => (text.startsWith('{') ? (JSON.parse(text) as { d: string }).d : []));
}

async function kidsIn(home: string): Promise<unknown[]> {
  const { out } = await cli(['keys', 'jwks', 'keys'], { home });
  return (JSON.parse(out) as Set).keys.map(({ kid }) => kid);
}

whereProcIs('generate below /proc', () => {
  // `mkdir` with `recursive` of Node 20 tries for ever here
  it('is 2, since no folder can be made there', async () => {
    expect(await cli(['keys', 'generate', '/proc/keys'])).toMatchObject({ code: 2, out: '' });
  });
});

describe('generate', () => {
  it.each(['ES384', 'RS384'])('makes an %s key of mode 0600 and prints its public half alone', async (alg) => {
    const home = freshFolder();
    const ran = await cli(['keys', 'generate', 'keys', '--alg', alg], { home });
    const { keys } = JSON.parse(ran.out) as Set;
    expect(keys).toMatchObject([{ alg, use: 'sig' }]);
    expect(filesIn(join(home, 'keys')).map(({ mode }) => mode)).toEqual([0o600]);
    expect(statSync(join(home, 'keys')).mode & 0o777).toBe(0o700);
    assertNoSecrets(ran, privateHalves(join(home, 'keys')));
  });

  it('never writes over a key', async () => {
    const { home, folder } = await withKey(['--kid', 'mine']);
    const before = filesIn(folder);
    const ran = await cli(['keys', 'generate', 'keys', '--kid', 'mine'], { home });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain('is there already');
    expect(ran.err).not.toContain('overwrite');
    expect(filesIn(folder)).toEqual(before);
  });

  it('a file in the place of the folder is 2, and is named', async () => {
    const home = freshFolder();
    const file = privateFile(home, 'keys', 'a note');
    const ran = await cli(['keys', 'generate', 'keys'], { home });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(`${file} is no folder`);
  });

  it('names --passphrase-from and --bits where they are missing or wrong', async () => {
    const home = freshFolder();
    const env = { PHRASE: 'a-passphrase-of-ours' };
    await cli(['keys', 'generate', 'keys', '--passphrase-from', 'env:PHRASE'], { home, env });
    expect((await cli(['keys', 'show', 'keys'], { home })).err).toContain('--passphrase-from');
    const small = await cli(['keys', 'generate', 'small', '--alg', 'RS384', '--bits', '1024'], { home });
    expect(small.err).toContain('--bits must be at least 2048');
  });

  it('encrypts it with a passphrase that no argument holds', async () => {
    const home = freshFolder();
    const env = { PHRASE: 'a-passphrase-of-ours' };
    const made = await cli(['keys', 'generate', 'keys', '--passphrase-from', 'env:PHRASE'], { home, env });
    expect(made.code).toBe(0);
    expect((await cli(['keys', 'jwks', 'keys'], { home })).code).toBe(2);
    const read = await cli(['keys', 'jwks', 'keys', '--passphrase-from', 'env:PHRASE'], { home, env });
    expect(read.out).toBe(made.out);
    assertNoSecrets([made, read, filesIn(home)], [env.PHRASE]);
  });
});

it('show says which key signs, and nothing private', async () => {
  const { home, kid, secrets } = await withKey();
  const ran = await cli(['keys', 'show', 'keys'], { home });
  expect(ran.out).toMatch(new RegExp(`${kid} +ES384 +signs`));
  assertNoSecrets([ran, await cli(['keys', 'show', 'keys', '--json'], { home })], secrets);
});

it('a key that others can read is 2 and says how to close it', async () => {
  const { home, folder } = await withKey();
  chmodSync(join(folder, readdirSync(folder)[0] ?? ''), 0o644);
  const ran = await cli(['keys', 'jwks', 'keys'], { home });
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('chmod 600');
});

it('serve answers with the public key set until Ctrl-C, and shows a new key at once', async () => {
  const { home, kid, secrets } = await withKey();
  const interruption = new AbortController();
  const terminal = testTerminal({ home, interrupted: interruption.signal });
  const running = run(['keys', 'serve', 'keys'], terminal);
  await until(() => terminal.printed().err.includes('/jwks.json'));
  const url = /http:\S+jwks\.json/.exec(terminal.printed().err)?.[0] ?? '';
  const first = (await (await fetch(url)).json()) as Set;
  expect(first.keys.map((key) => key['kid'])).toEqual([kid]);
  assertNoSecrets(first, secrets);
  await cli(['keys', 'generate', 'keys', '--kid', 'second'], { home });
  expect(((await (await fetch(url)).json()) as Set).keys).toHaveLength(2);
  interruption.abort();
  expect(await running).toBe(130);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

it('serve on a port that is taken is 2', async () => {
  const { home } = await withKey();
  const interruption = new AbortController();
  const terminal = testTerminal({ home, interrupted: interruption.signal });
  const running = run(['keys', 'serve', 'keys'], terminal);
  await until(() => terminal.printed().err.includes('/jwks.json'));
  const port = /:(\d+)\/jwks/.exec(terminal.printed().err)?.[1] ?? '';
  const ran = await cli(['keys', 'serve', 'keys', '--port', port], { home });
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('--port');
  interruption.abort();
  await running;
});

it.each([
  ['a port that is none', ['--port', '99999'], 'It is a port'],
  ['a host that is none', ['--host', '256.1.1.1'], 'check its name'],
  ['an address of another machine', ['--host', '192.0.2.1'], 'name another --host'],
])('serve at %s is 2', async (_what, args, said) => {
  const { home } = await withKey();
  const ran = await cli(['keys', 'serve', 'keys', ...args], { home });
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(said);
});

describe('rotate', () => {
  const rotate = (home: string, aheadMs: number, more: readonly string[] = []): ReturnType<typeof cli> =>
    cli(['keys', 'rotate', 'keys', ...more], { home, clock: clockAhead(aheadMs) });

  it('publishes, waits, switches and retires, one run at a time', async () => {
    const { home, kid: old } = await withKey();
    expect((await rotate(home, 0)).err).toMatch(/publish: made .*\n.*wait: .* it may sign in 23 h/);
    const [first, next] = await kidsIn(home);
    expect(first).toBe(old);
    expect((await rotate(home, hourMs)).err).toContain('it may sign in 22 h');
    expect(await kidsIn(home)).toEqual([old, next]);
    expect((await rotate(home, 25 * hourMs)).err).toMatch(
      new RegExp(`switch: ${String(next)} signs.*\n.*may be removed in 9 m`),
    );
    expect(await kidsIn(home)).toEqual([next, old]);
    expect((await rotate(home, 26 * hourMs)).err).toMatch(
      new RegExp(`retire: removed ${old}\n.*done: ${String(next)} signs`),
    );
    expect(await kidsIn(home)).toEqual([next]);
  });

  it('--continue begins none', async () => {
    const { home, kid } = await withKey();
    const ran = await rotate(home, 0, ['--continue']);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.err).toContain('no rotation is under way');
    expect(await kidsIn(home)).toEqual([kid]);
  });

  it('--dry-run does nothing', async () => {
    const { home, kid } = await withKey();
    expect((await rotate(home, 0, ['--dry-run'])).err).toContain(`${kid} signs`);
    expect(await kidsIn(home)).toEqual([kid]);
  });

  it('--wait goes through all of it', async () => {
    const { home, kid } = await withKey();
    const ran = await rotate(home, 0, ['--wait', '--publish-for', '0s', '--retire-after', '0s']);
    expect(ran.err).toMatch(/publish[^]*switch[^]*retire[^]*done/);
    expect(await kidsIn(home)).not.toContain(kid);
  });

  it('Ctrl-C while it waits loses nothing', async () => {
    const { home } = await withKey();
    const interruption = new AbortController();
    const terminal = testTerminal({ home, interrupted: interruption.signal });
    const running = run(['keys', 'rotate', 'keys', '--wait'], terminal);
    await until(() => terminal.printed().err.includes('it may sign'));
    interruption.abort();
    expect(await running).toBe(130);
    expect((await rotate(home, 0, ['--dry-run'])).err).toContain('is published; it may sign');
  });

  it('keys for two algorithms rotate apart', async () => {
    const { home } = await withKey();
    await cli(['keys', 'generate', 'keys', '--alg', 'RS384'], { home });
    const ran = await rotate(home, 0);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('--alg');
    expect((await rotate(home, 0, ['--alg', 'ES384'])).code).toBe(0);
  });

  it('a time that is none is 2', async () => {
    const { home } = await withKey();
    expect((await rotate(home, 0, ['--publish-for', 'soon'])).code).toBe(2);
  });
});

it('a folder without keys is 2, and says how to make one', async () => {
  const home = freshFolder();
  privateFile(home, 'notes.txt', 'no key');
  expect((await cli(['keys', 'rotate', '.'], { home })).code).toBe(2);
  expect((await cli(['keys', 'jwks', 'not-there'], { home })).code).toBe(2);
});

it.each([
  ['generate', ''],
  ['show', ''],
  ['jwks', ''],
  ['rotate', ''],
])('keys %s %j, as of a variable that is not set, is 2 and makes nothing here', async (command, path) => {
  const home = freshFolder();
  const ran = await cli(['keys', command, path], { home });
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('The path of the keys is empty')]);
  expect(filesIn(home)).toEqual([]);
});
