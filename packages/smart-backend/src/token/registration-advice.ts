// Servers refuse a badly registered client in words of their own, or in none. This turns what they say into a code and a
// sentence that says what to do; the original fields stay. It only explains: nothing is decided by it.
import { TokenEndpointError } from '@axios-authorizer/core';
import { recordOf } from '@axios-authorizer/core/extend';
import { scopeDoubts } from './smart-scope.js';

declare module '@axios-authorizer/core' {
  interface AuthErrorCodes {
    discovery_failed: true;
    client_unknown: true;
    key_not_found: true;
    jku_mismatch: true;
    audience_refused: true;
    algorithm_refused: true;
    signature_refused: true;
    assertion_time: true;
    assertion_replayed: true;
    scope_refused: true;
    client_refused: true;
  }
}

/** What the request was made of, so that the advice can name it. */
export interface AdviceContext {
  readonly clientId: string;
  readonly tokenUrl: string;
  readonly kid: string;
  readonly alg: string;
  readonly scope: string;
  readonly jku?: string | undefined;
}

/** What a refusal by a token endpoint means; these are among core's `AuthErrorCode`. */
export type AdviceCode =
  | 'client_unknown'
  | 'key_not_found'
  | 'jku_mismatch'
  | 'audience_refused'
  | 'algorithm_refused'
  | 'signature_refused'
  | 'assertion_time'
  | 'assertion_replayed'
  | 'scope_refused'
  | 'client_refused';

/** Asked in this order: a sentence about a signature may name keys, one about a key its algorithm, and most name the client. */
const SIGNS: readonly (readonly [AdviceCode, RegExp])[] = [
  ['scope_refused', /\bscopes?\b/],
  ['client_unknown', /registration token|\bclient (?:is |was )?(?:not (?:active|enabled)|inactive|disabled|suspended)/],
  ['algorithm_refused', /signature algorithm/],
  ['key_not_found', /\bkey was not found|^no jwks\b/],
  ['jku_mismatch', /\bjku\b|jwks?.?ur[il].*(?:match|differ|whitelist)/],
  ['assertion_replayed', /\bjti\b|replay|already (?:been )?used|reuse/],
  ['audience_refused', /\baud\b|audience/],
  ['assertion_time', /jwt (?:is )?expired|not active\b|time range/],
  ['signature_refused', /signature|unable to verify/],
  ['algorithm_refused', /\balg\b|algorithm/],
  ['key_not_found', /\bkid\b|jwks?\b|key[ -]?set|public[ -]?keys?|\bkeys? (?:not|could not|is not)|no\b.*\bkeys?\b/],
  [
    'assertion_time',
    /expir|\bexp\b|\biat\b|\bnbf\b|in the future|not (?:yet )?valid (?:yet|before)|too (?:long|old|far)|lifetime|clock/,
  ],
  [
    'client_unknown',
    /client[ -]?id\b|unknown client|no such client|\biss\b|\bsub\b|issuer|not registered|(?:client|application)\b.*\bnot (?:be )?found/,
  ],
];

/** A refusal of the token endpoint, explained; anything else as it is. */
export function advised(error: unknown, context: AdviceContext): unknown {
  if (!isRefusal(error)) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  const { kind, transient, retryAfterMs, status, errorDescription, errorUri, serverDate, grantType } = error;
  const fields = { kind, transient, retryAfterMs, status, errorDescription, errorUri, serverDate, grantType };
  const see = errorUri === undefined ? '' : `; the server says more at ${errorUri}`;
  return new TokenEndpointError(`${error.message}. ${ADVICE[code](context)}${see}`, {
    ...fields,
    error: error.error,
    code,
    cause: error,
  });
}

function isRefusal(error: unknown): error is TokenEndpointError {
  const { code, status } = recordOf(error);
  return code === 'token_endpoint' && (status === 400 || status === 401 || status === 403);
}

function codeOf({ error, errorDescription = '', errorUri = '' }: TokenEndpointError): AdviceCode | undefined {
  if (error === 'invalid_scope') return 'scope_refused';
  const said = `${errorDescription} ${namedBy(errorUri)}`.replace(/\(e\.g\..*?\)/g, '').replaceAll(/[_/]/g, ' ');
  const sign = SIGNS.find(([, pattern]) => pattern.test(said.trim().toLowerCase()))?.[0];
  return sign ?? (AUTHENTICATION_FAILED.has(error) ? 'client_refused' : undefined);
}

const AUTHENTICATION_FAILED = new Set([undefined, 'invalid_client', 'invalid_grant']);

/** Some servers say it only in the name of an error page. */
function namedBy(errorUri: string): string {
  const [path = ''] = errorUri.split('?');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const ADVICE: Readonly<Record<AdviceCode, (context: AdviceContext) => string>> = {
  client_unknown: ({ clientId }) =>
    `The server does not know the client ${JSON.stringify(clientId)}: check clientId (test and production ids differ), and that the registration is active; a new one may take hours`,
  key_not_found: ({ kid }) =>
    `The server has no key with the kid ${JSON.stringify(kid)}: register publicJwks(keys), or let the server read your key set; it may keep an old one for a while`,
  jku_mismatch: ({ jku }) =>
    jku === undefined
      ? 'The server could not match or read the URL of the key set: check what was registered, and that the URL answers without credentials'
      : `\`jku\` is ${jku}: it must be the URL that was registered, to the letter; or leave it out`,
  audience_refused: ({ tokenUrl }) =>
    `\`aud\` was ${withoutQuery(tokenUrl)}: servers compare it to the letter with their own token URL; when a proxy or tokenUrl changes the address, use the one of the SMART configuration`,
  algorithm_refused: ({ alg }) =>
    `The assertion was signed with ${alg}: register a key for an algorithm that the server takes (generateKeyPair), RS384 or ES384`,
  signature_refused: ({ kid }) =>
    `The signature does not fit the key that the server has under the kid ${JSON.stringify(kid)}: another key was registered under it; register publicJwks(keys) again`,
  assertion_time: () =>
    "The server found the time of the assertion wrong: check this machine's clock (NTP); some servers want a shorter assertionLifetimeMs, or issuedAt",
  assertion_replayed: () =>
    'The server says that it has seen the assertion: each attempt has a new jti, so look for a proxy that repeats requests',
  scope_refused: ({ scope }) =>
    [
      ...scopeDoubts(scope),
      `The scope was ${JSON.stringify(scope)}: ask only for what the client was registered for; some servers know only the first form (system/Patient.read), some only the second (system/Patient.rs)`,
    ].join('. '),
  client_refused: ({ clientId, kid, alg }) =>
    `The server does not say why. Check in this order: the client id ${JSON.stringify(clientId)}; that the public key with the kid ${JSON.stringify(kid)} is registered, and has had time to spread (a day with some); the algorithm ${alg}; this machine's clock`,
};

/** A query may hold a secret. */
function withoutQuery(url: string): string {
  return url.includes('?') ? `${url.split('?')[0]} with its query` : url;
}
