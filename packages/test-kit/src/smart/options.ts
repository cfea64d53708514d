// What a test can say to the SMART server and read from it: the whole of its public face in one place, so that the rules
// themselves can be read without it.

import type { Answer, LoopbackOptions, LoopbackServer } from '@axios-authorizer/testing/extend';
import type { SmartWords } from './token/words.js';
import type { TokenAnswer } from '../token-endpoint/server.js';

export interface SmartClientRegistration {
  readonly clientId: string;
  /** Keys handed over at registration; not asked when there is a `jwksUrl`. */
  readonly jwks?: { readonly keys: readonly object[] };
  /** Read by the server, and kept as long as its Cache-Control max-age says by the server's clock; default none. */
  readonly jwksUrl?: string;
  /** What may be granted, each covering narrower scopes too: what is asked beyond it is left out; default everything. */
  readonly scopes?: readonly string[];
}

/** Named as smart-launcher-v2 and bulk-data-server name what they simulate. */
export type SmartFault =
  /** Token endpoint: 401 invalid_client. */
  | 'token_expired_registration_token'
  /** Token endpoint: 401 invalid_client. */
  | 'invalid_jti'
  /** Token endpoint: 400 invalid_scope. */
  | 'token_invalid_scope'
  /** The token endpoint grants tokens that the API never accepts. */
  | 'token_invalid_token'
  /** API: every bearer is refused with 401. */
  | 'request_invalid_token'
  /** API: every bearer is refused with 401 and an OperationOutcome of code 'expired'. */
  | 'request_expired_token'
  /** Token endpoint: 401 with an OperationOutcome in place of OAuth's JSON. */
  | 'auth_operation_outcome'
  /** Token endpoint: 401 with plain text. */
  | 'auth_text'
  /** API: a 401 has no WWW-Authenticate. */
  | 'auth_no_challenge'
  /** Token endpoint: 429 with Retry-After: 2. */
  | 'rate_limited';

export interface SmartBulkOptions {
  /** How often the status is 202 before it is 200; default 1. */
  readonly polls?: number;
  /** Retry-After of those 202s, the polls of one job counted from 1; undefined for none; default '0'. */
  readonly retryAfter?: string | ((poll: number) => string | undefined);
  /** Whether files need a bearer, as the manifest tells; default true. */
  readonly requiresAccessToken?: boolean;
  /** One row per file, `count` lines in each; default one Patient file with 3 lines. */
  readonly files?: readonly { readonly type: string; readonly count: number }[];
  /** Status and files lie below the FHIR base, or beside it at `origin` + '/bulk', as Epic's do; default 'base'. */
  readonly place?: 'base' | 'beside';
  /** Files lie on this server, or on another one with a port of its own; default 'same'. */
  readonly fileOrigin?: 'same' | 'other';
  /** Holds the answer of the n-th download that was let in, counted from 0, until the promise settles. */
  readonly hold?: (index: number) => Promise<unknown> | undefined;
}

export interface SmartBulk {
  readonly kickOffs: number;
  /** Status requests. */
  readonly polls: number;
  /** File requests that were let in. */
  readonly downloads: number;
  readonly deletions: number;
  /** File requests that carried an Authorization header, wherever the files lie. */
  readonly authorizationsSeenByFiles: number;
  /** Where the files lie. */
  readonly filesOrigin: string;
}

export interface SmartServerOptions extends LoopbackOptions {
  readonly clients?: readonly SmartClientRegistration[];
  /**
   * token_endpoint_auth_signing_alg_values_supported and what the token endpoint accepts; null: absent from the document,
   * both accepted; default ['RS384', 'ES384']. RS and ES with 256, 384 and 512 can be verified.
   */
  readonly algorithms?: readonly string[] | null;
  /** Life of access tokens in seconds; null: not told, and 300 all the same; default 300. */
  readonly expiresIn?: number | string | null;
  /** The server's time, for assertions, tokens, cached key sets and the Date header; default the system's. */
  readonly clock?: { now(): number };
  /** False: no answer has a Date header; default true. */
  readonly sendDate?: boolean;
  /** What `aud` of an assertion must be, for servers that want their issuer; default the token URL. */
  readonly audience?: string;
  /** Whose words the refusals of unknown clients and of key sets that cannot be read have; default the server's own. */
  readonly words?: SmartWords;
  /** The last word on the discovery document. */
  readonly document?: (document: Record<string, unknown>) => unknown;
  /** Whether reads and searches of the API need a scope that covers them, else 403; default false. */
  readonly enforceScopes?: boolean;
  readonly bulk?: SmartBulkOptions;
}

/** An assertion as it arrived, unchecked. */
export interface SmartAssertion {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Bytes. */
  readonly signatureLength: number;
}

export interface SmartServer extends LoopbackServer {
  /** `origin` + '/fhir', the FHIR base URL. */
  readonly baseUrl: string;
  /** `origin` + '/auth/token'. */
  readonly tokenUrl: string;
  /** `origin` + '/auth/introspect', which wants a live bearer (RFC 7662). */
  readonly introspectionUrl: string;
  readonly bulk: SmartBulk;
  /** Assignable; stays until changed. */
  fault: SmartFault | undefined;
  /** Token requests of any kind, scripted answers included. */
  readonly calls: number;
  /** Token requests with grant_type refresh_token, which never belong here. */
  readonly refreshRequests: number;
  /** Reads of the discovery document, scripted answers included. */
  readonly discoveries: number;
  readonly introspections: number;
  /** Access tokens handed out, in order. */
  readonly issued: readonly string[];
  /** What the token endpoint refused in OAuth's words, in order; scripted answers are not among them. */
  readonly refusals: readonly { readonly error: string; readonly description: string }[];
  /** Every assertion that could be decoded, of refused and of scripted requests too. */
  readonly assertions: readonly SmartAssertion[];
  /** FHIR requests that the bearer check let in. */
  readonly served: number;
  /** 401s that the bearer check gave. */
  readonly refused: number;
  /** Adds or replaces. */
  register(client: SmartClientRegistration): void;
  /** Answers for the next token requests in order of arrival; undefined (or what a function gives so) for a normal one. */
  nextToken(...answers: (TokenAnswer | undefined)[]): void;
  /** The token answer while the queue is empty, until called with undefined. */
  alwaysToken(answer: TokenAnswer | undefined): void;
  /** The same for reads of the discovery document. */
  nextDiscovery(...answers: (Answer | undefined)[]): void;
  /** The same for FHIR requests, before any check; with only `after` or headers the usual answer, checked then. */
  nextResource(...answers: (Answer | undefined)[]): void;
  /** The bearer of each FHIR request in order, public ones included, discovery not. */
  bearers(): (string | undefined)[];
  /** Issued, not revoked, not expired. */
  valid(accessToken: string): boolean;
  revoke(accessToken: string): void;
  revokeAll(): void;
}
