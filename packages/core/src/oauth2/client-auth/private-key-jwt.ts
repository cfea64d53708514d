// `private_key_jwt` (OpenID Connect Core section 9): the client proves who it is by a key of its own, wherever WebCrypto is.
import { base64Url } from '../../internal/base64.js';
import { systemClock } from '../../internal/clock.js';
import type { Clock } from '../../internal/clock.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import { checkOptions } from '../../token/options-check.js';
import { addAssertion, assertAssertionOptions, commonAlgorithm, subtle } from './assertion.js';
import type { AssertionOptions } from './assertion.js';
import { describedAuth } from './client-auth.js';
import type { ClientAuth } from './client-auth.js';
import { ServerClocks } from './clock-offset.js';
import { keyOfCertificate, verifiedBy } from './key-pair.js';
import { certificateBytes } from './pem.js';
import { signingKey } from './private-key.js';
import type { PrivateKey, SigningKey } from './private-key.js';
import { askSigner } from './signature.js';

/** What `private_key_jwt` may be signed with (RFC 7518 section 3.1, RFC 8037, RFC 9864). */
export type AssertionAlgorithm =
  'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA' | 'Ed25519';

/** The options of {@link privateKeyJwt}. */
export interface PrivateKeyJwtOptions extends AssertionOptions {
  /**
   * The private key: a JWK, PEM, a CryptoKey, a KeyObject of Node, or a function that signs (then `alg` must be said). RSA keys
   * have at least 2048 bits. An encrypted PEM is decrypted by `createPrivateKey` of node:crypto first.
   */
  readonly key: PrivateKey;
  /** Default: that of the JWK; else the first that the key is good for and the server takes, such as RS256 or ES256. */
  readonly alg?: AssertionAlgorithm | undefined;
  /** The key's id at the server. Default: that of the JWK; else none is sent. */
  readonly kid?: string | undefined;
  /** The certificate of the key as PEM, whose thumbprint goes along as `x5t#S256`, as Entra ID wants it. Default: not sent. */
  readonly certificate?: string | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const WHERE = 'privateKeyJwt';
const ALGORITHMS: readonly AssertionAlgorithm[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/**
 * `private_key_jwt` (OpenID Connect Core section 9, RFC 7523 section 2.2): a JWT that the client's own key signs, a new one for
 * each attempt, good for four minutes. When the server rejects it and its clock is more than 30 s from ours, it is sent once
 * more, dated by the server's.
 * @throws ConfigurationError when an option cannot work, the key is too weak, the server takes none of its algorithms, or, before
 *   the first assertion is sent, when the halves of a JWK or the key and `certificate` do not belong together
 *
 * @example
 * ```ts
 * const clientAuth = privateKeyJwt({ clientId, key: process.env['CLIENT_KEY'] ?? '', kid: '2026-11' });
 * const source = clientCredentialsSource({ issuer: 'https://id.example.org', clientAuth });
 * ```
 */
export function privateKeyJwt(given: PrivateKeyJwtOptions): ClientAuth {
  const table = {
    clientId: 'string',
    key: 'any',
    audience: 'string',
    assertionLifetimeMs: 'any',
    kid: 'string',
  } as const;
  const options = checkOptions(given, WHERE, { ...table, alg: ALGORITHMS, certificate: 'string', clock: 'clock' });
  assertAssertionOptions(options, WHERE);
  const { certificate } = options;
  const bytes = certificate === undefined ? undefined : certificateBytes(certificate, '`certificate`');
  const key = bytes === undefined ? keyOf(options) : certified(keyOf(options), bytes);
  const { kid = key.kid, clock = systemClock } = options;
  const clocks = new ServerClocks();
  const authenticate: ClientAuth = async ({ url, body, server }) => {
    const alg = commonAlgorithm(key.algorithms, server);
    const x5t = bytes && { 'x5t#S256': base64Url(await subtle().digest('SHA-256', bytes)) };
    const header = { alg, typ: 'JWT', ...(kid && { kid }), ...x5t };
    const sign = (input: Uint8Array<ArrayBuffer>): Promise<Uint8Array> => key.sign(alg, input);
    await addAssertion(body, { options, header, url, server, nowMs: clocks.now(url, clock.now()), sign });
  };
  const exchange = clocks.exchange.bind(clocks);
  return describedAuth(authenticate, { methods: ['private_key_jwt'], exchange });
}

/** The key, seen to be that of the certificate. */
function certified(key: SigningKey, certificate: Uint8Array<ArrayBuffer>): SigningKey {
  const mismatch = `\`certificate\` of ${WHERE} is of another key than \`key\`: renew both together`;
  const half = { format: 'spki', data: keyOfCertificate(certificate), mismatch } as const;
  return { ...key, sign: verifiedBy(half, key.sign) };
}

/** @throws ConfigurationError */
function keyOf({ key, alg }: PrivateKeyJwtOptions): SigningKey {
  if (typeof key === 'function') {
    if (alg === undefined)
      throw new ConfigurationError(`${WHERE} needs \`alg\` where \`key\` is a function that signs`);
    return { algorithms: [alg], sign: (name, input) => askSigner(key, name, input) };
  }
  if (key === undefined || key === null || key === '')
    throw new ConfigurationError(`${WHERE} needs a \`key\`, and it is empty; where is it read from?`);
  const read = signingKey(key);
  if (alg === undefined) return read;
  if (read.algorithms.includes(alg)) return { ...read, algorithms: [alg] };
  throw new ConfigurationError(
    `\`alg\` is ${alg}, and that key signs ${read.algorithms.join(', ')}${CURVES[alg] ? `: ${alg} needs a key on ${CURVES[alg]}` : ''}`,
  );
}

const CURVES: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', EdDSA: 'Ed25519' };
