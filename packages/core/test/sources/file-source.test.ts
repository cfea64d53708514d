// A token that something else writes into a file: when is it read, and what of a file that is not as it should be?
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer, ConfigurationError, firstOf } from '../../src/index.js';
import type { AuthorizerOptions, Token } from '../../src/index.js';
import { fileSource } from '../../src/node/index.js';
import { failureOf, passing, settled } from '../lifecycle/stage.js';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'file-source-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const run = (command: string): unknown => execFileSync(command, [at()]);
const at = (name = 'token'): string => join(folder, name);

function reading(path: string, options: AuthorizerOptions = {}): { auth: Authorizer; clock: ManualClock } {
  const clock = new ManualClock(0);
  return { auth: new Authorizer(fileSource(path, { clock }), { clock, maxRetries: 0, ...options }), clock };
}

async function tokenIn(text: string | Uint8Array): Promise<Token> {
  writeFileSync(at(), text);
  return reading(at()).auth.getToken();
}

function jwt(exp: number): string {
  const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ exp })}.c2lnbmF0dXJl`;
}

it.each([
  ['bare', 'the-token'],
  ['with a line end', 'the-token\n'],
  ['with blanks and a byte order mark', '\ufeff  the-token \r\n\r\n'],
  ['as an answer of a token endpoint', '{"access_token":"the-token","token_type":"bearer"}\n'],
  [
    'as an ExecCredential',
    '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"the-token"}}',
  ],
])('a token is read %s (C27)', async (_how, text) => {
  expect(await tokenIn(text)).toMatchObject({ accessToken: 'the-token' });
});

it('a token without a known end is read again every minute, before it is due, while nobody waits (C1, C27)', async () => {
  writeFileSync(at(), 'first');
  const { auth, clock } = reading(at());
  await auth.getToken();
  writeFileSync(at(), 'second');
  clock.set(30_000);
  expect(auth.accessToken).toBe('first');
  await auth.getToken();
  await settled();
  expect(auth.accessToken).toBe('first');
  clock.set(53_000);
  expect(await auth.getToken()).toMatchObject({ accessToken: 'first' });
  while (auth.accessToken === 'first') await settled();
  expect(await auth.getToken()).toMatchObject({ accessToken: 'second' });
});

it.each([
  ['a JWT that expires within the minute', jwt(20), 20_000],
  ['a JWT that expires later', jwt(3_600), 60_000],
  [
    'a stated lifetime within the minute, from when the file was written',
    '{"access_token":"x","expires_in":50}',
    30_000,
  ],
  ['a stated lifetime that is longer', '{"access_token":"x","expires_in":"3600"}', 60_000],
])('%s: read again by then (C27)', async (_what, text, expiresAt) => {
  writeFileSync(at(), text);
  utimesSync(at(), new Date(-20_000), new Date(-20_000));
  const token = await reading(at()).auth.getToken();
  expect(token.expiresAt?.getTime()).toBe(expiresAt);
});

it('after a 401 it is read at once (C7, C27)', async () => {
  writeFileSync(at(), 'first');
  const { auth } = reading(at());
  const rejected = await auth.getToken();
  writeFileSync(at(), 'second');
  expect(await auth.getToken({ rejected })).toMatchObject({ accessToken: 'second' });
});

it('links are followed, and their exchange is seen, as Kubernetes mounts (C27)', async () => {
  mkdirSync(at('..2026_01'));
  mkdirSync(at('..2026_02'));
  writeFileSync(at('..2026_01/token'), 'first');
  writeFileSync(at('..2026_02/token'), 'second');
  symlinkSync('..2026_01', at('..data'));
  symlinkSync('..data/token', at());
  const { auth } = reading(at());
  expect(await auth.getToken()).toMatchObject({ accessToken: 'first' });
  symlinkSync('..2026_02', at('..data_tmp'));
  renameSync(at('..data_tmp'), at('..data'));
  expect(await auth.getToken({ force: true })).toMatchObject({ accessToken: 'second' });
});

it('a file that is not there yet is not_authenticated, without a cool-down: the next request finds it (C5, C27)', async () => {
  const { auth } = reading(at());
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'not_authenticated', kind: 'credentials' });
  writeFileSync(at(), 'here');
  expect(await auth.getToken()).toMatchObject({ accessToken: 'here' });
});

it.each([
  ['a dangling link', () => symlinkSync('nowhere', at())],
  ['a folder that is a file', () => writeFileSync(at(), '')],
])('%s counts as not there, and passes on to the next source (C27)', async (what, make) => {
  make();
  const mounted = fileSource(what === 'a dangling link' ? at() : join(at(), 'token'));
  const auth = new Authorizer(firstOf({ mounted, desk: async () => 'from-desk' }));
  expect(await auth.getToken()).toMatchObject({ accessToken: 'from-desk', source: 'desk' });
});

it.each([
  ['empty', ''],
  ['full of blanks', ' \n'],
  ['cut off', '{"access_token":"secret-tok'],
])('a file that is %s may be just being written: it is read again (C5, C27)', async (_what, text) => {
  writeFileSync(at(), text);
  const { auth, clock } = reading(at(), { maxRetries: 3 });
  const asked = auth.getToken();
  await clock.sleeping(2);
  writeFileSync(at(), 'whole');
  expect(await passing(clock, asked)).toMatchObject({ accessToken: 'whole' });
});

it.each([
  ['empty', ''],
  ['cut off', '{"access_token":"secret-tok'],
])(
  'a file that stays %s is unavailable, passes on to nobody, and is not repeated in the error (C11, C27)',
  async (_what, text) => {
    writeFileSync(at(), text);
    const mounted = fileSource(at());
    const auth = new Authorizer(firstOf({ mounted, desk: async () => 'from-desk' }), { maxRetries: 0 });
    const error = await failureOf(auth.getToken());
    expect(error).toMatchObject({ code: 'invalid_response', kind: 'unavailable', transient: true });
    expect(error.message).toContain(at());
    expect(error.message).not.toContain('secret');
  },
);

it('a held token outlives a file that went, until it is due (C1, C27)', async () => {
  writeFileSync(at(), 'first');
  const { auth, clock } = reading(at());
  await auth.getToken();
  rmSync(at());
  clock.set(59_999);
  await failureOf(auth.getToken({ force: true }));
  expect(await auth.getToken()).toMatchObject({ accessToken: 'first' });
  clock.set(60_000);
  expect(await failureOf(auth.getToken())).toMatchObject({ kind: 'unavailable', transient: true });
});

it.each<[string, () => void, () => void]>([
  ['a file', () => rmSync(at()), () => writeFileSync(at(), 'second')],
  ['its folder', () => renameSync(at('sub'), at('other')), () => renameSync(at('other'), at('sub'))],
  ['a link', () => rmSync(at('link')), () => symlinkSync(at(), at('link'))],
])('%s that is gone for a moment is asked for again, and ends no session (C5, C18, C27)', async (what, take, bring) => {
  mkdirSync(at('sub'));
  writeFileSync(at('sub/token'), 'first');
  writeFileSync(at(), 'first');
  symlinkSync(at(), at('link'));
  const ended: unknown[] = [];
  const file = { 'a file': at(), 'its folder': at('sub/token'), 'a link': at('link') }[what] ?? '';
  const { auth, clock } = reading(file, { maxRetries: 3, onSessionEnd: (error) => void ended.push(error) });
  await auth.getToken();
  clock.set(60_000);
  take();
  const asked = auth.getToken();
  await clock.sleeping(2);
  bring();
  expect((await passing(clock, asked)).accessToken).toMatch(/first|second/);
  expect(ended).toEqual([]);
});

it('a file that stays away for a minute ends the session, once; one that comes back begins it anew (C18, C27)', async () => {
  writeFileSync(at(), 'first');
  const ended: unknown[] = [];
  const { auth, clock } = reading(at(), { onSessionEnd: (error) => void ended.push(error) });
  await auth.getToken();
  rmSync(at());
  clock.set(60_000);
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'source_failed', kind: 'unavailable' });
  clock.set(119_999);
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'source_failed', kind: 'unavailable' });
  expect(ended).toEqual([]);
  clock.set(180_000);
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'not_authenticated' });
  await settled();
  expect(ended).toHaveLength(1);
  writeFileSync(at(), 'second');
  expect(await auth.getToken()).toMatchObject({ accessToken: 'second' });
  rmSync(at());
  clock.set(300_000);
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'source_failed' });
});

it('while a file is gone for a moment no other source of firstOf takes its place (C27)', async () => {
  writeFileSync(at(), 'first');
  const clock = new ManualClock(0);
  const mounted = fileSource(at(), { clock });
  const auth = new Authorizer(firstOf({ mounted, desk: async () => 'from-desk' }), { clock, maxRetries: 0 });
  expect(await auth.getToken()).toMatchObject({ accessToken: 'first', source: 'mounted' });
  rmSync(at());
  clock.set(60_000);
  expect(await failureOf(auth.getToken())).toMatchObject({ kind: 'unavailable' });
  writeFileSync(at(), 'second');
  clock.set(90_000);
  expect(await auth.getToken()).toMatchObject({ accessToken: 'second', source: 'mounted' });
});

it.each<[string, () => void, string]>([
  ['a folder', () => mkdirSync(at()), 'no regular file'],
  ['a named pipe, which is not waited for', () => run('mkfifo'), 'no regular file'],
  ['larger than 1 MiB', () => writeFileSync(at(), 'x'.repeat(1024 * 1024 + 1)), 'larger than 1 MiB'],
  ['of several lines', () => writeFileSync(at(), 'secret-one\nsecret-two'), 'a blank, a line break'],
  ['binary', () => writeFileSync(at(), Buffer.from([0xff, 0xfe, 0x00, 0x41])), 'outside ASCII'],
  ['another JSON', () => writeFileSync(at(), '{"token":"secret-one"}'), 'neither an ExecCredential nor'],
])('a file that is %s is a ConfigurationError that repeats nothing of it (C11, C27)', async (_what, make, message) => {
  make();
  const error = await failureOf(reading(at()).auth.getToken());
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.message).toContain(message);
  expect(error.message).not.toContain('secret');
});

it('a token of exactly 1 MiB is read (C27)', async () => {
  expect((await tokenIn('x'.repeat(1024 * 1024))).accessToken).toHaveLength(1024 * 1024);
});

it('a file that the system fails to read is unavailable, and read again later (C5, C27)', async () => {
  const error = await failureOf(reading('/proc/self/mem').auth.getToken()); // reading its first page fails with EIO
  expect(error).toMatchObject({ code: 'source_failed', kind: 'unavailable', transient: true });
  expect(error.message).toContain('/proc/self/mem cannot be read (EIO)');
});

it('a span that no Date can tell is as good as never (C27)', async () => {
  writeFileSync(at(), 'first');
  const { expiresAt } = await new Authorizer(fileSource(at(), { rereadMs: Number.MAX_VALUE })).getToken();
  expect(expiresAt?.getTime()).toBe(8.64e15);
});

it('the path may be a file URL, and is meant as of now when it is relative (C27)', async () => {
  writeFileSync(at(), 'the-token');
  expect(await new Authorizer(fileSource(pathToFileURL(at()))).getToken()).toMatchObject({ accessToken: 'the-token' });
});

it.each<[unknown, object, string]>([
  [undefined, {}, 'path of a file'],
  ['', {}, 'path of a file'],
  ['a\0b', {}, 'path of a file'],
  [new URL('https://example.org/token'), {}, 'path of a file'],
  ['/token', { rereadMs: 0 }, '`rereadMs`'],
  ['/token', { rereadMs: NaN }, '`rereadMs`'],
  ['/token', { rereadMs: Infinity }, '`rereadMs`'],
  ['/token', { rereadMs: -1 }, '`rereadMs`'],
  ['/token', { rereadMs: '60000' }, '`rereadMs`'],
  ['/token', { reread: 1 }, 'did you mean rereadMs?'],
])('fileSource(%j, %j) is a ConfigurationError (C27)', (path, options, message) => {
  expect(() => fileSource(path as string, options)).toThrow(ConfigurationError);
  expect(() => fileSource(path as string, options)).toThrow(message);
});
