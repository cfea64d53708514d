// Who has signed in, for clients that ask for the scope openid (OpenID Connect Core sections 2 and 3.1.3.6).
import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyPairKeyObjectResult } from 'node:crypto';

/** For whom id tokens are, and when they are made. */
export interface IdTokenOptions {
  readonly clientId: string;
  readonly clock: { now(): number };
  /** Where the server is. */
  readonly issuer: () => string;
}

/** The only person there is. */
const SUBJECT = 'ada';
const KID = 'test-key';
const LIFETIME_S = 3600;

export class IdTokens {
  /** Every id token that was issued. */
  readonly issued: string[] = [];
  readonly #options: IdTokenOptions;
  #keyPair: KeyPairKeyObjectResult | undefined;

  constructor(options: IdTokenOptions) {
    this.#options = options;
  }

  /** The public half of the key, for who checks the signature. */
  get jwks(): object {
    return { keys: [{ ...this.#keys.publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' }] };
  }

  /** An id token by RS256, which every client knows; undefined where `scope` asks for none. */
  for(scope: string | undefined, nonce?: string): string | undefined {
    if (!(scope ?? '').split(' ').includes('openid')) return undefined;
    const { clientId, clock, issuer } = this.#options;
    const now = Math.floor(clock.now() / 1000);
    const times = { iat: now, auth_time: now, exp: now + LIFETIME_S };
    const claims = { iss: issuer(), sub: SUBJECT, aud: clientId, ...times, nonce };
    const parts = [{ typ: 'JWT', alg: 'RS256', kid: KID }, claims];
    const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const token = `${text}.${sign('sha256', Buffer.from(text), this.#keys.privateKey).toString('base64url')}`;
    this.issued.push(token);
    return token;
  }

  /** Made when somebody needs it: most tests do not. */
  get #keys(): KeyPairKeyObjectResult {
    return (this.#keyPair ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));
  }
}
