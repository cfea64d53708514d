// Keeps tokens in a file that only its owner can read, shared by the processes of one machine. Leases keep their refreshes
// apart; holders may overlap after a stall, so what is written is decided by the generation in the file, not by the lease.
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { keepingAlive } from '../internal/clock.js';
import { ConfigurationError } from '../index.js';
import { checkOptions } from '../extend.js';
import type { Token, TokenStore } from '../index.js';
import type { OptionTable } from '../extend.js';
import { entryCipher } from './entry-cipher.js';
import type { EncryptionKey } from './entry-cipher.js';
import { underFileLock } from './file-lock.js';
import { thisPlatform } from './platform.js';
import type { Platform } from './platform.js';
import { makePrivateFolder } from './private-folder.js';
import { DEFAULT_NAME } from './store-document.js';
import { TokenEntry } from './token-entry.js';

export interface FileTokenStoreOptions {
  /** Seals the token with AES-256-GCM: 32 bytes, or their base64 text; default: it lies there unencrypted. */
  readonly encryptionKey?: EncryptionKey | undefined;
  /** Tells several authorizers apart that keep their tokens in one file; any text; default 'default'. */
  readonly name?: string | undefined;
  /** How long a holder of the lease that runs but shows no sign of life keeps it, in ms, at least 10; default 10 000. */
  readonly leaseMs?: number | undefined;
}

const OPTIONS: OptionTable<FileTokenStoreOptions> = { encryptionKey: 'any', name: 'any', leaseMs: 'any' };
const LEASE_MS = 10_000;
const SHORTEST_LEASE_MS = 10;
const HASH_LENGTH = 12;

/**
 * A store in the file at `path`: 0600, in a folder that only the owner can enter when it has to be made, written atomically,
 * leased across processes. File and locks are regular files of the effective user, the file with one name only, the folder is
 * the user's or root's, and none of them a link; at most 1 MiB is read, a larger file counts as damaged. The mark of a sign-out
 * stands in the file until a new session or the file's removal. A lease is waited for at most 10 minutes while its holder works.
 * @throws ConfigurationError for options that cannot be meant; its calls throw it for an encrypted token without its key, for
 *   a folder that others can write to, for what is another user's or no regular file and for more than 1 MiB to be written,
 *   besides the file system's errors and AuthenticationErrors `store_unreadable` for what is no token file, `logged_out` as
 *   {@link TokenStore} says and `lease_unavailable`
 */
export function fileTokenStore<T extends Token = Token>(path: string, options?: FileTokenStoreOptions): TokenStore<T> {
  return fileTokenStoreOn<T>(thisPlatform, path, options);
}

/** The same on a machine of the caller's choice. */
export function fileTokenStoreOn<T extends Token = Token>(
  platform: Platform,
  path: string,
  options?: FileTokenStoreOptions,
): TokenStore<T> {
  const { encryptionKey, name = DEFAULT_NAME, leaseMs = LEASE_MS } = checkOptions(options, 'fileTokenStore', OPTIONS);
  assertSensible(path, name, leaseMs);
  const cipher = encryptionKey === undefined ? undefined : entryCipher(encryptionKey);
  const file = { path: resolve(path), leaseMs, platform };
  const entry = new TokenEntry<T>(file, { name, cipher });
  const lease = { path: leasePath(file.path, name), leaseMs, lapses: true, platform };
  return {
    load: () => entry.load(),
    save: (token, replaces, given) => keepingAlive(entry.save(token, replaces, given)),
    clear: () => keepingAlive(entry.clear()),
    exclusive: async (work) => {
      await makePrivateFolder(platform.fs, file.path);
      return underFileLock(lease, work);
    },
  };
}

function assertSensible(path: string, name: string, leaseMs: number): void {
  if (typeof path !== 'string' || path === '')
    throw new ConfigurationError('fileTokenStore needs the path of a file, as a text that is not empty');
  if (typeof name !== 'string' || name === '')
    throw new ConfigurationError('The name of a token in a file must be a text that is not empty');
  if (!(Number.isFinite(leaseMs) && leaseMs >= SHORTEST_LEASE_MS))
    throw new ConfigurationError(`leaseMs must be a number of milliseconds, at least ${SHORTEST_LEASE_MS}`);
}

/** Who refreshes one token does not keep others from refreshing theirs. A name may hold what a file's must not. */
function leasePath(path: string, name: string): string {
  if (name === DEFAULT_NAME) return `${path}.lock`;
  return `${path}.${createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH)}.lock`;
}
