// Reads the store's file whole and replaces it whole. Only one process writes at a time; what it writes is on the disk before
// it stands in the file's place, and only if nobody was there meanwhile.
import { dirname } from 'node:path';
import { AuthenticationError, ConfigurationError, isAuthenticationError } from '../index.js';
import { underFileLock } from './file-lock.js';
import type { HeldLock } from './file-lock.js';
import { contentOf, withOwnedFile, assertPrivateFolder, makePrivateFolder } from './owned-file.js';
import type { Platform } from './platform.js';
import { syncFolder, writeThrough } from './private-file.js';
import { documentAsText, EMPTY_DOCUMENT, parseDocument } from './store-document.js';
import type { StoreDocument } from './store-document.js';

export interface StoreFile {
  readonly path: string;
  readonly leaseMs: number;
  readonly platform: Platform;
}

const MODE = 0o600;
const OTHERS = 0o077;
/** What is read of a file that is larger than any that was written: no document. */
const TOO_LARGE = 'too large';

/** @throws the file system's errors; AuthenticationError `store_unreadable`; ConfigurationError for a file or folder of others */
export async function readDocument(file: StoreFile): Promise<StoreDocument | undefined> {
  await assertPrivateFolder(file.platform.fs, file.path);
  const text = await readText(file);
  return text === undefined ? undefined : parseDocument(text);
}

/**
 * Puts what `change` makes of the document in its place; undefined leaves it as it is.
 * @throws the file system's errors; what `change` throws
 */
export async function changeDocument(
  file: StoreFile,
  change: (document: StoreDocument | undefined) => StoreDocument | undefined,
): Promise<void> {
  const { path, leaseMs, platform } = file;
  await makePrivateFolder(platform.fs, path);
  // an owner that is known to run is never replaced: it may be just about to put its file in place
  await underFileLock({ path: `${path}.write.lock`, leaseMs, lapses: false, platform }, async (held) => {
    const before = await readText(file);
    const next = change(documentOf(before));
    if (next !== undefined) await replaceText(file, held, { before, after: documentAsText(next) });
  });
}

/** Undefined for a file that is not there; a damaged one is written anew. */
function documentOf(text: string | undefined): StoreDocument | undefined {
  if (text === undefined) return undefined;
  try {
    return parseDocument(text);
  } catch (error) {
    if (isAuthenticationError(error)) return EMPTY_DOCUMENT;
    throw error;
  }
}

function readText({ path, platform }: StoreFile): Promise<string | undefined> {
  return withOwnedFile(platform.fs, path, async (handle, status) => {
    if (status.nlink > 1) throw hasOtherNames(path);
    if ((status.mode & OTHERS) !== 0) await handle.chmod(MODE);
    return (await contentOf(handle, status)) ?? TOO_LARGE;
  });
}

async function replaceText(
  file: StoreFile,
  held: HeldLock,
  { before, after }: { readonly before: string | undefined; readonly after: string },
): Promise<void> {
  const { path, platform } = file;
  const next = `${path}.write.lock.${held.id}.new`;
  try {
    await writeThrough(platform, next, after);
    const isOurTurn = (await readText(file)) === before && (await held.isOurs());
    if (!isOurTurn) throw overtaken();
    await platform.fs.rename(next, path);
  } catch (error) {
    await platform.fs.rm(next, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(platform, dirname(path));
}

/** Where others can make files they may have linked one of ours, meant for something else, to this name. */
function hasOtherNames(path: string): ConfigurationError {
  return new ConfigurationError(
    `${path} is a file that has other names as well (hard links), and is left alone: remove it, or copy it and put the copy in its place`,
  );
}

function overtaken(): AuthenticationError {
  return new AuthenticationError('The token file was changed by another while it was written; try again', {
    code: 'lease_unavailable',
    kind: 'unavailable',
    transient: true,
  });
}
