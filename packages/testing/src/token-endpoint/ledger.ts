// What an authorization server remembers: which access tokens are good, which refresh tokens were spent. It is kept
// apart from the sockets so that the rules of RFC 6749, 7009 and 7662 can be read in one place.

import type { Answer } from '../server/answer.js';
import { refusal } from '../server/refusal.js';

/** How the tokens of a {@link TokenLedger} look, and how long they live. */
export interface LedgerOptions {
  /** `expires_in` of each answer, in seconds; null leaves it out, and the token does not expire. Default: 300. */
  readonly expiresIn?: number | string | null;
  /**
   * Whether sign-ins bring a refresh token: none, one that stays, or a new one with each refresh. Default: false, none.
   */
  readonly refreshTokens?: false | 'fixed' | 'rotating';
  /** `token_type` of each answer. Default: "Bearer". */
  readonly tokenType?: string;
  /** Time, in milliseconds since the epoch, by which tokens expire. Default: none, and no token expires. */
  readonly clock?: {
    /** In ms since the epoch. */
    now(): number;
  };
  /** What access tokens are called: "token-1", "token-2", … Default: "token". */
  readonly prefix?: string;
  /** What refresh tokens are called: "refresh-1", … Default: "refresh". */
  readonly refreshPrefix?: string;
}

/** The refresh tokens that descend from one sign-in (RFC 9700, 4.14.2): when a spent one comes again, all of them end. */
interface Family {
  isAlive: boolean;
  /** As it was granted; a refresh may ask for less (RFC 6749, 6). */
  readonly scope?: string | undefined;
  /** The key that each refresh must prove (RFC 9449, 5). */
  readonly boundTo?: string | undefined;
}

/** What is known of a grant beyond its form. */
export interface GrantDetails {
  /** The scope, where a person has granted it before. Default: what the form asks for. */
  readonly scope?: string | undefined;
  /** The thumbprint of the key to which the access token is bound (RFC 9449, 5). Default: none, it is a bearer token. */
  readonly boundTo?: string | undefined;
  /** Whether the client has no secret: then its refresh tokens are bound to that key as well. Default: false. */
  readonly isPublic?: boolean | undefined;
  /** Who has signed in, for a client that asked for it. Default: none. */
  readonly idToken?: string | undefined;
}

interface Entry {
  readonly expiresAt: number;
  readonly clientId: string | undefined;
  readonly scope: string | undefined;
  readonly boundTo: string | undefined;
}

/** What a {@link TokenLedger} grants, by `grant_type`. */
export const GRANT_TYPES: readonly string[] = [
  'client_credentials',
  'password',
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
];

/**
 * The tokens that an authorization server has issued: which are live, which were spent or revoked.
 * @example
 * ```ts
 * const ledger = new TokenLedger({ refreshTokens: 'rotating' });
 * ledger.grant(new URLSearchParams({ grant_type: 'password' }), 'reports'); // token-1 and refresh-1
 * ledger.valid('token-1'); // true
 * ```
 */
