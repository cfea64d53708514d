// Refresh tokens with and without rotation. With it, a token that comes again after its grace period was stolen or lost:
// the whole family falls, and a client that refreshes twice at once gets to feel it.

import { randomBytes, randomUUID } from 'node:crypto';
import { CognitoFault, demandAuthorized } from '../fault.js';
import type { TokenOrigin } from './tokens.js';

interface Entry {
  readonly origin: TokenOrigin;
  readonly expiresAt: number;
  spentAt: number | undefined;
}

interface BookOptions {
  readonly now: () => number;
  readonly rotation: false | { readonly graceSeconds: number };
}

const lifeMs = 30 * 86_400_000;

export class RefreshTokens {
  readonly #options: BookOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: BookOptions) {
    this.#options = options;
  }

  /** A new sign-in with its first refresh token. */
  found(about: Omit<TokenOrigin, 'jti' | 'revoked' | 'authTime'>): { origin: TokenOrigin; refreshToken: string } {
    const now = this.#options.now();
    const origin = { ...about, jti: randomUUID(), revoked: false, authTime: Math.floor(now / 1000) };
    return { origin, refreshToken: this.#add(origin, now + lifeMs) };
  }

  /** Whose token it is, if anybody's, in whatever state. */
  originOf(token: string): TokenOrigin | undefined {
    return this.#entries.get(token)?.origin;
  }

  /** @throws CognitoFault for what is not, no longer, or twice there */
  check(token: string): TokenOrigin {
    const entry = this.#entries.get(token);
    demandAuthorized(entry !== undefined, 'Invalid Refresh Token');
    demandAuthorized(!entry.origin.revoked, 'Refresh Token has been revoked');
    demandAuthorized(entry.expiresAt > this.#options.now(), 'Refresh Token has expired');
    if (this.#isReused(entry)) {
      entry.origin.revoked = true;
      throw new CognitoFault('RefreshTokenReuseException', 'Refresh token has been reused.');
    }
    return entry.origin;
  }

  /** With rotation the token that takes the place of a checked one; it does not live longer than the first. */
  successor(token: string): string | undefined {
    const entry = this.#entries.get(token);
    if (this.#options.rotation === false || entry === undefined) {
      return undefined;
    }
    entry.spentAt ??= this.#options.now();
    return this.#add(entry.origin, entry.expiresAt);
  }

  /** Ends the sign-ins for which `concerns` holds, with every token that descends from them. */
  revoke(concerns: (origin: TokenOrigin) => boolean): void {
    for (const { origin } of this.#entries.values()) {
      origin.revoked ||= concerns(origin);
    }
  }

  #isReused({ spentAt }: Entry): boolean {
    const { rotation, now } = this.#options;
    return spentAt !== undefined && rotation !== false && now() >= spentAt + rotation.graceSeconds * 1000;
  }

  #add(origin: TokenOrigin, expiresAt: number): string {
    const token = randomBytes(96).toString('base64url');
    this.#entries.set(token, { origin, expiresAt, spentAt: undefined });
    return token;
  }
}
