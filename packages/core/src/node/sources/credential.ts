// What a mounted file or a program says: the JSON of Kubernetes' exec plugins, or that of a token endpoint.
import { ConfigurationError } from '../../index.js';
import { asString, expiresInSeconds, jwtExpiry, omitUndefined, recordOf } from '../../extend.js';
import type { Token } from '../../index.js';

/** Where a text comes from. */
export interface Origin {
  /** In words, for messages; begins a sentence. */
  readonly what: string;
  /** From when `expires_in` counts, in ms since the epoch. */
  readonly from: number;
}

type Members = Readonly<{ [name: string]: unknown }>;

/** Of client.authentication.k8s.io, https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
const EXEC_VERSION = /^client\.authentication\.k8s\.io\/v1(?:beta1)?$/;

/**
 * A token in JSON: an ExecCredential of client.authentication.k8s.io/v1 or v1beta1, or `{ access_token, expires_in }` (RFC 6749
 * section 5.1). A refresh token in it is left where it is.
 * @throws ConfigurationError for another JSON
 */
export function tokenInJson(found: Members, origin: Origin): Token {
  return 'apiVersion' in found || 'status' in found ? execCredential(found, origin) : tokenAnswer(found, origin);
}

function execCredential({ apiVersion, kind, status }: Members, { what }: Origin): Token {
  if (!EXEC_VERSION.test(String(apiVersion)) || kind !== 'ExecCredential')
    throw new ConfigurationError(
      `${what} is no ExecCredential of client.authentication.k8s.io/v1 or v1beta1; set the version where it is configured`,
    );
  const { token, expirationTimestamp, clientCertificateData } = recordOf(status);
  if (typeof token === 'string' && token !== '')
    return withExpiry({ accessToken: token }, instantOf(expirationTimestamp, what));
  throw new ConfigurationError(
    clientCertificateData === undefined
      ? `${what} is an ExecCredential without \`status.token\``
      : `${what} holds a client certificate and no token: a certificate belongs to the connection (\`httpsAgent\`), not into a header`,
  );
}

/** RFC 3339; one that is not read would make a token that never expires. */
function instantOf(value: unknown, what: string): Date | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const at = typeof value === 'string' && /^\d{4}-\d\d-\d\d[Tt ]/.test(value) ? new Date(value) : new Date(NaN);
  if (!Number.isNaN(at.getTime())) return at;
  throw new ConfigurationError(`${what} has an \`expirationTimestamp\` that is no time of RFC 3339`);
}

function tokenAnswer(found: Members, { what, from }: Origin): Token {
  const { access_token: accessToken, token_type: type, expires_in: expiresIn } = found;
  if (typeof accessToken !== 'string' || accessToken === '')
    throw new ConfigurationError(
      `${what} is neither an ExecCredential nor { "access_token", "expires_in" }${hintOf(found)}`,
    );
  if (!/^\s*(?:bearer)?\s*$/i.test(asString(type) ?? (type ? 'other' : '')))
    throw new ConfigurationError(`${what} holds a token of a type that is not Bearer`);
  const seconds = expiresInSeconds(expiresIn);
  if (seconds === undefined && expiresIn !== undefined && expiresIn !== null)
    throw new ConfigurationError(`${what} has an \`expires_in\` that is no number of seconds`);
  const { scope, id_token: idToken } = found;
  const said = omitUndefined({ scope: asString(scope), idToken: asString(idToken) });
  return withExpiry({ accessToken, ...said }, seconds === undefined ? undefined : new Date(from + seconds * 1000));
}

/** Their names only. */
function hintOf(found: Members): string {
  const names = Object.keys(found).filter((name) => /^\w{1,40}$/.test(name));
  return names.length === 0 ? '' : ` (it has ${names.slice(0, 10).join(', ')})`;
}

/** By what is stated, else by the `exp` of a JWT. */
export function withExpiry(token: Token, stated: Date | undefined): Token {
  const exp = jwtExpiry(token.accessToken);
  const expiresAt = stated ?? (exp === undefined ? undefined : new Date(exp));
  return expiresAt === undefined ? token : { ...token, expiresAt };
}
