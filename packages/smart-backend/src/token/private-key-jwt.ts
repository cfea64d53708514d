// `private_key_jwt` (OpenID Connect Core section 9, RFC 7523 section 2.2) for any token endpoint, a new assertion for each attempt.
import { ConfigurationError } from '@axios-authorizer/core';
import { assertNoControls, checkOptions, isSecureUrl, systemClock } from '@axios-authorizer/core/extend';
import type { ClientAuth, Clock } from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import { clientAssertion } from './client-assertion.js';
import { ringOf } from '../keys/key-ring.js';
import type { SigningKeys } from '../keys/key-ring.js';

/** What every assertion of a client is made of (RFC 7523 section 3). */
export interface AssertionSettings {
  /** The client's id at the server; not empty. */
  readonly clientId: string;
  /** What signs: a key pair, a signer, several of them, or a `KeyRing`. */
  readonly keys: SigningKeys;
  /**
   * What the assertion is for, its `aud`. Servers that follow RFC 7523bis want their issuer, gateways the token URL behind them.
   * Default: the token URL, as SMART has it.
   */
  readonly audience?: string | undefined;
  /** The https URL under which the key set was registered; sent in the header. Default: none. */
  readonly jku?: string | undefined;
  /** The life of an assertion in ms, more than 0 and less than 300 000. Default: 240 000. */
  readonly assertionLifetimeMs?: number | undefined;
  /** Adds `iat`; servers without tolerance refuse one that is milliseconds ahead of them. Default: false. */
  readonly issuedAt?: boolean | undefined;
  /** Adds `nbf`, with the same risk. Default: false. */
  readonly notBefore?: boolean | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** The options of {@link privateKeyJwt}. */
export interface PrivateKeyJwtOptions extends AssertionSettings {
  /** The algorithms that the server takes, in its order. Default: whatever the first key is for. */
  readonly algorithms?: readonly string[] | undefined;
  /** How far the server's clock is ahead of ours in ms, asked anew for each assertion. Default: 0. */
  readonly clockOffsetMs?: (() => number) | undefined;
}

export const ASSERTION_OPTIONS: OptionTable<AssertionSettings> = {
  clientId: 'string',
  keys: 'any',
  audience: 'string',
  jku: 'string',
  assertionLifetimeMs: 'any',
  issuedAt: 'any',
  notBefore: 'any',
  clock: 'clock',
};

function jwtTable(): OptionTable<PrivateKeyJwtOptions> {
  return { ...ASSERTION_OPTIONS, algorithms: 'any', clockOffsetMs: 'function' };
}

/** bulk-data-server ends a token with the assertion that bought it, so it should live long; five minutes are the limit. */
const DEFAULT_LIFETIME_MS = 240_000;
const LIFETIME_LIMIT_MS = 300_000;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Authenticates a client by its own key: puts `client_assertion` and `client_assertion_type` into the form.
 * @throws ConfigurationError when an option cannot work, or no key fits `algorithms`
 *
 * @example
 * ```ts
 * const clientAuth = privateKeyJwt({ clientId, keys: await loadKeys('keys') });
 * const authorizer = new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth, scope: 'read' }));
 * ```
 */
export function privateKeyJwt(given: PrivateKeyJwtOptions): ClientAuth {
  const options = checkOptions(given, 'privateKeyJwt', jwtTable());
  assertSettings(options);
  const { clientId, jku, issuedAt, notBefore, clock = systemClock, clockOffsetMs = () => 0 } = options;
  const { algorithms, audience, assertionLifetimeMs: lifetimeMs = DEFAULT_LIFETIME_MS } = options;
  const ring = ringOf(options.keys);
  ring.choose(algorithms);
  return async ({ url, body }) => {
    const nowMs = clock.now() + clockOffsetMs();
    const key = ring.choose(algorithms);
    const settings = { clientId, jku, issuedAt, notBefore, lifetimeMs, nowMs, key };
    body.set('client_assertion_type', ASSERTION_TYPE);
    body.set('client_assertion', await clientAssertion({ ...settings, audience: audience ?? url }));
  };
}

/** @throws ConfigurationError */
export function assertSettings({
  clientId,
  audience,
  jku,
  assertionLifetimeMs: lifetimeMs = DEFAULT_LIFETIME_MS,
}: AssertionSettings): void {
  if (typeof clientId !== 'string' || clientId.trim() === '' || clientId !== clientId.trim())
    throw new ConfigurationError('`clientId` is empty, or has blanks around it; where is it read from?');
  assertNoControls(clientId, 'clientId');
  if (audience !== undefined && (typeof audience !== 'string' || audience === '' || /\s/.test(audience)))
    throw new ConfigurationError('`audience` is empty, or has blanks in it; where is it read from?');
  if (!(lifetimeMs > 0 && lifetimeMs < LIFETIME_LIMIT_MS))
    throw new ConfigurationError(
      'assertionLifetimeMs must be more than 0 and less than 300 000: SMART allows five minutes',
    );
  if (jku !== undefined && !isSecureText(jku))
    throw new ConfigurationError('jku must be the https URL under which the key set was registered');
}

function isSecureText(url: string): boolean {
  try {
    return isSecureUrl(new URL(url));
  } catch {
    return false;
  }
}
