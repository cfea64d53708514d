// A token that was exchanged from those of Authorizers stands on their sessions, in this process and, where a store keeps it, in the next.
import { Recent } from '../../internal/recent.js';
import { asString, recordOf } from '../../internal/records.js';
import { jwtClaims } from '../../token/jwt.js';
import { SIGN_IN } from '../../token/source.js';
import type { SignIn } from '../../token/source.js';
import type { Token } from '../../token/token.js';

/** A token, and the sessions that it stands on by a name that outlives the process; stores keep it with the token. */
export interface ChainedToken extends Token {
  readonly subjectSession?: string;
}

/** So many tokens are told apart: of as many Authorizers that share one source. */
const MOST = 100;

/** The session of an Authorizer that was asked for a token. */
export interface Standing {
  /** Another object after each sign-in; undefined while nobody is signed in. */
  readonly session: unknown;
  /** A token of it, which may say its name. */
  readonly token: unknown;
}

/**
 * That of `party`; undefined for what is no Authorizer.
 * @param token what it gave; default: what it holds
 */
export function standingOf(party: unknown, token: unknown = recordOf(party)['token']): Standing | undefined {
  const signIn = signInOf(party);
  return signIn && { session: signIn.openSession, token };
}

function signInOf(party: unknown): SignIn | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the symbol is ours
  return Reflect.get(Object(party), SIGN_IN) as SignIn | undefined;
}

export class ChainedSession {
  readonly #parties: readonly unknown[];
  /** Of each token, by its value, the sessions beside which it was made, or seen first. */
  readonly #standing = new Recent<readonly unknown[]>(MOST, Infinity);

  constructor(parties: readonly unknown[]) {
    this.#parties = parties;
  }

  /** `token`, which was made where the parties stood so. */
  chained(token: Token, stood: readonly Standing[]): ChainedToken {
    this.#standing.set(token.accessToken, sessionsOf(stood), 0);
    return stood.length === 0 ? token : { ...token, subjectSession: joinedName(stood) };
  }

  /** Whether no party begins a sign-in when it is asked: it is a text, or somebody is signed in there. */
  async signedIn(signal: AbortSignal | undefined): Promise<boolean> {
    for (const party of this.#parties)
      if (typeof party !== 'string' && !(await signInOf(party)?.signedIn(signal))) return false;
    return true;
  }

  /**
   * Whether a session of `token` is over. One that a store had counts only beside the sessions that it was made in: not where nobody is
   * known to be signed in here, nor where nothing tells those sessions from others. One that the program has brought stands on the
   * sessions that are seen first beside it.
   */
  isOver({ accessToken, subjectSession: name }: ChainedToken): boolean {
    const standing = this.#parties.flatMap((party) => standingOf(party) ?? []);
    const sessions = sessionsOf(standing);
    const known = this.#standing.get(accessToken);
    if (known) return known.some((session, index) => session !== sessions[index]);
    if (sessions.includes(undefined)) return name !== undefined;
    if (name !== undefined && (name === '' || name !== joinedName(standing))) return true;
    this.#standing.set(accessToken, sessions, 0);
    return false;
  }
}

function sessionsOf(standing: readonly Standing[]): readonly unknown[] {
  return standing.map(({ session }) => session);
}

/** Of all sessions together; empty where one has none. */
function joinedName(standing: readonly Standing[]): string {
  const names = standing.map(({ token }) => nameOf(recordOf(token)));
  return names.includes('') ? '' : names.join('\n');
}

/** The same after each refresh, and another after each sign-in of somebody else; empty for a machine that says nothing of itself. */
function nameOf({ sessionMark, accessToken, idToken, subjectSession }: Partial<ChainedToken>): string {
  return sessionMark ?? subjectOf(accessToken) ?? subjectOf(idToken) ?? subjectSession ?? '';
}

function subjectOf(jwt: string | undefined): string | undefined {
  const { iss, sub } = jwtClaims(jwt ?? '') ?? {};
  return asString(iss) && asString(sub) ? JSON.stringify([iss, sub]) : undefined;
}
