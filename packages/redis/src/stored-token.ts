// A token as it lies in Redis: versioned JSON, sealed when there is a key.
import { AuthenticationError, ConfigurationError } from '@axios-authorizer/core';
import { omitUndefined, recordOf, parseObject } from '@axios-authorizer/core/extend';
import type { Token } from '@axios-authorizer/core';
import { seal, unseal } from './sealed.js';

const FORMAT_VERSION = 1;

export interface Seal {
  readonly key: Uint8Array | undefined;
  /** The name of the entry, which is sealed in. */
  readonly place: string;
}

export function written(token: Token, { key, place }: Seal): string {
  if (key === undefined) return JSON.stringify({ version: FORMAT_VERSION, token });
  return JSON.stringify({ version: FORMAT_VERSION, sealed: seal(JSON.stringify(token), key, boundTo(place)) });
}

/** @throws ConfigurationError for a wrong, missing or unused key; AuthenticationError `store_unreadable` */
export function read(text: string, { key, place }: Seal): Token {
  const { version, token, sealed } = parseObject(text) ?? {};
  if (version !== FORMAT_VERSION) throw unreadable();
  if (typeof sealed !== 'string') {
    if (key !== undefined) throw mismatch('is not encrypted; take `encryptionKey` away, or clear the entry');
    return tokenOf(token);
  }
  if (key === undefined) throw mismatch('is encrypted; give redisTokenStore the `encryptionKey` it was saved with');
  return tokenOf(parseObject(unseal(sealed, key, boundTo(place))));
}

function boundTo(place: string): string {
  return `axios-authorizer ${FORMAT_VERSION} ${place}`;
}

function tokenOf(value: unknown): Token {
  const { accessToken, expiresAt, issuedAt } = recordOf(value);
  if (typeof accessToken !== 'string') throw unreadable();
  const dates = omitUndefined({ expiresAt: dateOf(expiresAt), issuedAt: dateOf(issuedAt) });
  return { ...recordOf(value), accessToken, ...dates };
}

/** JSON has no dates. */
function dateOf(text: unknown): Date | undefined {
  return typeof text === 'string' ? new Date(text) : undefined;
}

function mismatch(how: string): ConfigurationError {
  return new ConfigurationError(`The stored token ${how}`);
}

function unreadable(): AuthenticationError {
  return new AuthenticationError('What Redis holds is no token of this format; the next token replaces it', {
    code: 'store_unreadable',
    kind: 'unavailable',
  });
}
