// A sign-in that has begun and waits for its browser to come back. It is kept by the program, as JSON, and comes back unchecked.
import { recordOf } from '../../internal/records.js';
import { ConfigurationError } from '../../token/errors/errors.js';

/**
 * What a callback is compared with. Plain JSON and a secret: keep it where only this browser's requests lead, and let it go once
 * the callback came.
 */
export interface PendingSignIn {
  /** What the callback must say back, so that it belongs to this sign-in (RFC 6749 section 10.12). */
  readonly state: string;
  /** What the id token must hold (OpenID Connect Core section 3.1.2.1); absent where none was asked for. */
  readonly nonce?: string;
  /** The PKCE verifier, 43 characters; sent with the code, and nowhere else before (RFC 7636 section 4.1). */
  readonly codeVerifier: string;
  /** Where the browser comes back to. */
  readonly redirectUri: string;
  /** The client that it was begun with. */
  readonly clientId: string;
  /** When it was begun, in ms since the epoch. */
  readonly startedAt: number;
  /** The server that the browser was sent to, where that was known. */
  readonly issuer?: string;
  /** Whether the callback must say `iss` (RFC 9207). Default: false. */
  readonly issParameterSupported?: boolean;
  /** How long ago the person may have signed in, in seconds; absent where it was not asked for. */
  readonly maxAgeSeconds?: number;
}

const TEXTS = ['state', 'codeVerifier', 'redirectUri', 'clientId'] as const;
const OPTIONAL = {
  nonce: 'string',
  issuer: 'string',
  issParameterSupported: 'boolean',
  maxAgeSeconds: 'number',
} as const;

/** @throws ConfigurationError for what `authorizationRequest` has not returned */
export function assertPending(given: unknown): asserts given is PendingSignIn {
  const members = recordOf(given);
  const isWhole =
    TEXTS.every((name) => typeof members[name] === 'string' && members[name] !== '') &&
    Number.isFinite(members['startedAt']) &&
    Object.entries(OPTIONAL).every(([name, type]) => members[name] === undefined || typeof members[name] === type);
  if (!isWhole)
    throw new ConfigurationError(
      '`pending` must be the object that authorizationRequest returned, parsed if it was kept as JSON',
    );
}
