// A cache in each of its forms, and a look into the files of the one that lies in a folder.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildStorage } from 'axios-cache-interceptor';
import type { AxiosStorage, NotEmptyStorageValue } from 'axios-cache-interceptor';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import type { Session } from '../../src/index.js';
import { afterwards, temporaryFolder, world } from '../stage.js';
import type { World, WorldOptions } from '../stage.js';

export const kinds = ['memory', 'folder', 'storage'] as const;
export type Kind = (typeof kinds)[number];

/** Moves into a folder of its own until the end of the test. @returns where the cache will lie */
export async function inFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const before = process.cwd();
  process.chdir(folder);
  afterwards(() => process.chdir(before));
  return join(process.cwd(), '.webcache');
}

interface OwnStorage extends AxiosStorage {
  readonly entries: ReadonlyMap<string, NotEmptyStorageValue>;
}

/** A storage of the caller's, with what is in it; removing ends when `removed` does. */
export function ownStorage({ removed }: { readonly removed?: Promise<void> } = {}): OwnStorage {
  const entries = new Map<string, NotEmptyStorageValue>();
  const storage = buildStorage({
    find: (key) => Promise.resolve(entries.get(key)),
    set: async (key, value) => void (await Promise.resolve(entries.set(key, value))),
    remove: async (key) => {
      entries.delete(key);
      await removed;
    },
    clear: () => entries.clear(),
  });
  return { ...storage, entries };
}

/** A world whose session caches in that way; the folder is one of its own. */
export async function caching(kind: Kind, given: WorldOptions = {}): Promise<World> {
  if (kind === 'folder') await inFolder();
  const cache = { memory: 'memory' as const, folder: true, storage: ownStorage() }[kind];
  return world({ ...given, session: { cache, ...given.session } });
}

export interface Answer<T> {
  readonly data: T;
  readonly cached: boolean | undefined;
  readonly status: number;
  readonly headers: AxiosResponse['headers'];
}

/** A GET, with what the cache says of it. */
export async function ask<T = Readonly<Record<string, unknown>>>(
  session: Session,
  url: string,
  config?: AxiosRequestConfig,
): Promise<Answer<T>> {
  const response: AxiosResponse<T> & { readonly cached?: boolean } = await session.get<T>(url, config);
  const { data, status, headers, cached } = response;
  return { data, status, headers, cached };
}

/** Whether a GET was answered by the cache. */
export async function isCached(session: Session, url: string, config?: AxiosRequestConfig): Promise<boolean> {
  return (await ask(session, url, config)).cached === true;
}

/** The files in a folder, by path; none when it is not there. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => join(folder, name));
}

export async function contentsOf(folder: string): Promise<string> {
  const texts = await Promise.all((await filesIn(folder)).map((file) => readFile(file, 'utf8')));
  return texts.join('\n');
}

/** Writes every file of the folder anew. */
export async function rewrite(folder: string, change: (text: string) => string): Promise<void> {
  for (const file of await filesIn(folder)) await writeFile(file, change(await readFile(file, 'utf8')));
}

/** Lets `seconds` pass for all that is cached, without waiting. */
export function age(folder: string, seconds: number): Promise<void> {
  return rewrite(folder, (text) => {
    const entry: unknown = JSON.parse(text);
    const { createdAt } = entry as { readonly createdAt: number };
    return JSON.stringify({ ...Object(entry), createdAt: createdAt - seconds * 1000 });
  });
}
