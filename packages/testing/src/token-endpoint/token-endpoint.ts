// An authorization server on this machine for a user's tests: token endpoint, introspection and revocation, with clients that
// authenticate, tokens that expire, and refresh tokens that rotate. Everything that goes wrong in service can be asked for.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions } from '@axios-authorizer/core/extend';
import type { OptionTable } from '@axios-authorizer/core/extend';
import { randomText } from '../random-text.js';
import type { Answer } from '../server/answer.js';
import { assertAnswers, assertDelay, assertPort, failures } from '../server/failures.js';
import type { FailNextOptions } from '../server/failures.js';
import { held } from '../server/held.js';
import type { HeldRequest } from '../server/held.js';
import { startLoopback } from '../server/loopback.js';
import type { Received } from '../server/loopback.js';
import { clientOf, TokenDesk } from './desk.js';
import type { TokenCall } from './desk.js';

/** The options of {@link startTokenEndpoint}: its one client, and the tokens that it issues. */
export interface TokenEndpointOptions {
  /** How long access tokens are good, in seconds; null: `expires_in` is left out, and they do not expire. Default: 3600. */
  readonly lifetimeS?: number | null | undefined;
  /** Whether sign-ins (password, authorization code) bring a refresh token. Default: true. */
  readonly refreshTokens?: boolean | undefined;
  /** Whether each refresh issues a new refresh token and spends the old one; a spent one ends its session. Default: false. */
  readonly rotateRefreshTokens?: boolean | undefined;
  /** The only client that may ask. Default: "test-client". */
  readonly clientId?: string | undefined;
  /** Its secret, by Basic or in the form; null for a public client. Default: a made-up one. */
  readonly clientSecret?: string | null | undefined;
  /** How long each answer takes, in milliseconds of real time. Default: 0. */
  readonly delayMs?: number | undefined;
  /** The port to listen on. Default: a free one. */
  readonly port?: number | undefined;
  /** Told of each request for a token once it was answered. Default: nobody is. */
  readonly onCall?: ((call: TokenCall) => void) | undefined;
  /** Time, by which tokens expire; that of `manualClock()`, for instance. Default: the system's. */
  readonly clock?:
    | {
        /** In ms since the epoch. */
        now(): number;
      }
    | undefined;
}

