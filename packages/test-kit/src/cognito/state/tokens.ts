// All tokens of one sign-in share an origin, and fall with it. Access and id tokens are JWTs that anybody may check; what
// only the pool knows is which of them were revoked.

import { randomUUID } from 'node:crypto';
import type { Claims, PoolKeys, TokenUse } from './keys.js';
import type { PoolUser } from './user.js';

/** One sign-in, from which every token of its refreshes descends. */
export interface TokenOrigin {
  /** `origin_jti`. */
  readonly jti: string;
  readonly user: PoolUser;
  readonly clientId: string;
  readonly deviceKey: string | undefined;
  /** Seconds since the epoch. */
  readonly authTime: number;
  revoked: boolean;
  /** What was asked for at the hosted UI. */
  readonly scope?: string;
  /** Of the hosted UI, for the id token. */
  readonly nonce?: string;
}

export interface PairOfTokens {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly ExpiresIn: number;
  readonly TokenType: 'Bearer';
}

interface MintOptions {
  readonly keys: PoolKeys;
  readonly issuer: string;
  readonly now: () => number;
  readonly lifeSeconds: number;
}

export class TokenMint {
  readonly #options: MintOptions;
  readonly #live = new Map<string, TokenOrigin>();

  constructor(options: MintOptions) {
    this.#options = options;
  }

  issue(origin: TokenOrigin): PairOfTokens {
    const { user, clientId, deviceKey, scope = 'aws.cognito.signin.user.admin', nonce } = origin;
    const about = {
      access: {
        client_id: clientId,
        username: user.name,
        scope,
        ...(deviceKey !== undefined && { device_key: deviceKey }),
      },
      id: { aud: clientId, 'cognito:username': user.name, ...(nonce !== undefined && { nonce }), ...userClaims(user) },
    };
    return {
      AccessToken: this.#sign('access', about.access, origin),
      IdToken: this.#sign('id', about.id, origin),
      ExpiresIn: this.#options.lifeSeconds,
      TokenType: 'Bearer',
    };
  }

  /** The sign-in a good token stems from, else what is wrong with the token. */
  inspect(use: TokenUse, token: string): TokenOrigin | 'invalid' | 'expired' | 'revoked' {
    const { keys, issuer, now } = this.#options;
    const { jti, iss, exp } = keys.read(use, token) ?? {};
    if (iss !== issuer || typeof exp !== 'number' || typeof jti !== 'string') {
      return 'invalid';
    }
    if (exp * 1000 <= now()) {
      return 'expired';
    }
    const origin = this.#live.get(jti);
    return origin === undefined || origin.revoked ? 'revoked' : origin;
  }

  valid(use: TokenUse, token: string): boolean {
    return typeof this.inspect(use, token) === 'object';
  }

  revokeAll(): void {
    this.#live.clear();
  }

  #sign(use: TokenUse, about: Claims, origin: TokenOrigin): string {
    const { keys, issuer, now, lifeSeconds } = this.#options;
    const jti = randomUUID();
    const iat = Math.floor(now() / 1000);
    this.#live.set(jti, origin);
    return keys.sign(use, {
      sub: origin.user.sub,
      iss: issuer,
      token_use: use,
      origin_jti: origin.jti,
      auth_time: origin.authTime,
      iat,
      exp: iat + lifeSeconds,
      jti,
      ...about,
    });
  }
}

function userClaims({ attributes }: PoolUser): Claims {
  return { ...Object.fromEntries(attributes), ...(attributes.has('email') && { email_verified: true }) };
}
