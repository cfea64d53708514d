// The folder of a token file: made for its owner only; one that is there already is taken as it is, unless others could put a
// file of theirs in the token's place.
import { dirname } from 'node:path';
import { ConfigurationError } from '../index.js';
import { unlessCode } from './claim.js';
import type { FileSystem } from './platform.js';

const MODE = 0o700;
const MODE_BITS = 0o7777;
const WRITE = { group: 0o020, others: 0o002 };
/** In a folder like /tmp everybody may write, but nobody may replace another's file. */
const STICKY = 0o1000;

/** @throws ConfigurationError when others than the owner, and the owner's own group, can write there */
export async function makePrivateFolder(fs: FileSystem, file: string): Promise<void> {
  await fs.mkdir(dirname(file), { recursive: true, mode: MODE });
  await assertPrivateFolder(fs, file);
}

/** @throws ConfigurationError as above; a folder that is not there is none of others */
export async function assertPrivateFolder(fs: FileSystem, file: string): Promise<void> {
  const folder = dirname(file);
  const found = await unlessCode('ENOENT', fs.stat(folder));
  if (found === undefined || process.platform === 'win32' || (found.mode & STICKY) !== 0) return;
  const isOwnGroup = found.gid === process.getgid?.();
  if ((found.mode & WRITE.others) === 0 && (isOwnGroup || (found.mode & WRITE.group) === 0)) return;
  throw new ConfigurationError(
    `Others can write to ${folder} (mode ${(found.mode & MODE_BITS).toString(8)}) and so replace the token file; run chmod go-w on it, or keep the file in a folder of its own`,
  );
}
