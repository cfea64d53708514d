// A cache in a folder (the original's .webcache): 0700, a file for each answer, readable by its owner only, written in one
// step. What is being fetched is remembered in memory: another process could not wait for it.
import { createHash } from 'node:crypto';
import { chmod, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from '@axios-authorizer/core/node';
import { isObjectLike } from '../session/objects.js';
import type { NotEmptyStorageValue, StorageValue } from 'axios-cache-interceptor';
import writeFileAtomic from 'write-file-atomic';

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
/** Marks bytes in the JSON of a file. */
const BYTES = '\u0000bytes';

/** What `buildStorage` of axios-cache-interceptor takes. */
export interface FolderStorage {
  find(key: string): Promise<StorageValue | undefined>;
  set(key: string, value: NotEmptyStorageValue): Promise<void>;
  remove(key: string): Promise<void>;
  clear(): Promise<void>;
}

export function folderStorage(directory: string): FolderStorage {
  const folder = resolve(directory);
  const loading = new Map<string, NotEmptyStorageValue>();
  const fileOf = (key: string): string => join(folder, `${createHash('sha256').update(key).digest('hex')}.json`);
  return {
    find: async (key) => loading.get(key) ?? (await readEntry(fileOf(key))),
    set: async (key, value) => {
      if (value.state === 'loading') loading.set(key, value);
      else {
        loading.delete(key);
        await writeEntry(folder, fileOf(key), value).catch(nobodyWaits);
      }
    },
    remove: async (key) => {
      loading.delete(key);
      await rm(fileOf(key), { force: true });
    },
    clear: async () => {
      loading.clear();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An answer that cannot be kept is an answer all the same. */
function nobodyWaits(): void {
  // the next request asks the database again
}

async function writeEntry(folder: string, file: string, value: NotEmptyStorageValue): Promise<void> {
  await makeFolder(folder, DIRECTORY_MODE);
  await chmod(folder, DIRECTORY_MODE);
  await writeFileAtomic(file, JSON.stringify(withoutBytes(value)), { mode: FILE_MODE });
}

/** A file that is gone, cut off or something else is no entry. */
async function readEntry(file: string): Promise<StorageValue | undefined> {
  try {
    const entry: unknown = JSON.parse(await readFile(file, 'utf8'), withBytes);
    return isEntry(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

const KEPT_STATES = new Set<unknown>(['cached', 'stale', 'must-revalidate']);

function isEntry(entry: unknown): entry is StorageValue {
  if (!isObjectLike(entry) || !KEPT_STATES.has(entry['state'])) return false;
  const { data, ttl, createdAt } = entry;
  const isAnswer = isObjectLike(data) && isObjectLike(data['headers']) && typeof data['status'] === 'number';
  return isAnswer && Number.isFinite(createdAt) && (entry['state'] !== 'cached' || Number.isFinite(ttl));
}

/** Binary answers survive JSON as base64. */
function withoutBytes(value: NotEmptyStorageValue): unknown {
  const data = value.data?.data;
  if (!ArrayBuffer.isView(data) && !(data instanceof ArrayBuffer)) return value;
  const bytes =
    data instanceof ArrayBuffer ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { ...value, data: { ...value.data, data: { [BYTES]: bytes.toString('base64') } } };
}

function withBytes(_name: string, value: unknown): unknown {
  const bytes = isObjectLike(value) ? value[BYTES] : undefined;
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : value;
}
