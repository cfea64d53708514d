// What an authorization server remembers: which access tokens are good, which refresh tokens were spent. It is kept
// apart from the sockets so that the rules of RFC 6749, 7009 and 7662 can be read in one place.

import type { Answer } from '../api/answer.js';

export interface LedgerOptions {
  readonly expiresIn?: number | string | null;
  readonly refreshTokens?: false | 'fixed' | 'rotating';
  readonly tokenType?: string;
  readonly clock?: { now(): number };
  readonly prefix?: string;
}

interface Entry {
  readonly expiresAt: number;
  readonly clientId: string | undefined;
  readonly scope: string | undefined;
}

const grants: readonly (string | null)[] = ['client_credentials', 'password', 'refresh_token'];

export class TokenLedger {
  readonly issued: string[] = [];
  reuses = 0;
  familyAlive = true;
  readonly #options: LedgerOptions;
  readonly #live = new Map<string, Entry>();
  readonly #seen = new Set<string>();
  readonly #spent = new Set<string>();
  readonly #revoked = new Set<string>();
  #accessCount = 0;
  #refreshCount = 0;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** The answer of a well-behaved token endpoint (RFC 6749, 5.1 and 5.2). */
  grant(params: URLSearchParams, clientId: string | undefined): Answer {
    const grantType = params.get('grant_type');
    if (!grants.includes(grantType)) {
      return refusal('unsupported_grant_type', 'this grant is not served here');
    }
    const presented = params.get('refresh_token');
    if (grantType === 'refresh_token' && !this.#acceptsRefresh(presented)) {
      return refusal('invalid_grant', 'the refresh token is spent, revoked or missing');
    }
    const accessToken = `${this.#options.prefix ?? 'token'}-${(this.#accessCount += 1)}`;
    const scope = params.get('scope') ?? undefined;
    const refreshToken = grantType === 'client_credentials' ? undefined : this.#refreshTokenAfter(presented);
    const { expiresIn = 300, tokenType = 'Bearer' } = this.#options;
    const expiry = expiresIn === null ? {} : { expires_in: expiresIn };
    this.note(accessToken, expiresIn, { clientId, scope });
    return {
      headers: { 'cache-control': 'no-store' },
      json: { access_token: accessToken, token_type: tokenType, ...expiry, scope, refresh_token: refreshToken },
    };
  }

  /** Counts a token as handed out; a lifetime that is no number is taken for endless. */
  note(accessToken: string, expiresIn: unknown, about: Partial<Entry> = {}): void {
    const seconds = Number(expiresIn ?? Number.NaN);
    const expiresAt = Number.isNaN(seconds) ? Number.POSITIVE_INFINITY : this.#now() + seconds * 1000;
    this.issued.push(accessToken);
    this.#live.set(accessToken, { clientId: about.clientId, scope: about.scope, expiresAt });
  }

  /** A token in an answer that was written by hand has been handed out like any other, if the answer arrives. */
  noteAnswer({ status = 200, json, hang, reset, lost }: Answer): void {
    const given = typeof json === 'object' ? { access_token: undefined, expires_in: undefined, ...json } : undefined;
    const arrives = status === 200 && hang !== true && reset !== true && lost !== true;
    if (arrives && typeof given?.access_token === 'string') {
      this.note(given.access_token, given.expires_in);
    }
  }

  valid(accessToken: string): boolean {
    const entry = this.#live.get(accessToken);
    return entry !== undefined && (this.#options.clock === undefined || entry.expiresAt > this.#now());
  }

  /** RFC 7662, 2.2. */
  introspect(token: string): Readonly<Record<string, unknown>> {
    const entry = this.#live.get(token);
    if (entry === undefined || !this.valid(token)) {
      return { active: this.#seen.has(token) && this.#acceptable(token) };
    }
    const exp = Number.isFinite(entry.expiresAt) ? Math.floor(entry.expiresAt / 1000) : undefined;
    return { active: true, scope: entry.scope, client_id: entry.clientId, exp };
  }

  /** RFC 7009, 2.1: either kind of token; an unknown one is no error. */
  revoke(token: string): void {
    this.#live.delete(token);
    this.#revoked.add(token);
  }

  revokeAll(): void {
    this.#live.clear();
  }

  #acceptsRefresh(presented: string | null): boolean {
    if (presented === null || presented === '') {
      return false;
    }
    if (this.#spent.has(presented)) {
      this.reuses += 1;
      this.familyAlive = false;
    }
    return this.#acceptable(presented);
  }

  #acceptable(refreshToken: string): boolean {
    return this.familyAlive && !this.#spent.has(refreshToken) && !this.#revoked.has(refreshToken);
  }

  /** The refresh token that goes with the answer, if any. A presented one that was never issued here counts as issued. */
  #refreshTokenAfter(presented: string | null): string | undefined {
    if (presented !== null) {
      this.#seen.add(presented);
    }
    const { refreshTokens = false } = this.#options;
    if (refreshTokens === 'fixed') {
      return presented ?? this.#newRefreshToken();
    }
    if (refreshTokens === 'rotating' && presented !== null) {
      this.#spent.add(presented);
    }
    return refreshTokens === 'rotating' ? this.#newRefreshToken() : undefined;
  }

  /** Skips the names that a client brought along, else its own token would look spent. */
  #newRefreshToken(): string {
    const name = `refresh-${(this.#refreshCount += 1)}`;
    if (this.#seen.has(name)) {
      return this.#newRefreshToken();
    }
    this.#seen.add(name);
    return name;
  }

  #now(): number {
    return this.#options.clock?.now() ?? Date.now();
  }
}

function refusal(error: string, description: string): Answer {
  return { status: 400, headers: { 'cache-control': 'no-store' }, json: { error, error_description: description } };
}
