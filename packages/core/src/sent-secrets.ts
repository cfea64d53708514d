// What must not come out in a message: a token's secrets, and what a request sent, in every form in which a server may echo it.

import { decodeBase64 } from './base64.js';
import { textOf } from './members.js';
import type { Token } from './token.js';

const NOT_SECRET = new Set([
  'grant_type',
  'scope',
  'client_id',
  'token_type_hint',
  'client_assertion_type',
  'resource',
  'audience',
]);
/** Anything shorter would blank out ordinary words. */
const SHORTEST_SECRET = 4;

/** The secrets of a form post, the longest first. */
export function secretsOf(headers: Readonly<Record<string, string>>, body: URLSearchParams): readonly string[] {
  const byBody = [...body].filter(([name]) => !NOT_SECRET.has(name)).map(([, value]) => value);
  const byHeader = Object.entries(headers).filter(([name]) => name.toLowerCase() === 'authorization');
  const secrets = [...byBody, ...byHeader.flatMap(([, value]) => headerSecrets(value))];
  const forms = new Set(secrets.flatMap((secret) => [secret, ...signatureOf(secret)]).flatMap(formsOf));
  return [...forms].filter(({ length }) => length >= SHORTEST_SECRET).toSorted((a, b) => b.length - a.length);
}

/** The secrets of a token. */
export function secretsOfToken({ accessToken, refreshToken, idToken }: Token): readonly string[] {
  return [accessToken, refreshToken, idToken].flatMap((secret) => textOf(secret) ?? []);
}

/** `text` with every secret blanked out. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((words, secret) => words.replaceAll(secret, '[redacted]'), text);
}

/** A value as application/x-www-form-urlencoded has it. */
export function formEncoded(value: string): string {
  return new URLSearchParams({ v: value }).toString().slice('v='.length);
}

/** The credentials of an Authorization header; of Basic also the password within. */
function headerSecrets(value: string): readonly string[] {
  const [scheme = '', credentials = ''] = value.split(' ');
  if (scheme.toLowerCase() !== 'basic') return [credentials];
  const decoded = decodeBase64(credentials);
  const password = decoded.slice(decoded.indexOf(':') + 1);
  return [credentials, password, new URLSearchParams(`v=${password}`).get('v') ?? ''];
}

/** Of a signed assertion the signature alone is secret enough: without it the rest proves nothing. */
function signatureOf(secret: string): readonly string[] {
  const [, , signature, ...more] = secret.split('.');
  return signature !== undefined && more.length === 0 ? [signature] : [];
}

function formsOf(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), formEncoded(secret)];
}
