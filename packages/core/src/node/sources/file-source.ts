// A token that others keep fresh in a file: a projected token of Kubernetes, a secret that is mounted, a sidecar that writes.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuthenticationError, ConfigurationError, isAuthenticationError } from '../../index.js';
import { checkOptions, parseObject, readToken, recordOf, systemClock } from '../../extend.js';
import type { Clock, Token, TokenSource } from '../../index.js';
import type { OptionTable } from '../../extend.js';
import { tokenInJson, withExpiry } from './credential.js';

/** The options of {@link fileSource}. */
export interface FileSourceOptions {
  /** After how long the file is read again at the latest, in ms, more than 0 and finite. Default: 60,000. */
  readonly rereadMs?: number | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const OPTIONS: OptionTable<FileSourceOptions> = { rereadMs: 'any', clock: 'clock' };
/** As Kubernetes' own clients do: a projected token is replaced long before it expires, and at once when it is revoked. */
const REREAD_MS = 60_000;
const MOST_BYTES = 1024 * 1024;
const PIECE_BYTES = 16 * 1024;
/** Opening a pipe would wait for a writer, in a thread that Node has four of. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const NOT_THERE = new Set(['ENOENT', 'ENOTDIR']);
/** Which failures of opening or reading a file its user has to see to. */
const NOT_READABLE = new Set(['EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EISDIR', 'ENXIO', 'ENODEV']);
/** So long a file that was read before may be away, since whoever replaces it may remove it first. */
const AWAY_MS = 60_000;
/** The last instant that a Date can tell. */
const LAST_INSTANT_MS = 8.64e15;

/**
 * A source that reads a token from a file which something else keeps fresh, such as
 * `/var/run/secrets/kubernetes.io/serviceaccount/token`. The file holds the bare token, or JSON: an ExecCredential, or
 * `{ access_token, expires_in }`, which counts from when the file was written. It is read again when the token expires (stated, or
 * `exp` of a JWT), every `rereadMs`, and after a 401. Links are followed and any owner is right, as Kubernetes mounts; at most
 * 1 MiB is read. The token needs no store.
 *
 * A file that is not there (yet) is `not_authenticated`: nothing cools down, so the next request finds it once it appears, and
 * `firstOf` asks its next source. One that was read before and is gone may be just being replaced, an empty one and JSON that is cut
 * off may be just being written: they are read again within the limit, then `unavailable`. A file that stays away for a minute ends
 * the session (`not_authenticated`).
 * @param path of the file, as a text or a file URL; a relative one counts from the working folder of this moment
 * @throws ConfigurationError for a path or an option that cannot be meant; its `authorize` throws it for a file that may not be
 *   read, is no regular file, is larger than 1 MiB or holds no token
 * @example
 * ```ts
 * const authorizer = new Authorizer(fileSource('/var/run/secrets/tokens/api'));
 * ```
 */
export function fileSource(path: string | URL, options?: FileSourceOptions): TokenSource {
  const { rereadMs = REREAD_MS, clock = systemClock } = checkOptions(options, 'fileSource', OPTIONS);
  if (!(typeof rereadMs === 'number' && rereadMs > 0 && rereadMs < Infinity))
    throw new ConfigurationError('`rereadMs` of fileSource must be a finite number of milliseconds, more than 0');
  const file = fileOf(path);
  let [wasRead, awaySince]: [boolean, number | undefined] = [false, undefined];
  const failed = (error: unknown): AuthenticationError => {
    if (!isAway(error)) return unread(file, error);
    awaySince ??= clock.now();
    return wasRead && clock.now() - awaySince < AWAY_MS ? replaced(file, error) : missing(file, error);
  };
  const authorize = async (): Promise<Token> => {
    const { text, writtenAt } = await contentOf(file).catch((error: unknown) => Promise.reject(failed(error)));
    [wasRead, awaySince] = [true, undefined];
    const now = clock.now();
    const token = tokenIn(text, { what: `The file ${file}`, from: writtenAt });
    const rereadAt = new Date(Math.min(now + rereadMs, LAST_INSTANT_MS));
    const expiresAt = token.expiresAt && token.expiresAt < rereadAt ? token.expiresAt : rereadAt;
    return { ...token, expiresAt };
  };
  return { authorize };
}

function fileOf(path: string | URL): string {
  try {
    const file = path instanceof URL ? fileURLToPath(path) : path;
    if (typeof file === 'string' && file !== '' && !file.includes('\0')) return resolve(file);
  } catch {
    // a URL of something else
  }
  throw new ConfigurationError('fileSource needs the path of a file, as a text that is not empty or a file URL');
}

function tokenIn(text: string, origin: { readonly what: string; readonly from: number }): Token {
  const trimmed = text.trim();
  if (trimmed === '') throw unfinished(`${origin.what} is empty`);
  if (!trimmed.startsWith('{')) return readToken(withExpiry({ accessToken: trimmed }, undefined), origin.what);
  const found = parseObject(trimmed);
  if (found === undefined) throw unfinished(`${origin.what} is no whole JSON object`);
  return readToken(tokenInJson(found, origin), origin.what);
}

interface Content {
  readonly text: string;
  /** In ms since the epoch. */
  readonly writtenAt: number;
}

async function contentOf(file: string): Promise<Content> {
  const handle = await open(file, READ);
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new ConfigurationError(`${file} is no regular file; fileSource reads nothing else`);
    return { text: await readAll(handle, file), writtenAt: status.mtimeMs };
  } finally {
    await handle.close();
  }
}

/** What stands in it, whatever size it says; a token is short, so it is read in short pieces. */
async function readAll(handle: FileHandle, file: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const piece = new Uint8Array(PIECE_BYTES);
    const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, length);
    length += bytesRead;
    if (length > MOST_BYTES) throw new ConfigurationError(`${file} is larger than 1 MiB, and so no token`);
    if (bytesRead === 0) return new TextDecoder().decode(Buffer.concat(pieces));
    pieces.push(piece.subarray(0, bytesRead));
  }
}

function isAway(error: unknown): boolean {
  return NOT_THERE.has(String(recordOf(error)['code']));
}

function missing(file: string, cause: unknown): AuthenticationError {
  return new AuthenticationError(`${file} is not there, so there is no token yet; is it mounted?`, {
    code: 'not_authenticated',
    kind: 'credentials',
    cause,
  });
}

function replaced(file: string, cause: unknown): AuthenticationError {
  return unavailable(`${file} is not there any more; is it just being replaced?`, cause);
}

/** @param error one of ours, which stands, or of the system: too many open files, a stale mount */
function unread(file: string, error: unknown): AuthenticationError {
  if (isAuthenticationError(error)) return error;
  const code = String(recordOf(error)['code']);
  const message = `${file} cannot be read (${code})`;
  return NOT_READABLE.has(code) ? new ConfigurationError(message, { cause: error }) : unavailable(message, error);
}

function unavailable(message: string, cause: unknown): AuthenticationError {
  return new AuthenticationError(message, { code: 'source_failed', kind: 'unavailable', transient: true, cause });
}

/** Nothing of it is repeated, since it may be a piece of a token. */
function unfinished(message: string): AuthenticationError {
  return new AuthenticationError(`${message}; is it just being written?`, {
    code: 'invalid_response',
    kind: 'unavailable',
    transient: true,
  });
}
