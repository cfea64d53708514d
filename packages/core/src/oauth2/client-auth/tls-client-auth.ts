// `tls_client_auth` and `self_signed_tls_client_auth` (RFC 8705): the connection itself proves who the client is.
import { base64Url } from '../../internal/base64.js';
import { assertNoControls } from '../../token/credential-text.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import { checkOptions } from '../../token/options-check.js';
import { sha256Hex } from '../../internal/sha256.js';
import { bytesToString, recordOf } from '../../internal/records.js';
import { describedAuth } from './client-auth.js';
import type { ClientAuth } from './client-auth.js';
import { certificateBytes } from './pem.js';

/** The options of {@link tlsClientAuth}. */
export interface TlsClientAuthOptions {
  /** The client's id at the server; not empty. */
  readonly clientId: string;
  /**
   * The client's certificate as PEM, or a function that has it at once; the same that the agents of `transport` and of the API's
   * client present. When it changes, tokens that are bound to the one before are refreshed.
   */
  readonly certificate: string | (() => string);
}

const WHERE = 'tlsClientAuth';

/**
 * `tls_client_auth` and `self_signed_tls_client_auth` (RFC 8705 section 2): the client is known by its TLS certificate, and
 * only its id is in the request. The certificate is presented by the agent in `transport` (`httpsAgent` with `cert` and `key`),
 * and by that of the API's client, since the tokens are bound to it. With `issuer` requests go to the server's
 * `mtls_endpoint_aliases`, where it has them.
 * @throws ConfigurationError when the id is empty or the certificate cannot be read, of a function at each attempt; before a token is
 *   asked for, when the agent in `transport` is seen to present another certificate
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { Agent } from 'node:https';
 *
 * const cert = readFileSync('client.crt', 'utf8');
 * const transport = { httpsAgent: new Agent({ cert, key: readFileSync('client.key') }) };
 * const clientAuth = tlsClientAuth({ clientId, certificate: cert });
 * const source = clientCredentialsSource({ issuer: 'https://id.example.org', clientAuth, transport });
 * ```
 */
export function tlsClientAuth(given: TlsClientAuthOptions): ClientAuth {
  const { clientId, certificate } = checkOptions(given, WHERE, { clientId: 'string', certificate: 'any' });
  if (!clientId) throw new ConfigurationError(`${WHERE} needs \`clientId\`, and it is empty; where is it read from?`);
  assertNoControls(clientId, 'clientId');
  const read = typeof certificate === 'function' ? certificate : (): string => certificate;
  let known: { readonly pem: unknown; readonly thumbprint: string } | undefined;
  const boundTo = (transport?: { readonly httpsAgent?: unknown }): string => {
    const pem: unknown = read();
    if (known === undefined || known.pem !== pem) known = { pem, thumbprint: thumbprint(pem) };
    assertPresented(known.thumbprint, transport?.httpsAgent);
    return known.thumbprint;
  };
  if (typeof certificate !== 'function') boundTo();
  const authenticate: ClientAuth = ({ body }) => {
    boundTo();
    body.set('client_id', clientId);
  };
  return describedAuth(authenticate, { methods: ['tls_client_auth', 'self_signed_tls_client_auth'], boundTo });
}

/** @throws ConfigurationError when the agent is seen to present other certificates alone */
function assertPresented(expected: string, agent: unknown): void {
  const { cert, secureContext } = recordOf(recordOf(agent)['options']);
  if (cert === undefined || secureContext !== undefined) return;
  const presented = [cert].flat().map((one) => presentedThumbprint(one));
  if (presented.every((one) => one !== undefined && one !== expected))
    throw new ConfigurationError(
      `\`certificate\` of ${WHERE} is another one than \`cert\` of \`transport.httpsAgent\`: renew both together`,
    );
}

/** Undefined for what cannot be read: the agent finds out by itself. */
function presentedThumbprint(cert: unknown): string | undefined {
  try {
    return thumbprint(bytesToString(cert) ?? cert);
  } catch {
    return undefined;
  }
}

/** `x5t#S256` (RFC 8705 section 3.1). */
function thumbprint(pem: unknown): string {
  const digest = sha256Hex(certificateBytes(pem, '`certificate` of tlsClientAuth'));
  return base64Url(Uint8Array.from(digest.match(/../g) ?? [], (digits) => parseInt(digits, 16)));
}
