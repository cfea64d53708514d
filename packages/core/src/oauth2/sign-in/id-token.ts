// Whether the id token is for this client and of this sign-in (OpenID Connect Core section 3.1.3.7). It came from the token endpoint
// itself, so TLS stands for its signature, as point 6 there allows; a program that hands the id token on must verify it.
import { jwtClaims } from '../../token/jwt.js';
import { asString } from '../../internal/records.js';
import { beginAgain } from './error.js';
import type { SignInError } from './error.js';

/** What the id token of a sign-in must say. */
export interface ExpectedIdToken {
  /** Whom it is for: its `aud`, and its `azp` where it has one. */
  readonly clientId: string;
  /** Its `nonce`; with it an id token must come. Default: none was asked for, and what comes is not compared. */
  readonly nonce?: string | undefined;
  /** Its `iss`. Default: it is not compared. */
  readonly issuer?: string | undefined;
  /** How long before its issue the person may have signed in, in seconds: its `auth_time`. Default: that is not asked. */
  readonly maxAgeSeconds?: number | undefined;
}

/** The server's clock may be behind ours by that. */
const LEEWAY_S = 300;

/**
 * @param nowMs the time, in ms since the epoch
 * @throws SignInError `id_token_refused`
 */
export function assertIdToken(idToken: string | undefined, expected: ExpectedIdToken, nowMs: number): void {
  if (idToken === undefined && expected.nonce === undefined) return; // nobody asked for one
  if (idToken === undefined) throw refused('did not come, although "openid" was asked for');
  const claims = jwtClaims(idToken);
  if (claims === undefined) throw refused('is no JWT');
  const why = ofAnother(claims, expected) ?? outOfTime(claims, expected, nowMs / 1000);
  if (why !== undefined) throw refused(why);
}

type Claims = Readonly<Record<string, unknown>>;

function ofAnother(claims: Claims, { clientId, nonce, issuer }: ExpectedIdToken): string | undefined {
  const { iss, aud, azp, sub } = claims;
  if (asString(iss) === undefined || asString(sub) === undefined) return 'does not say whose it is (iss, sub)';
  if (issuer !== undefined && iss !== issuer) return `was not issued by ${issuer}`;
  const audience: readonly unknown[] = [aud].flat();
  if (!audience.includes(clientId) || (azp !== undefined && azp !== clientId)) return 'was issued to another client';
  if (audience.length > 1 && azp === undefined) return 'is for several clients, and does not say for which (azp)';
  if (nonce !== undefined && claims['nonce'] !== nonce) return 'has another nonce';
  return undefined;
}

function outOfTime(claims: Claims, { maxAgeSeconds }: ExpectedIdToken, nowS: number): string | undefined {
  const { exp, iat, auth_time: signedInAt } = claims;
  if (typeof exp !== 'number' || typeof iat !== 'number') return 'does not say when it was issued and ends (iat, exp)';
  if (!(exp + LEEWAY_S > nowS)) return 'has expired; check the clock';
  if (maxAgeSeconds === undefined) return undefined;
  const isRecent = typeof signedInAt === 'number' && iat - signedInAt <= maxAgeSeconds;
  return isRecent ? undefined : 'does not say that the person signed in within max_age';
}

function refused(why: string): SignInError {
  return beginAgain('id_token_refused', `The id token ${why}`);
}
