// A login in a file: a world whose user saves, and what is in the file.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { another, failureOf, lifeMs, modeOf, notices, temporaryFolder, world } from '../stage.js';
import type { User, UserOptions } from '../../src/index.js';
import type { World, WorldOptions } from '../stage.js';

/** Codes long enough to be looked for in a file. */
export const codes = { accessCode1: 'first-code-äö-+/=', accessCode2: 'second-code-"quoted"' } as const;
export const others = { accessCode1: 'code-of-another-1', accessCode2: 'code-of-another-2' } as const;

const users = [
  { ...codes, identity: '12-3456-1', name: 'Test User' },
  { ...others, identity: '98-7654-1', name: 'Another' },
];

export interface SavedWorld extends World {
  readonly path: string;
}

/** Nobody has logged in. */
export async function savingWorld(given: WorldOptions = {}): Promise<SavedWorld> {
  const path = join(await temporaryFolder(), 'login', 'auth.json');
  const user: UserOptions = { ...codes, saveAuth: path, ...given.user };
  return { ...(await world({ ...given, itkdb: { users, ...given.itkdb }, user })), path };
}

/** Somebody has logged in, and the file holds it. */
export async function savedWorld(given: WorldOptions = {}): Promise<SavedWorld> {
  const here = await savingWorld(given);
  await here.user.authenticate();
  return here;
}

/** A child's: it knows the file, and no codes. */
export function withoutCodes(here: SavedWorld): User {
  return another(here, { accessCode1: '', accessCode2: '' });
}

interface WrittenFile {
  readonly generation: number;
  readonly entries: { readonly default: { readonly token: SavedFile['token'] } };
}

export type SavedFile = Readonly<Record<string, unknown>> & { readonly token: Readonly<Record<string, unknown>> };

/** As a file of version 1 has it, which is still read. */
export async function contentOf({ path }: SavedWorld): Promise<SavedFile> {
  const { generation, entries } = JSON.parse(await readFile(path, 'utf8')) as WrittenFile;
  return { version: 1, generation, token: entries.default.token };
}

/** Puts something else in the place of the file, for its owner only. */
export async function put({ path }: SavedWorld, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content);
  await chmod(path, 0o600);
}

/** What was said about the store, in words: notices, and failures of its calls. */
export function storeTales(here: SavedWorld): readonly string[] {
  const failures = here.events.flatMap((event) => (event.type === 'store' && event.failure ? [event.failure] : []));
  return [...notices(here), ...failures];
}

/** A user who finds what is there now logs in, and leaves a file that the one after can use. */
export async function expectReplaced(here: SavedWorld): Promise<void> {
  const logins = here.itkdb.logins;
  const next = another(here);
  expect(await next.authenticate()).toBe(true);
  expect([here.itkdb.logins, next.identity]).toEqual([logins + 1, '12-3456-1']);
  const { bearer } = next;
  const after = another(here);
  await after.authenticate();
  expect([after.bearer, here.itkdb.logins, await modeOf(here.path)]).toEqual([bearer, logins + 1, '600']);
}

/**
 * The user of the world, whose login has ended, logs in anew, and leaves a file that a user without codes can use. It hashes
 * its codes once in all, which another user would do again.
 */
export async function expectReplacedIn(here: SavedWorld): Promise<void> {
  const logins = here.itkdb.logins;
  here.clock.set(here.clock.now() + lifeMs);
  expect(await here.user.authenticate()).toBe(true);
  const after = withoutCodes(here);
  await after.authenticate();
  expect([after.bearer, here.itkdb.logins, await modeOf(here.path)]).toEqual([here.user.bearer, logins + 1, '600']);
}

/** A user without codes does not get in by what is there now. */
export async function expectUseless(here: SavedWorld): Promise<void> {
  const child = withoutCodes(here);
  expect(await failureOf(child.authenticate())).toMatchObject({ code: 'not_authenticated', kind: 'session' });
  expect(child.bearer).toBe('');
}

/** The file with other members in its login; undefined takes one away. */
export function withToken(change: Readonly<Record<string, unknown>>): (file: SavedFile) => SavedFile {
  return (file) => ({ ...file, token: { ...file.token, ...change } });
}
