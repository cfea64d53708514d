// What to do about what servers and networks say, where the packages leave it open. By what is the same for every service; what one
// service alone says is in the tables of its own words.
import { isAuthenticationError } from '@axios-authorizer/core';
import { asString, recordOf } from '@axios-authorizer/core/extend';
import type { AuthenticationError, AuthErrorCode, AuthErrorKind } from '@axios-authorizer/core';
import { BY_NETWORK, networkCodeOf } from '../terminal/network.js';
import { serviceAdvice } from './service-advice.js';

/** What doctor knows better than the error's own message; undefined where it does not. */
export function adviceOf(error: AuthenticationError): string | undefined {
  const network = networkCodeOf(error);
  if (network !== undefined) return BY_NETWORK[network];
  const isOfDiscovery = error.code === 'discovery_failed';
  const own = (isOfDiscovery ? ofServerAway(error.cause) : undefined) ?? serviceAdvice(error);
  if (own !== undefined || isOfDiscovery) return own;
  const { error: said, status, errorDescription } = recordOf(error);
  const byWord = error.code === 'token_endpoint' ? BY_WORD[asString(said) ?? ''] : undefined;
  if (byWord !== undefined) return byWord(asString(errorDescription) ?? '');
  const isOfStatus = error.code === 'token_endpoint' || Number(status) >= SERVER_ERRORS || status === 429;
  return BY_CODE[error.code] ?? (isOfStatus ? BY_STATUS[Number(status)] : undefined);
}

const SERVER_ERRORS = 500;

/** Whether metadata are there cannot be told while their server is away. */
function ofServerAway(cause: unknown): string | undefined {
  return isAuthenticationError(cause) && cause.kind === 'unavailable' ? adviceOf(cause) : undefined;
}

/** The least that can be said. */
export const BY_KIND: Readonly<Record<AuthErrorKind, string>> = {
  configuration: 'correct the settings of the service',
  credentials: 'check the credentials, or ask whoever runs the server about the registration',
  session: 'log in again: axios-authorizer login',
  unavailable: 'try again later; if it lasts, ask whoever runs the server',
};

const BY_CODE: Readonly<Partial<Record<AuthErrorCode, string>>> = {
  timeout:
    'the server took the request and kept silent: try again; if it lasts, ask whoever runs it, or look for a firewall on the way',
  invalid_response:
    'something else answers in its place, such as a login page, a proxy or a portal: check the URL (tokenUrl, endpoint, authUrl), and open it in a browser',
};

type Word = (description: string) => string;

const NOT_ITS_GRANT = 'the client is known, but may not use this grant: have it registered for client_credentials';

function invalidRequest(description: string): string {
  if (/grant[ _]type/i.test(description)) return NOT_ITS_GRANT;
  return /audience|resource/i.test(description)
    ? 'the server wants to know for which API the token is: give `audience` or `resource` in the parameters'
    : 'the server misses something in the request: its description says what; `parameters` adds it';
}

/** RFC 6749 section 5.2, RFC 8707 and RFC 9449; with what most often is behind them. */
const BY_WORD: Readonly<Record<string, Word>> = {
  invalid_client: () =>
    'the server does not take this client id with this secret: compare both with the registration (test and production differ, a copied secret may lack its end); some servers take the secret only by Basic, some only in the form (clientAuthentication: basic, post)',
  unauthorized_client: () => NOT_ITS_GRANT,
  unsupported_grant_type: () =>
    'the server does not know this grant at all: log in with axios-authorizer login, or ask for a client of another kind',
  invalid_scope: () =>
    'the server does not grant this scope to the client: compare `scope` with the registration, to the letter; ask for less to see which one it is',
  invalid_target: () =>
    'the server does not know the API that was asked for: check `audience` or `resource` in the parameters',
  invalid_grant: () => 'what was presented is expired, spent or not of this client: sign in again',
  invalid_request: (description) => invalidRequest(description),
  access_denied: () => 'the server refuses this client: ask whoever runs it which policy says so',
  use_dpop_nonce: () => 'the server wants DPoP (RFC 9449), so the client needs a DPoP key',
  invalid_dpop_proof: () =>
    'the server wants another DPoP proof (RFC 9449): check the clock, and the key that the client is bound to',
};

const BY_STATUS: Readonly<Record<number, string>> = {
  302: 'it sends us elsewhere, and credentials do not follow: check tokenUrl; a login page may stand before it',
  401: 'the server refuses the client without a word: check client id and secret, and whether it is this token endpoint; a gateway may ask for a login of its own',
  403: 'a gateway or a firewall refuses the request, not the authorization server: does it allow the address of this machine?',
  404: 'nothing is at this path: check tokenUrl; the issuer publishes it in its metadata',
  405: 'what is there takes no POST: check tokenUrl; the issuer publishes it in its metadata',
  429: 'the server asks for fewer requests: wait, then try again; one program that asks for a token for each request may be the reason',
  500: 'the server has a problem of its own: ask whoever runs it, with the time of this report',
  502: 'a gateway could not reach the server: try again later, or ask whoever runs it',
  503: 'the server is away or overloaded, perhaps for maintenance: try again later',
  504: 'a gateway waited for the server in vain: try again later',
};