/** A token endpoint on loopback, as {@link startTokenEndpoint} returns it. */
export interface TokenEndpoint {
  /** Where tokens are asked for: the `tokenUrl` of a source. */
  readonly url: string;
  /** Where tokens are asked about (RFC 7662). */
  readonly introspectionUrl: string;
  /** Where tokens are given up (RFC 7009). */
  readonly revocationUrl: string;
  /** The only client that may ask: the option `clientId`, or "test-client". */
  readonly clientId: string;
  /** The empty string for a public client. */
  readonly clientSecret: string;
  /** Every access token that was issued, in order. */
  readonly issued: readonly string[];
  /** Everything that must not be printed: access tokens, refresh tokens, the client's secret; for `assertNoSecrets`. */
  readonly secrets: readonly string[];
  /** Every request for a token, in order. */
  readonly calls: readonly TokenCall[];
  /** How often a refresh token came that had been rotated away. */
  readonly reuses: number;
  /** Whether an access token is live: issued, not expired, not revoked. `startApi({ accepts: endpoint })` asks it. */
  accepts(accessToken: string): boolean;
  /**
   * Revokes an access token or a refresh token.
   * @throws ConfigurationError for one that was not issued here
   */
  revoke(token: string): void;
  /** Revokes every access token; refresh tokens stay good. */
  revokeAll(): void;
  /** The next token requests fail: with 503, or as `options` say. */
  failNext(options?: FailNextOptions): void;
  /** The next token requests get these answers, in order of arrival. */
  answerNext(...answers: readonly Answer[]): void;
  /** The next token request hangs until it is released. */
  hangNext(): HeldRequest;
  /** Ends the server and every connection; may be called twice. One that is left open does not keep the process alive. */
  close(): Promise<void>;
  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

const OPTIONS: OptionTable<TokenEndpointOptions> = {
  lifetimeS: 'any',
  refreshTokens: 'any',
  rotateRefreshTokens: 'any',
  clientId: 'string',
  clientSecret: 'any',
  delayMs: 'any',
  port: 'any',
  onCall: 'function',
  clock: 'object',
};

/**
 * Starts a token endpoint on 127.0.0.1, on a free port. It grants `client_credentials`, `password` (any user),
 * `authorization_code` (any code) and `refresh_token` (RFC 6749), to its one client.
 * @throws ConfigurationError for an unknown option, or a lifetime that is no number
 * @example
 * ```ts
 * const endpoint = await startTokenEndpoint({ lifetimeS: 60, rotateRefreshTokens: true });
 * endpoint.failNext({ status: 429, retryAfter: 1 });
 * await endpoint.close();
 * ```
 */
export async function startTokenEndpoint(options?: TokenEndpointOptions): Promise<TokenEndpoint> {
  const given = checkOptions(options, 'startTokenEndpoint', OPTIONS);
  const client: Client = { clientId: given.clientId ?? 'test-client', clientSecret: secretOf(given) };
  const desk = deskFor(given, client);
  const server = await startLoopback((request, response) => desk.serve(request, response), {
    unref: true,
    port: assertPort(given.port, 'startTokenEndpoint'),
  });
  const { ledger, answers, calls } = desk;
  const close = (): Promise<void> => server.stop();
  return {
    url: `${server.origin}/token`,
    introspectionUrl: `${server.origin}/introspect`,
    revocationUrl: `${server.origin}/revoke`,
    ...client,
    issued: ledger.issued,
    calls,
    get reuses() {
      return ledger.reuses;
    },
    get secrets() {
      return [...ledger.issued, ...ledger.refreshTokens, client.clientSecret].filter((secret) => secret !== '');
    },
    accepts: (accessToken) => ledger.valid(accessToken),
    revoke: (token) => revoke(desk, token),
    revokeAll: () => ledger.revokeAll(),
    failNext: (failing) => answers.next(failures(failing)),
    answerNext: (...next) => answers.next(assertAnswers(next)),
    hangNext: () => held(answers),
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

function secretOf({ clientSecret = `fake-client-secret-${randomText()}` }: TokenEndpointOptions): string {
  if (clientSecret === null || typeof clientSecret === 'string') return clientSecret ?? '';
  throw new ConfigurationError('`clientSecret` of startTokenEndpoint must be a string, or null for a public client');
}

function deskFor(options: TokenEndpointOptions, client: Client): TokenDesk {
  const { lifetimeS = 3600, refreshTokens = true, rotateRefreshTokens = false, delayMs = 0, clock, onCall } = options;
  assertDelay(delayMs, 'startTokenEndpoint');
  if (lifetimeS !== null && (typeof lifetimeS !== 'number' || !(lifetimeS > 0)))
    throw new ConfigurationError('`lifetimeS` of startTokenEndpoint must be a number of seconds above 0, or null');
  return new TokenDesk({
    expiresIn: lifetimeS,
    refreshTokens: refreshTokens && (rotateRefreshTokens ? 'rotating' : 'fixed'),
    prefix: `fake-access-token-${randomText()}`,
    refreshPrefix: `fake-refresh-token-${randomText()}`,
    delayMs,
    ...(onCall && { onCall }),
    clock: clock ?? { now: () => Date.now() },
    refuses: (params, request) => refusalOf(client, params, request),
  });
}

/** RFC 6749, 5.2. */
function refusalOf(client: Client, params: URLSearchParams, request: Received): Answer | undefined {
  const [id, secret = ''] = clientOf(params, request);
  if (id === client.clientId && secret === client.clientSecret) return undefined;
  const json = { error: 'invalid_client', error_description: 'another client id, or another secret, is expected here' };
  return { status: 401, headers: { 'www-authenticate': 'Basic' }, json };
}

function revoke({ ledger }: TokenDesk, token: string): void {
  if (!ledger.issued.includes(token) && !ledger.refreshTokens.includes(token))
    throw new ConfigurationError('The token that is to be revoked was not issued by this endpoint');
  ledger.revoke(token);
}
