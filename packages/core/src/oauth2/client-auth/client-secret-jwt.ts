// `client_secret_jwt` (OpenID Connect Core section 9): the secret signs and is not sent.
import { systemClock } from '../../internal/clock.js';
import type { Clock } from '../../internal/clock.js';
import { readSecret } from '../../token/credential-text.js';
import type { Secret } from '../../token/credential-text.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import { checkOptions } from '../../token/options-check.js';
import { addAssertion, assertAssertionOptions, commonAlgorithm, subtle } from './assertion.js';
import type { AssertionOptions } from './assertion.js';
import { describedAuth } from './client-auth.js';
import type { ClientAuth } from './client-auth.js';
import { ServerClocks } from './clock-offset.js';

/** The options of {@link clientSecretJwt}. */
export interface ClientSecretJwtOptions extends AssertionOptions {
  /**
   * The secret, or a function that reads it at each attempt. At least as long as the hash: 32 bytes in UTF-8 for HS256, 48 for
   * HS384, 64 for HS512 (RFC 7518 section 3.2).
   */
  readonly clientSecret: Secret;
  /** Default: the first that the secret is long enough for and the server takes. */
  readonly alg?: 'HS256' | 'HS384' | 'HS512' | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const WHERE = 'clientSecretJwt';
const SHORTEST = { HS256: 32, HS384: 48, HS512: 64 } as const;
const ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const;

/**
 * `client_secret_jwt` (OpenID Connect Core section 9, RFC 7523 section 2.2): a JWT that the secret signs, a new one for each
 * attempt. The secret itself does not leave the machine.
 * @throws ConfigurationError when an option cannot work, the secret is too short, or the server takes no such algorithm
 *
 * @example
 * ```ts
 * const clientAuth = clientSecretJwt({ clientId, clientSecret });
 * const source = clientCredentialsSource({ issuer: 'https://id.example.org', clientAuth });
 * ```
 */
export function clientSecretJwt(given: ClientSecretJwtOptions): ClientAuth {
  const table = { clientId: 'string', clientSecret: 'any', audience: 'string', assertionLifetimeMs: 'any' } as const;
  const options = checkOptions(given, WHERE, { ...table, alg: ALGORITHMS, clock: 'clock' });
  assertAssertionOptions(options, WHERE);
  const { clientSecret, alg, clock = systemClock } = options;
  if (typeof clientSecret !== 'function') fittingAlgorithms(clientSecret, alg);
  const clocks = new ServerClocks();
  const authenticate: ClientAuth = async ({ url, body, server }) => {
    const secret = await readSecret(clientSecret, 'clientSecret');
    const chosen = commonAlgorithm(fittingAlgorithms(secret, alg), server);
    const sign = (input: Uint8Array<ArrayBuffer>): Promise<Uint8Array> => hmac(secret, chosen, input);
    const header = { alg: chosen, typ: 'JWT' };
    await addAssertion(body, { options, header, url, server, nowMs: clocks.now(url, clock.now()), sign });
  };
  const exchange = clocks.exchange.bind(clocks);
  return describedAuth(authenticate, { methods: ['client_secret_jwt'], exchange });
}

/** @throws ConfigurationError when the secret is too short */
function fittingAlgorithms(secret: unknown, alg: keyof typeof SHORTEST | undefined): readonly string[] {
  const { length } = new TextEncoder().encode(typeof secret === 'string' ? secret : '');
  const wanted = alg === undefined ? ALGORITHMS : [alg];
  const fitting = wanted.filter((name) => length >= SHORTEST[name]);
  if (fitting.length > 0) return fitting;
  const [name = 'HS256'] = wanted;
  throw new ConfigurationError(
    `\`clientSecret\` has ${length} bytes, and ${name} needs ${SHORTEST[name]} (RFC 7518 section 3.2): have the server make a longer one`,
  );
}

async function hmac(secret: string, alg: string, input: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: `SHA-${alg.slice(2)}` };
  const key = await subtle().importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['sign']);
  return new Uint8Array(await subtle().sign(algorithm, key, input));
}