export class TokenLedger {
  /** Every access token that was issued, in order. */
  readonly issued: string[] = [];
  /** How often a refresh token came that had been rotated away. */
  reuses = 0;
  readonly #options: LedgerOptions;
  readonly #live = new Map<string, Entry>();
  readonly #families = new Map<string, Family>();
  readonly #spent = new Set<string>();
  readonly #revoked = new Set<string>();
  #accessCount = 0;
  #refreshCount = 0;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** Whether no spent refresh token has come again. */
  get familyAlive(): boolean {
    return [...this.#families.values()].every(({ isAlive }) => isAlive);
  }

  /** Every refresh token that was issued or presented. */
  get refreshTokens(): readonly string[] {
    return [...this.#families.keys()];
  }

  /** The answer of a well-behaved token endpoint (RFC 6749, 5.1 and 5.2). */
  grant(params: URLSearchParams, clientId: string | undefined, details: GrantDetails = {}): Answer {
    const grantType = params.get('grant_type') ?? '';
    if (!GRANT_TYPES.includes(grantType)) {
      return refusal('unsupported_grant_type', 'this grant is not served here');
    }
    const presented = params.get('refresh_token');
    if (grantType === 'refresh_token' && !this.#acceptsRefresh(presented)) {
      return refusal('invalid_grant', 'the refresh token is spent, revoked or missing');
    }
    const { scope = params.get('scope') ?? undefined, boundTo, isPublic = false, idToken } = details;
    const family = this.#familyFor(presented, { isAlive: true, scope, boundTo: isPublic ? boundTo : undefined });
    if (family.boundTo !== undefined && family.boundTo !== boundTo) {
      return refusal('invalid_grant', 'the refresh token is bound to another key');
    }
    const accessToken = `${this.#options.prefix ?? 'token'}-${(this.#accessCount += 1)}`;
    const refreshToken = grantType === 'client_credentials' ? undefined : this.#refreshTokenAfter(presented, family);
    const { expiresIn = 300, tokenType = 'Bearer' } = this.#options;
    const expiry = expiresIn === null ? {} : { expires_in: expiresIn };
    const type = boundTo === undefined ? tokenType : 'DPoP';
    this.note(accessToken, expiresIn, { clientId, scope: scope ?? family.scope, boundTo });
    return {
      headers: { 'cache-control': 'no-store' },
      json: {
        access_token: accessToken,
        token_type: type,
        ...expiry,
        scope,
        refresh_token: refreshToken,
        id_token: idToken,
      },
    };
  }

  /** Counts a token as handed out; a lifetime that is no number is taken for endless. */
  note(
    accessToken: string,
    expiresIn: unknown,
    { clientId, scope, boundTo }: { readonly clientId?: string | undefined } & GrantDetails = {},
  ): void {
    const seconds = Number(expiresIn ?? Number.NaN);
    const expiresAt = Number.isNaN(seconds) ? Number.POSITIVE_INFINITY : this.#now() + seconds * 1000;
    this.issued.push(accessToken);
    this.#live.set(accessToken, { clientId, scope, boundTo, expiresAt });
  }

  /** A token in an answer that was written by hand has been handed out like any other, if the answer arrives. */
  noteAnswer({ status = 200, json, hang, reset, lost }: Answer): void {
    const given = typeof json === 'object' ? { access_token: undefined, expires_in: undefined, ...json } : undefined;
    const arrives = status === 200 && hang !== true && reset !== true && lost !== true;
    if (arrives && typeof given?.access_token === 'string') {
      this.note(given.access_token, given.expires_in);
    }
  }

  /** Whether an access token is live: issued, not revoked, and with `clock` not expired. */
  valid(accessToken: string): boolean {
    const entry = this.#live.get(accessToken);
    return entry !== undefined && (this.#options.clock === undefined || entry.expiresAt > this.#now());
  }

  /** The thumbprint of the key to which an access token is bound; undefined for a bearer token, and an unknown one. */
  boundTo(accessToken: string): string | undefined {
    return this.#live.get(accessToken)?.boundTo;
  }

  /** RFC 7662, 2.2; of a bound token with `cnf` (RFC 9449, 6.2). */
  introspect(token: string): Readonly<Record<string, unknown>> {
    const entry = this.#live.get(token);
    if (entry === undefined || !this.valid(token)) {
      return { active: this.#families.has(token) && this.#acceptable(token) };
    }
    const exp = Number.isFinite(entry.expiresAt) ? Math.floor(entry.expiresAt / 1000) : undefined;
    const { scope, clientId, boundTo } = entry;
    const binding = boundTo === undefined ? {} : { token_type: 'DPoP', cnf: { jkt: boundTo } };
    return { active: true, scope, client_id: clientId, exp, ...binding };
  }

  /** RFC 7009, 2.1: either kind of token; an unknown one is no error. */
  revoke(token: string): void {
    this.#live.delete(token);
    this.#revoked.add(token);
  }

  /** Revokes every access token; refresh tokens stay good. */
  revokeAll(): void {
    this.#live.clear();
  }

  #acceptsRefresh(presented: string | null): boolean {
    if (presented === null || presented === '') {
      return false;
    }
    if (this.#spent.has(presented)) {
      this.reuses += 1;
      this.#familyOf(presented).isAlive = false;
    }
    return this.#acceptable(presented);
  }

  #acceptable(refreshToken: string): boolean {
    return this.#familyOf(refreshToken).isAlive && !this.#spent.has(refreshToken) && !this.#revoked.has(refreshToken);
  }

  /** A refresh token that was never issued here counts as issued, in a sign-in of its own. */
  #familyOf(refreshToken: string, otherwise: Family = { isAlive: true }): Family {
    const family = this.#families.get(refreshToken) ?? otherwise;
    this.#families.set(refreshToken, family);
    return family;
  }

  #familyFor(presented: string | null, otherwise: Family): Family {
    return presented === null ? otherwise : this.#familyOf(presented, otherwise);
  }

  /** The refresh token that goes with the answer, if any. */
  #refreshTokenAfter(presented: string | null, family: Family): string | undefined {
    const { refreshTokens = false } = this.#options;
    if (refreshTokens === 'fixed') {
      return presented ?? this.#newRefreshToken(family);
    }
    if (refreshTokens === 'rotating' && presented !== null) {
      this.#spent.add(presented);
    }
    return refreshTokens === 'rotating' ? this.#newRefreshToken(family) : undefined;
  }

  /** Skips the names that a client brought along, else its own token would look spent. */
  #newRefreshToken(family: Family): string {
    const name = `${this.#options.refreshPrefix ?? 'refresh'}-${(this.#refreshCount += 1)}`;
    if (this.#families.has(name)) {
      return this.#newRefreshToken(family);
    }
    this.#families.set(name, family);
    return name;
  }

  #now(): number {
    return this.#options.clock?.now() ?? Date.now();
  }
}
