// A token that was exchanged from an Authorizer's stands on that one's session, in this process and, where a store keeps it, in the next.
import { Recent } from '../../internal/recent.js';
import { asString, recordOf } from '../../internal/records.js';
import { jwtClaims } from '../../token/jwt.js';
import { SESSION } from '../../token/source.js';
import type { Token } from '../../token/token.js';

/** A token, and the session that it stands on by a name that outlives the process; stores keep it with the token. */
export interface ChainedToken extends Token {
  readonly subjectSession?: string;
}

/** So many tokens are told apart: of as many Authorizers that share one source. */
const MOST = 100;

/** The session of an Authorizer, which is another object after each sign-in; undefined while nobody is signed in. */
export function sessionOf(party: unknown): unknown {
  return Reflect.get(Object(party), SESSION);
}

export class ChainedSession {
  readonly #subject: object;
  /** Of each token, by its value, the session beside which it was made, or seen first. */
  readonly #standing = new Recent<unknown>(MOST, Infinity);

  constructor(subject: object) {
    this.#subject = subject;
  }

  /** `token`, which was made from `of` in `session`. */
  chained(token: Token, session: unknown, of: Token | undefined): ChainedToken {
    this.#standing.set(token.accessToken, session, 0);
    return of ? { ...token, subjectSession: nameOf(of) } : token;
  }

  /**
   * Whether the session of `token` is over. One that a store had counts only beside the session that it was made in, which may be over
   * where nobody is known to be signed in here; one that the program has brought stands on the session that is seen first beside it.
   */
  isOver({ accessToken, subjectSession }: ChainedToken): boolean {
    const session = sessionOf(this.#subject);
    const known = this.#standing.get(accessToken);
    if (known !== undefined) return known !== session;
    if (!(SESSION in this.#subject)) return false;
    if (session === undefined) return Boolean(subjectSession);
    if (subjectSession !== undefined && subjectSession !== nameOf(recordOf(recordOf(this.#subject)['token'])))
      return true;
    this.#standing.set(accessToken, session, 0);
    return false;
  }
}

/** The same after each refresh, and another after each sign-in of somebody else; empty for a machine that says nothing of itself. */
function nameOf(token: Partial<ChainedToken>): string {
  const { sessionMark, accessToken, idToken, subjectSession, refreshToken } = token;
  const known = sessionMark ?? subjectOf(accessToken) ?? subjectOf(idToken) ?? subjectSession;
  return known || (asString(refreshToken) === undefined ? '' : 'renewed');
}

function subjectOf(jwt: string | undefined): string | undefined {
  const { iss, sub } = jwtClaims(jwt ?? '') ?? {};
  return asString(iss) && asString(sub) ? JSON.stringify([iss, sub]) : undefined;
}
