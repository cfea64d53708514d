// Which sign-in a token belongs to. A request is sent again only with a token of the session in which it began (C17).
import { jwtClaims } from '../token/jwt.js';
import { asString } from '../internal/records.js';
import type { AnySource } from '../token/source.js';
import type { Token } from '../token/token.js';

/** One sign-in, from its first token to its end; two are the same only when they are the same object. */
export interface Session {
  /** Tells sessions apart where only text survives: in a request's config that axios copies. */
  readonly id: string;
}

/** A text that nobody makes twice; it is no secret, so that a platform without WebCrypto has one as well. */
export function randomMark(): string {
  const uuid: unknown = globalThis.crypto?.randomUUID?.();
  return typeof uuid === 'string'
    ? uuid
    : [Math.random(), Math.random()].map((part) => part.toString(36).slice(2)).join('');
}

/** Whether `after` is of the session of `before`: neither another person's, nor of another sign-in. */
export function goesOn<T extends Token>(source: AnySource<T>, before: T, after: T): boolean {
  const { sessionMark: mark } = after;
  if (mark !== undefined && mark !== before.sessionMark) return false; // refreshes keep a mark, only a sign-in makes one
  const known = identityOf(source, before);
  return identityOf(source, after).every((of, index) => of === undefined || of === (known[index] ?? of));
}

/** Whether its session has ended elsewhere. A hook that fails says nothing: this is asked for each request. */
export function hasEnded<T extends Token>(source: AnySource<T>, token: T): boolean {
  try {
    return source.ended?.(token) === true;
  } catch {
    return false;
  }
}

export function isAnonymous<T extends Token>(source: AnySource<T>, token: T): boolean {
  return identityOf(source, token).every((known) => known === undefined);
}

/** Whose token it is, as far as it says so; what is missing on either side says nothing. */
function identityOf<T extends Token>(source: AnySource<T>, token: T): readonly (string | undefined)[] {
  return source.identity ? [ownIdentity(source, token)] : [subjectOf(token.idToken), subjectOf(token.accessToken)];
}

/** A hook that fails says nothing, as one that returns undefined: the token has arrived, and must not be lost for it. */
function ownIdentity<T extends Token>(source: AnySource<T>, token: T): string | undefined {
  try {
    return asString(source.identity?.(token));
  } catch {
    return undefined;
  }
}

/** Issuer and subject of a JWT, both of them: a subject alone is unique only within its issuer (RFC 7519 section 4.1.2). */
function subjectOf(jwt: string | undefined): string | undefined {
  const { iss, sub } = (jwt === undefined ? undefined : jwtClaims(jwt)) ?? {};
  return asString(iss) && asString(sub) ? JSON.stringify([iss, sub]) : undefined;
}
