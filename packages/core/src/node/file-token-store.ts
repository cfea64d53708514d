// Keeps a token in a file that only its owner can read, shared by the processes of one machine.
// Locks are leases (holders may overlap after a stall), so the generation in the file decides, not the lock.
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import lockfile from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import { AuthenticationError, ConfigurationError } from '../index.js';
import type { Token, TokenStore } from '../index.js';
import { definedOnly, membersOf, parseObject } from '../members.js';

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const FORMAT_VERSION = 1;
/** A holder that has not shown a sign of life for this long has lost the lease. */
const LEASE_MS = 10_000;
const LOCK_RETRIES = { retries: 40, factor: 1.2, minTimeout: 25, maxTimeout: 250 };

interface StoredFile<T> {
  readonly version: number;
  /** Counts the saves. */
  readonly generation: number;
  readonly token: T;
}

/**
 * A store in the file at `path`: 0600 in a 0700 directory, written atomically, leased across processes.
 * @throws ConfigurationError when `path` is empty; its calls throw the file system's errors, and for a file that is no token file
 */
export function fileTokenStore<T extends Token = Token>(path: string): TokenStore<T> {
  if (!path) throw new ConfigurationError('fileTokenStore needs the path of a file');
  const file = resolve(path);
  let seen = 0;
  return {
    async load() {
      const stored = await readStored<T>(file);
      seen = stored?.generation ?? 0;
      return stored?.token;
    },
    async save(token) {
      const standing = await readStored<T>(file).catch(() => undefined);
      if (standing && standing.generation > seen && isNewer(standing.token, token)) return standing.token;
      seen = Math.max(seen, standing?.generation ?? 0) + 1;
      await writeStored(file, { version: FORMAT_VERSION, generation: seen, token });
      return undefined;
    },
    clear: () => rm(file, { force: true }),
    exclusive: (work) => leased(file, work),
  };
}

async function leased<R>(file: string, work: () => Promise<R>): Promise<R> {
  await makeDirectory(file);
  const release = await lockfile.lock(file, {
    realpath: false,
    stale: LEASE_MS,
    retries: LOCK_RETRIES,
    onCompromised: () => undefined, // the generation decides, see above
  });
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

async function readStored<T extends Token>(file: string): Promise<StoredFile<T> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (membersOf(error)['code'] === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  await chmod(file, FILE_MODE);
  return parseStored<T>(text);
}

function parseStored<T extends Token>(text: string): StoredFile<T> {
  const stored = parseObject(text);
  if (stored === undefined) throw unreadable('is damaged');
  const { version, generation, token } = stored;
  if (version !== FORMAT_VERSION || typeof generation !== 'number' || !isToken(token))
    throw unreadable('has another format');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever saved it saved a T
  return { version, generation, token: withDates(token) as T };
}

function unreadable(how: string): AuthenticationError {
  return new AuthenticationError(`The token file ${how}; it is written anew with the next token`, {
    code: 'store_unreadable',
    kind: 'unavailable',
  });
}

async function writeStored<T>(file: string, stored: StoredFile<T>): Promise<void> {
  await makeDirectory(file);
  await writeFileAtomic(file, `${JSON.stringify(stored)}\n`, { mode: FILE_MODE, fsync: true });
}

async function makeDirectory(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: DIRECTORY_MODE });
}

function isToken(value: unknown): value is Token {
  return typeof membersOf(value)['accessToken'] === 'string';
}

/** JSON has no dates. */
function withDates(token: Token): Token {
  return { ...token, ...definedOnly({ expiresAt: dateOf(token.expiresAt), issuedAt: dateOf(token.issuedAt) }) };
}

function dateOf(text: unknown): Date | undefined {
  return typeof text === 'string' ? new Date(text) : undefined;
}

function isNewer(one: Token, other: Token): boolean {
  return (one.issuedAt?.getTime() ?? 0) > (other.issuedAt?.getTime() ?? 0);
}
