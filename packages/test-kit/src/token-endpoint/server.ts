// A token endpoint whose every answer can be chosen: what a real authorization server does, and what it never should.
// It stands in for OAuth 2 (RFC 6749) with introspection (RFC 7662) and revocation (RFC 7009) beside it.

import { startLoopback, TokenDesk } from '@axios-authorizer/testing/extend';
import type { LoopbackServer, Scripted, TokenAsk, TokenDeskOptions } from '@axios-authorizer/testing/extend';

/** What a token request is answered with: an answer, or what a function makes of the request (undefined: as usual). */
export type TokenAnswer = Scripted<TokenAsk>;

export type TokenEndpointOptions = Omit<TokenDeskOptions, 'refuses'>;

export interface TokenEndpoint extends LoopbackServer {
  /** `origin` + '/token'; '/introspect' and '/revoke' stand beside it. */
  readonly url: string;
  /** Token requests received. */
  readonly calls: number;
  /** The form of each token request. */
  readonly bodies: readonly URLSearchParams[];
  /** Access tokens that were issued, in order. */
  readonly issued: readonly string[];
  /** Refresh tokens presented after they were rotated away. */
  readonly reuses: number;
  /** False once a reuse was seen: every later refresh is answered with `invalid_grant`. */
  readonly familyAlive: boolean;
  /** Answers for the next token requests, in order of arrival. */
  next(...answers: TokenAnswer[]): void;
  /** The answer while the queue is empty, until called with undefined. */
  always(answer: TokenAnswer | undefined): void;
  /** Issued, not revoked, and not expired if a clock was given. */
  valid(accessToken: string): boolean;
  revoke(accessToken: string): void;
  revokeAll(): void;
}

/** Starts a scriptable token endpoint; left alone it grants client_credentials, password and refresh_token. */
export async function startTokenEndpoint(options: TokenEndpointOptions = {}): Promise<TokenEndpoint> {
  const desk = new TokenDesk(options);
  const server = await startLoopback((request, response) => desk.serve(request, response));
  const { ledger, answers, bodies } = desk;
  return {
    ...server,
    url: `${server.origin}/token`,
    bodies,
    issued: ledger.issued,
    get calls() {
      return bodies.length;
    },
    get reuses() {
      return ledger.reuses;
    },
    get familyAlive() {
      return ledger.familyAlive;
    },
    next: (...next) => answers.next(next),
    always: (answer) => answers.always(answer),
    valid: (accessToken) => ledger.valid(accessToken),
    revoke: (accessToken) => ledger.revoke(accessToken),
    revokeAll: () => ledger.revokeAll(),
  };
}
