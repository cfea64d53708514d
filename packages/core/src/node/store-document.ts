// What is in the store's file: an entry for each name, and a generation that counts the writes. An entry without a token is
// the mark that a sign-out leaves: it holds no secret, and tells all who share the file that their session has ended. A token
// lies there unencrypted, or sealed.
import { AuthenticationError, ConfigurationError } from '../index.js';
import { isObject, recordOf, parseObject, omitUndefined } from '../internal/records.js';
import { MOST_BYTES } from './owned-file.js';
import type { Token } from '../index.js';
import type { EntryCipher } from './entry-cipher.js';

const FORMAT_VERSION = 2;
/** Of version 1 there was one token to a file; it is the one of this name. */
export const DEFAULT_NAME = 'default';

export interface StoreDocument {
  readonly generation: number;
  readonly entries: ReadonlyMap<string, StoredEntry>;
}

export const EMPTY_DOCUMENT: StoreDocument = { generation: 0, entries: new Map() };

export interface EntryContent {
  /** A token with its dates as text. */
  readonly token?: unknown;
  /** A token that was sealed, and the id of its key. */
  readonly sealed?: unknown;
  readonly keyId?: unknown;
}

export interface StoredEntry extends EntryContent {
  /** The document's generation when it was written. */
  readonly generation: number;
}

/** @throws AuthenticationError `store_unreadable` for what is no token file, or of a later version */
export function parseDocument(text: string): StoreDocument {
  const stored = parseObject(text);
  if (stored === undefined) throw unreadable('is damaged');
  const { version, generation, token, entries } = stored;
  if (typeof generation !== 'number') throw unreadable('has another format');
  if (version === 1) return { generation, entries: entriesOfVersion1({ generation, token }) };
  if (version !== FORMAT_VERSION || !isObject(entries)) throw unreadable('has another format');
  return { generation, entries: new Map(Object.entries(entries).map(([name, entry]) => [name, entryOf(entry)])) };
}

/** There a file without a token was damage, not the mark of a sign-out. */
function entriesOfVersion1(entry: StoredEntry): StoreDocument['entries'] {
  return new Map(entry.token === undefined ? [] : [[DEFAULT_NAME, entry]]);
}

/** The document with one entry written anew, as `generation`. */
export function withEntry({ entries }: StoreDocument, name: string, entry: StoredEntry): StoreDocument {
  return { generation: entry.generation, entries: new Map(entries).set(name, entry) };
}

/** @throws ConfigurationError for more than can be read again */
export function documentAsText({ generation, entries }: StoreDocument): string {
  const text = `${JSON.stringify({ version: FORMAT_VERSION, generation, entries: Object.fromEntries(entries) })}\n`;
  if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  throw new ConfigurationError(
    `The token file would be larger than ${MOST_BYTES} bytes with its ${entries.size} names; share the names out among several files`,
  );
}

function unreadable(how: string): AuthenticationError {
  return new AuthenticationError(`The token file ${how}; it is written anew with the next token`, {
    code: 'store_unreadable',
    kind: 'unavailable',
  });
}

/** Others' entries are carried along as they are, whatever they hold. */
function entryOf(entry: unknown): StoredEntry {
  const { generation } = recordOf(entry);
  return { ...recordOf(entry), generation: typeof generation === 'number' ? generation : 0 };
}

export interface EntryOwner {
  readonly name: string;
  readonly cipher: EntryCipher | undefined;
}

export function entryOfToken(token: Token, { name, cipher }: EntryOwner): EntryContent {
  if (cipher === undefined) return { token };
  return { keyId: cipher.keyId, sealed: cipher.seal(JSON.stringify(token), aboutOf(name)) };
}

/**
 * The token of an entry; undefined when there is none.
 * @throws ConfigurationError when it was sealed with another key, or with one where none is given; AuthenticationError
 *   `store_unreadable` when it is damaged
 */
export function tokenOfEntry(entry: StoredEntry | undefined, owner: EntryOwner): Token | undefined {
  if (entry === undefined || isEmpty(entry)) return undefined;
  const token = entry.sealed === undefined ? entry.token : opened(entry, owner);
  if (!isToken(token)) throw unreadable('holds something else than a token');
  return withDates(token);
}

/** @throws ConfigurationError when the entry was sealed with a key that is not the owner's */
export function assertOwnKey({ sealed, keyId }: EntryContent, { cipher }: EntryOwner): void {
  if (sealed === undefined || keyId === cipher?.keyId) return;
  throw new ConfigurationError(
    cipher === undefined
      ? 'The stored token is encrypted: pass the encryptionKey that it was saved with, or log out to drop it'
      : 'The stored token was encrypted with another key: pass the encryptionKey that it was saved with, or log out to drop it',
  );
}

/** Whether it is the mark of a sign-out. */
export function isEmpty({ token, sealed }: EntryContent): boolean {
  return token === undefined && sealed === undefined;
}

function opened(entry: StoredEntry, owner: EntryOwner): unknown {
  assertOwnKey(entry, owner);
  const text = owner.cipher?.open(String(entry.sealed), aboutOf(owner.name));
  if (text === undefined) throw unreadable('is damaged');
  return parseObject(text);
}

/** What is authenticated beside the token. */
function aboutOf(name: string): string {
  return JSON.stringify(['axios-authorizer token file', FORMAT_VERSION, name]);
}

function isToken(value: unknown): value is Token {
  return typeof recordOf(value)['accessToken'] === 'string';
}

/** JSON has no dates. */
function withDates(token: Token): Token {
  return { ...token, ...omitUndefined({ expiresAt: dateOf(token.expiresAt), issuedAt: dateOf(token.issuedAt) }) };
}

function dateOf(text: unknown): Date | undefined {
  return typeof text === 'string' ? new Date(text) : undefined;
}
