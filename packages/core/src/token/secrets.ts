// What must not come out in a message: a token's secrets, what a request sent, and what its answer issued.
import { decodeBase64 } from '../internal/base64.js';
import { isObject, parseObject, asString } from '../internal/records.js';
import { encodeBase64, redact } from '../internal/redact.js';
import type { ClientInfo, Token } from './token.js';

const NOT_SECRET = new Set([
  'grant_type',
  'scope',
  'client_id',
  'token_type_hint',
  'client_assertion_type',
  'subject_token_type',
  'actor_token_type',
  'requested_token_type',
  'redirect_uri',
  'resource',
  'audience',
]);

/** The secrets of a form post. */
export function secretsOf(headers: Readonly<Record<string, string>>, body: URLSearchParams): readonly string[] {
  const byBody = [...body].filter(([name]) => !NOT_SECRET.has(name)).map(([, value]) => value);
  const secrets = [...byBody, ...basicOf(body), ...secretsOfHeaders(headers)];
  return [...new Set(secrets.flatMap((secret) => [secret, ...signatureOf(secret)]))].filter((secret) => secret !== '');
}

const SECRET_HEADER = /authorization|cookie|token|secret|key|dpop/i;

/** The values of headers that are secret by their names. */
export function secretsOfHeaders(headers: object | undefined): readonly string[] {
  const values = Object.entries(headers ?? {}).flatMap(([name, value]: [string, unknown]) =>
    SECRET_HEADER.test(name) ? (asString(value) ?? []) : [],
  );
  return values.flatMap(headerSecrets);
}

/** Whoever checks a secret of the form may write it as Basic would. */
function basicOf(body: URLSearchParams): readonly string[] {
  const [id, secret] = [body.get('client_id'), body.get('client_secret')];
  return id && secret ? [encodeBase64(new TextEncoder().encode(`${id}:${secret}`))] : [];
}

/** The secrets of a token. */
export function secretsOfToken(token: Partial<Token> | undefined): readonly string[] {
  const { accessToken, refreshToken, idToken } = token ?? {};
  return [accessToken, refreshToken, idToken].flatMap((secret) => asString(secret) ?? []);
}

/** What an authorizer holds besides: a client's secret and its API key. */
export function secretsOfClient(clientInfo: Partial<ClientInfo> | undefined): readonly string[] {
  return [clientInfo?.clientSecret, clientInfo?.apiKey].flatMap((secret) => asString(secret) ?? []);
}

/** What an answer issues: JSON, or a form as some servers answer. */
export function secretsOfAnswer(text: string): readonly string[] {
  const members = parseObject(text) ?? Object.fromEntries(new URLSearchParams(text.trim()));
  return [...issuedIn(members, DEEPEST_MEMBER)];
}

const DEEPEST_MEMBER = 4;
const ISSUED = /(?:token|secret|password|jwt|assertion|session|credentials?|api_?key|code)$/i;

function issuedIn(members: object, depth: number): readonly string[] {
  return Object.entries(members).flatMap(([name, value]: [string, unknown]) => {
    if (isObject(value)) return depth > 0 ? issuedIn(value, depth - 1) : [];
    return ISSUED.test(name) ? (asString(value) ?? []) : [];
  });
}

/**
 * `text` with every secret blanked out, as `redact` does it.
 *
 * @example
 * ```ts
 * redact('invalid secret s3cr3t-of-mine', ['s3cr3t-of-mine']); // the secret is blanked
 * ```
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return redact(text, secrets);
}

/** The credentials of an Authorization header; of Basic also the password within. */
function headerSecrets(value: string): readonly string[] {
  const [scheme = '', credentials = ''] = value.split(' ');
  if (scheme.toLowerCase() !== 'basic') return [value, credentials];
  const decoded = decodeBase64(credentials);
  const password = decoded.slice(decoded.indexOf(':') + 1);
  return [credentials, password, new URLSearchParams(`v=${password}`).get('v') ?? ''];
}

/** Of a signed assertion the signature alone is secret enough: without it the rest proves nothing. */
function signatureOf(secret: string): readonly string[] {
  const [, , signature, ...more] = secret.split('.');
  return signature !== undefined && more.length === 0 ? [signature] : [];
}
