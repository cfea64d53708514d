// Servers refuse a badly registered client in words of their own, or in none. This turns what they say into a code and a
// sentence that says what to do; the original fields stay. It only explains: nothing is decided by it.
import { TokenEndpointError } from '@axios-authorizer/core';
import { recordOf } from '@axios-authorizer/core/extend';
import { codeOf } from './refusal-signs.js';
import type { AdviceCode } from './refusal-signs.js';
import { scopeDoubts } from './smart-scope.js';

/** What the request was made of, so that the advice can name it. */
export interface AdviceContext {
  readonly clientId: string;
  readonly tokenUrl: string;
  /** As it was sent. */
  readonly audience: string;
  /** What the server calls itself, when it says so. */
  readonly issuer: string | undefined;
  readonly kid: string;
  readonly alg: string;
  readonly scope: string;
  readonly jku?: string | undefined;
}

/** A refusal of the token endpoint, explained; anything else as it is. */
export function advised(error: unknown, context: AdviceContext): unknown {
  if (!isRefusal(error)) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  const { retryAfterMs, status, errorDescription, errorUri, serverDate, grantType, transient } = error;
  const kind = code === 'key_set_unreadable' ? 'unavailable' : error.kind;
  const fields = { kind, transient, retryAfterMs, status, errorDescription, errorUri, serverDate, grantType };
  return new TokenEndpointError(messageOf(error, code, context), {
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

/** What to do about it comes first, then what the server said. */
function messageOf(error: TokenEndpointError, code: AdviceCode, context: AdviceContext): string {
  const { status, errorDescription, errorUri, kind } = error;
  const short = { ...context, clientId: shortened(context.clientId), kid: shortened(context.kid) };
  const words = [error.error, errorDescription].filter((part) => part !== undefined).join(': ');
  const said = [`${withoutQuery(context.tokenUrl)} answered ${status}`, words].filter((part) => part !== '').join(' ');
  const see = errorUri === undefined ? '' : `; the server says more at ${errorUri}`;
  const waits = kind === 'credentials' && code !== 'key_set_unreadable' ? NOT_AGAIN : '';
  return withShortId(`${ADVICE[code](short)}. ${said}${see}${waits}`, context.clientId);
}

const NOT_AGAIN = '; it is not tried again by itself for a while';

/** The client ids of bulk-data-server are JWTs of 600 characters, in which the advice would be lost. */
const LONGEST_ID = 60;

function shortened(id: string): string {
  return id.length <= LONGEST_ID ? id : `${id.slice(0, LONGEST_ID / 2)}… (${id.length} characters)`;
}

/** The same where the server repeats the id, whole or cut off. */
function withShortId(message: string, clientId: string): string {
  if (clientId.length <= LONGEST_ID) return message;
  const [before = '', ...parts] = message.split(clientId.slice(0, LONGEST_ID));
  return [before, ...parts.map((part) => part.replace(/^[\w.~-]*/, ''))].join(shortened(clientId));
}

const ADVICE: Readonly<Record<AdviceCode, (context: AdviceContext) => string>> = {
  client_unknown: ({ clientId }) =>
    `The server does not know the client ${JSON.stringify(clientId)}: check clientId (test and production ids differ), and that the registration is active; a new one may take hours`,
  key_not_found: ({ kid }) =>
    `The server has no key with the kid ${JSON.stringify(kid)}: register publicJwks(keys), or let the server read your key set; it may keep an old one for a while`,
  key_set_unreadable: ({ jku }) =>
    `The server could not read your key set at its URL${jku === undefined ? '' : ` (${jku})`}: the URL must be the registered one and answer from the server's network, over https with the whole certificate chain, without credentials, with the JSON of a JWK Set`,
  jku_mismatch: ({ jku }) =>
    jku === undefined
      ? 'The server could not match or read the URL of the key set: check what was registered, and that the URL answers without credentials'
      : `\`jku\` is ${jku}: it must be the URL that was registered, to the letter; or leave it out`,
  audience_refused: ({ audience, issuer }) =>
    `\`aud\` was ${withoutQuery(audience)}: servers compare it to the letter with their own token URL, some with their issuer${issuer === undefined || issuer === audience ? '' : ` (${issuer})`}. Set the option \`audience\` to what the server wants; a gateway may have changed the address`,
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
