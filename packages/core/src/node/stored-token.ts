// A token as an entry of the store's file, unencrypted or sealed, and back.
import { ConfigurationError } from '../index.js';
import type { Token } from '../index.js';
import { omitUndefined, recordOf, parseObject } from '../internal/records.js';
import type { EntryCipher } from './entry-cipher.js';
import { FORMAT_VERSION, unreadable } from './store-document.js';
import type { EntryContent, StoredEntry } from './store-document.js';

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
