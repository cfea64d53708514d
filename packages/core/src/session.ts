// Which sign-in a token belongs to. A request is sent again only with a token of the session in which it began (C17).
import { jwtClaims } from './jwt.js';
import { textOf } from './members.js';
import type { AnySource } from './token-source.js';
import type { Token } from './token.js';

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

/** The session that stands, and those of the tokens that were given out, for as long as somebody has them. */
export class Sessions<T extends Token> {
  readonly #source: AnySource<T>;
  readonly #ofTokens = new WeakMap<Token, Session>();
  #current: Session | undefined;

  constructor(source: AnySource<T>) {
    this.#source = source;
  }

  get current(): Session | undefined {
    return this.#current;
  }

  of(token: Token): Session | undefined {
    return this.#ofTokens.get(token);
  }

  /** `after` takes the place of `before`: in its session, or in one that begins. */
  take(after: T, before: Before<T> | undefined): void {
    if (!before || this.#current === undefined || !continues(this.#source, before, after))
      this.#current = { id: randomMark() };
    this.#ofTokens.set(after, this.#current);
  }

  end(): void {
    this.#current = undefined;
  }
}

interface Before<T> {
  readonly token: T;
  /** Whether the store held it: a mark that only a token from there has was made by a later sign-in. */
  readonly kept: boolean;
}

export function isAnonymous<T extends Token>(source: AnySource<T>, token: T): boolean {
  return identityOf(source, token).every((known) => known === undefined);
}

/** Whether `after` continues the session of `before`: neither another person's, nor of another sign-in. */
function continues<T extends Token>(source: AnySource<T>, { token: before, kept }: Before<T>, after: T): boolean {
  const { sessionMark: earlier } = before;
  const { sessionMark: later } = after;
  if (later !== undefined && later !== earlier && (earlier !== undefined || kept)) return false;
  const known = identityOf(source, before);
  return identityOf(source, after).every((of, index) => of === undefined || of === (known[index] ?? of));
}

/** Whose token it is, as far as it says so; what is missing on either side says nothing. */
function identityOf<T extends Token>(source: AnySource<T>, token: T): readonly (string | undefined)[] {
  return source.identity ? [source.identity(token)] : [subjectOf(token.idToken), subjectOf(token.accessToken)];
}

/** Issuer and subject of a JWT, both of them: a subject alone is unique only within its issuer (RFC 7519 section 4.1.2). */
function subjectOf(jwt: string | undefined): string | undefined {
  const { iss, sub } = (jwt === undefined ? undefined : jwtClaims(jwt)) ?? {};
  return textOf(iss) && textOf(sub) ? JSON.stringify([iss, sub]) : undefined;
}
