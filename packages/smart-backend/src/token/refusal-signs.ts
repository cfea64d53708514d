// Which mistake of a registration a server means, told from its words. Servers say it in words of their own, or in none.
import type { TokenEndpointError } from '@axios-authorizer/core';

declare module '@axios-authorizer/core' {
  interface AuthErrorCodes {
    /** The server knows no active client of this id: check `clientId` and its registration. */
    client_unknown: true;
    /** The server found no key of this `kid` in the registered set: publish or register the public key. */
    key_not_found: true;
    /**
     * The server could not read the registered key set: check that its URL can be reached from there, over valid TLS.
     */
    key_set_unreadable: true;
    /** `jku` is not the URL that was registered: write it as it was, or leave it out. */
    jku_mismatch: true;
    /** The server wants another `aud`: set `audience` to its token URL as it is published, or to what it asks for. */
    audience_refused: true;
    /** The server does not take this signature algorithm: register a key for RS384 or ES384. */
    algorithm_refused: true;
    /** The signature does not fit the registered key: register the public half of the key that signs. */
    signature_refused: true;
    /**
     * The assertion is expired, too long or not valid yet by the server's clock: check both clocks and
     * `assertionLifetimeMs`.
     */
    assertion_time: true;
    /** The server has seen this assertion's `jti` before: look for what repeats requests on the way, such as a proxy. */
    assertion_replayed: true;
    /** A scope is unknown, or not granted to this client: compare `scope` with the registration. */
    scope_refused: true;
    /** The server refused the client without saying why: check its registration, keys and clock. */
    client_refused: true;
  }
}

/** What a refusal by a token endpoint means; these are among core's `AuthErrorCode`. */
export type AdviceCode =
  | 'client_unknown'
  | 'key_not_found'
  | 'key_set_unreadable'
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
  [
    'key_set_unreadable',
    /(?:request|fetch|retriev|read|load)ing (?:\w+ )*jwks (?:\w+ )*(?:error|failed)|jwks (?:at .+ )?(?:failed to be|cannot be read|answers \d)/,
  ],
  [
    'key_set_unreadable',
    /(?:fetch|retrieve|read|load|download|resolve|reach|parse) (?:(?:the|its|your|remote|client's|registered) )*jwks/,
  ],
  [
    'key_set_unreadable',
    /invalid jwks (?:json|response)|remote jwks object|^jwks (?:is not an object|does not have)|^jwks\.keys must/,
  ],
  ['key_set_unreadable', /fetch failed|first certificate|self[- ]signed certificate|issuer certificate|socket hang up/],
  ['key_set_unreadable', /\b(?:getaddrinfo|enotfound|econnrefused|econnreset|etimedout|eai again)\b/],
  ['scope_refused', /\bscopes?\b/],
  [
    'client_unknown',
    /registration token expired|expired registration token|client details token|\bclient (?:is |was )?(?:not (?:active|enabled)|inactive|disabled|suspended)/,
  ],
  ['algorithm_refused', /signature algorithm/],
  ['key_not_found', /\bkey was not found|^no jwks\b|signature verifier/],
  ['jku_mismatch', /\bjku\b|jwks?.?ur[il].*(?:match|differ|whitelist)/],
  ['assertion_replayed', /\bjti\b|replay|already (?:been )?used|reuse/],
  ['audience_refused', /\baud\b|audience/],
  ['assertion_time', /jwt (?:is )?expired|not active\b|time range/],
  ['signature_refused', /signature|unable to verify/],
  ['algorithm_refused', /\balg\b|algorithm/],
  ['key_not_found', /\bkid\b|jwks?\b|public[ -]?keys?|\bkeys? (?:not|could not|is not)|no\b.*\bkeys?\b/],
  [
    'assertion_time',
    /expir|\bexp\b|\biat\b|\bnbf\b|in the future|not (?:yet )?valid (?:yet|before)|not yet valid|before (?:it was )?issued|too (?:long|old|far)|lifetime|clock/,
  ],
  [
    'client_unknown',
    /client[ -]?id\b|unknown client|no such client|\biss\b|\bsub\b|issuer|not registered|(?:client|application)\b.*\bnot (?:be )?found/,
  ],
];

/** The mistake that a refusal is about; undefined when it is not about the client. */
export function codeOf({ error, errorDescription = '', errorUri = '' }: TokenEndpointError): AdviceCode | undefined {
  if (error === 'invalid_scope') return 'scope_refused';
  const said = `${errorDescription} ${namedBy(errorUri)}`.replace(/\(e\.g\..*?\)/g, '').replaceAll(/[_/]/g, ' ');
  const words = said.trim().toLowerCase().replaceAll(KEY_SET, 'jwks');
  const sign = SIGNS.find(([, pattern]) => pattern.test(words))?.[0];
  return sign ?? (AUTHENTICATION_FAILED.has(error) ? 'client_refused' : undefined);
}

const KEY_SET = /\b(?:json web key|jwk|key)[ -]?sets?\b/g;
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
