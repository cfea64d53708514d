// A token endpoint whose every answer can be chosen: what a real authorization server does, and what it never should.
// It stands in for OAuth 2 (RFC 6749) with introspection (RFC 7662) and revocation (RFC 7009) beside it.

import { reply, script } from '../api/answer.js';
import { startLoopback } from '../loopback.js';
import { TokenLedger } from './ledger.js';
import type { Script, Scripted } from '../api/answer.js';
import type { LoopbackServer, Received } from '../loopback.js';
import type { LedgerOptions } from './ledger.js';
import type { ServerResponse } from 'node:http';

type Ask = readonly [params: URLSearchParams, request: Received];

/** What a token request is answered with: an answer, or what a function makes of the request (undefined: as usual). */
export type TokenAnswer = Scripted<Ask>;

export interface TokenEndpointOptions extends LedgerOptions {
  /** Real delay of each token answer in milliseconds, default 0; an answer's own `delayMs` goes first. */
  readonly delayMs?: number;
}

export interface TokenEndpoint extends LoopbackServer {
  /** `origin` + '/token'; '/introspect' and '/revoke' stand beside it. */
  readonly url: string;
  /** Token requests received. */
  readonly calls: number;
  /** The form of each token request. */
  readonly bodies: readonly URLSearchParams[];
  /** Access tokens handed out, in order. */
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
  const desk = new Desk(options);
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

/** Takes the requests of one endpoint. */
class Desk {
  readonly bodies: URLSearchParams[] = [];
  readonly answers: Script<Ask> = script<Ask>();
  readonly ledger: TokenLedger;
  readonly #options: TokenEndpointOptions;

  constructor(options: TokenEndpointOptions) {
    this.#options = options;
    this.ledger = new TokenLedger(options);
  }

  async serve(request: Received, response: ServerResponse): Promise<void> {
    const params = new URLSearchParams(request.body.toString());
    const token = params.get('token') ?? '';
    this.#stampDate(response);
    switch (`${request.method} ${request.url.split('?')[0]}`) {
      case 'POST /token':
        return this.#token(params, request, response);
      case 'POST /introspect':
        return reply(response, {}, () => ({ json: this.ledger.introspect(token) }));
      case 'POST /revoke':
        this.ledger.revoke(token);
        return reply(response, { status: 200 }, () => ({}));
      default:
        return reply(response, { status: 404, json: { error: 'not_found' } }, () => ({}));
    }
  }

  async #token(params: URLSearchParams, request: Received, response: ServerResponse): Promise<void> {
    this.bodies.push(params);
    const scripted = this.answers.take(params, request) ?? {};
    const { delayMs = 0 } = this.#options;
    await Promise.allSettled([scripted.after]);
    this.ledger.noteAnswer(scripted);
    await reply(response, { delayMs, ...scripted }, () => this.ledger.grant(params, clientIdOf(params, request)));
  }

  /** A server with a clock of its own lives wholly in that time. */
  #stampDate(response: ServerResponse): void {
    if (this.#options.clock !== undefined) {
      response.setHeader('date', new Date(this.#options.clock.now()).toUTCString());
    }
  }
}

/** The client as it named itself in the form or through Basic (RFC 6749, 2.3.1), unchecked. */
function clientIdOf(params: URLSearchParams, request: Received): string | undefined {
  const encoded = /^Basic (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) {
    return params.get('client_id') ?? undefined;
  }
  const [id = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  return new URLSearchParams(`id=${id}`).get('id') ?? undefined;
}
