// What every command of the database is told about a request that was let in, and how it answers one that already has
// the answer.

import { createHash } from 'node:crypto';
import type { Answer, Received } from '@axios-authorizer/testing/extend';
import type { DtoIn } from './api/dto-in.js';

export interface ItkdbAsk {
  readonly request: Received;
  /** The first segment of the path below the database. */
  readonly command: string;
  /** What follows it, decoded; '' for nothing. */
  readonly rest: string;
  /** The application with the command, as errors name them. */
  readonly app: string;
  readonly dtoIn: DtoIn;
  /** The claim uuidentity of the bearer. */
  readonly identity: unknown;
}

interface Tagged {
  /** Whatever the ETag is made from. */
  readonly of: unknown;
  /** Of the answer and of the 304 alike (RFC 9110, 15.4.5). */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer with an ETag, or 304 for who has it already (RFC 9110, 13.1.2). */
export function tagged({ request }: ItkdbAsk, { of, headers = {} }: Tagged, make: () => Answer): Answer {
  const etag = `"${createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 16)}"`;
  const all = { ...headers, etag };
  const known = request.headers['if-none-match']?.split(/\s*,\s*/) ?? [];
  return known.includes(etag) ? { status: 304, headers: all } : { ...make(), headers: all };
}
