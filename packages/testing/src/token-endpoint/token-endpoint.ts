// An authorization server on this machine for a user's tests: a client that authenticates, people who sign in, tokens that expire
// and may be bound to a key, and refresh tokens that rotate. Everything that goes wrong in service can be asked for.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions } from '@axios-authorizer/core/extend';
import { ProofCheck } from '../dpop/proof-check.js';
import type { Answer } from '../server/answer.js';
import { assertAnswers, assertPort, failures } from '../server/failures.js';
import type { FailNextOptions } from '../server/failures.js';
import { held } from '../server/held.js';
import type { HeldRequest } from '../server/held.js';
import { startLoopback } from '../server/loopback.js';
import type { TokenCall, TokenDesk } from './desk.js';
import { PATHS } from './metadata.js';
import { OPTIONS, secretOf, signInsOf, systemTime, tokensOf } from './options.js';
import type { Client, TokenEndpointOptions } from './options.js';
import { Site } from './site.js';

/** A token endpoint on loopback, as {@link startTokenEndpoint} returns it. */
export interface TokenEndpoint {
  /** Where tokens are asked for: the `tokenUrl` of a source. */
  readonly url: string;
  /** The server as a whole, for the option `issuer` of a source (RFC 8414). */
  readonly issuer: string;
  /** Where a browser signs in (RFC 6749 section 4.1): with PKCE, and with `iss` in its answer. */
  readonly authorizationUrl: string;
  /** Where a device asks for its codes (RFC 8628). */
  readonly deviceAuthorizationUrl: string;
  /** Where tokens are asked about (RFC 7662). */
  readonly introspectionUrl: string;
  /** Where tokens are given up (RFC 7009). */
  readonly revocationUrl: string;
  /** The only client that may ask: the option `clientId`, or "test-client". */
  readonly clientId: string;
  /** The empty string for a public client. */
  readonly clientSecret: string;
  /** Whether its tokens are bound to a key: the option `dpop`. */
  readonly dpop: boolean;
  /** Every access token that was issued, in order. */
  readonly issued: readonly string[];
  /** Everything that must not be printed: every kind of token, codes, the client's secret; for `assertNoSecrets`. */
  readonly secrets: readonly string[];
  /** Every request for a token, in order. */
  readonly calls: readonly TokenCall[];
  /** How often a refresh token came that had been rotated away. */
  readonly reuses: number;
  /** Whether an access token is live: issued, not expired, not revoked. `startApi({ accepts: endpoint })` asks it. */
  accepts(accessToken: string): boolean;
  /** The thumbprint of the key (RFC 7638) to which an access token is bound; undefined for a bearer token. */
  boundTo(accessToken: string): string | undefined;
  /** The nonce that was given is good no more: the next proof gets `use_dpop_nonce`. */
  expireNonce(): void;
  /**
   * The person types the user code of a device in, and approves.
   * @throws ConfigurationError for a code that no device waits with
   */
  approve(userCode: string): void;
  /**
   * The person types the user code of a device in, and declines.
   * @throws ConfigurationError for a code that no device waits with
   */
  decline(userCode: string): void;
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

/**
 * Starts an authorization server on 127.0.0.1, on a free port. It grants `client_credentials`, `password` (any user),
 * `authorization_code` (its own codes by their rules, and any other), `refresh_token` (RFC 6749) and device codes (RFC 8628), to
 * its one client.
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
  const { dpop = false, dpopNonces = false, clock = systemTime } = given;
  if (dpopNonces && !dpop) throw new ConfigurationError('`dpopNonces` of startTokenEndpoint needs `dpop: true`');
  const client: Client = { clientId: given.clientId ?? 'test-client', clientSecret: secretOf(given) };
  const proofs = dpop ? new ProofCheck({ clock, nonces: dpopNonces }) : undefined;
  const site = new Site({
    ...signInsOf(given, client),
    clock,
    proofs,
    tokens: tokensOf(given),
    issuer: () => server.origin,
  });
  const server = await startLoopback((request, response) => site.serve(request, response), {
    unref: true,
    port: assertPort(given.port, 'startTokenEndpoint'),
  });
  return endpointOf(site, {
    client,
    dpop,
    issuer: server.origin,
    close: () => server.stop(),
    expireNonce: () => proofs?.expireNonce(),
  });
}

interface Started {
  readonly client: Client;
  readonly dpop: boolean;
  readonly issuer: string;
  readonly close: () => Promise<void>;
  readonly expireNonce: () => void;
}

function endpointOf({ desk, devices, authorization, idTokens }: Site, started: Started): TokenEndpoint {
  const { client, dpop, issuer, close, expireNonce } = started;
  const { ledger, answers, calls } = desk;
  return {
    ...urlsOf(issuer),
    ...client,
    dpop,
    issued: ledger.issued,
    calls,
    get reuses() {
      return ledger.reuses;
    },
    get secrets() {
      const codes = [...authorization.codes, ...devices.codes];
      const all = [...ledger.issued, ...ledger.refreshTokens, ...codes, ...idTokens.issued, client.clientSecret];
      return all.filter((secret) => secret !== '');
    },
    accepts: (accessToken) => ledger.valid(accessToken),
    boundTo: (accessToken) => ledger.boundTo(accessToken),
    expireNonce,
    approve: (userCode) => devices.decide(userCode, 'approve'),
    decline: (userCode) => devices.decide(userCode, 'decline'),
    revoke: (token) => revoke(desk, token),
    revokeAll: () => ledger.revokeAll(),
    failNext: (failing) => answers.next(failures(failing)),
    answerNext: (...next) => answers.next(assertAnswers(next)),
    hangNext: () => held(answers),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function urlsOf(issuer: string): Pick<TokenEndpoint, 'issuer' | 'url'> & Urls {
  return {
    issuer,
    url: issuer + PATHS.token,
    authorizationUrl: issuer + PATHS.authorization,
    deviceAuthorizationUrl: issuer + PATHS.deviceAuthorization,
    introspectionUrl: issuer + PATHS.introspection,
    revocationUrl: issuer + PATHS.revocation,
  };
}

type Urls = Pick<TokenEndpoint, 'authorizationUrl' | 'deviceAuthorizationUrl' | 'introspectionUrl' | 'revocationUrl'>;

function revoke({ ledger }: TokenDesk, token: string): void {
  if (!ledger.issued.includes(token) && !ledger.refreshTokens.includes(token))
    throw new ConfigurationError('The token that is to be revoked was not issued by this endpoint');
  ledger.revoke(token);
}
