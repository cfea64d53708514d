// What a token endpoint does with a request, apart from what its users call it: the answer that was chosen for it, or that of a
// well-behaved authorization server; introspection (RFC 7662) and revocation (RFC 7009) are beside it.

import { reply, script } from '../server/answer.js';
import { errorOf } from '../server/refusal.js';
import { pathOf } from '../server/request.js';
import { TokenLedger } from './ledger.js';
import type { Answer, Script } from '../server/answer.js';
import type { Received } from '../server/loopback.js';
import type { GrantDetails, LedgerOptions } from './ledger.js';
import type { ServerResponse } from 'node:http';

/** What an answer to a token request may depend on: the fields of the form, and the request. */
export type TokenAsk = readonly [params: URLSearchParams, request: Received];

/** The options of a {@link TokenDesk}. */
export interface TokenDeskOptions extends LedgerOptions {
  /** Real delay of each token answer in milliseconds, default 0; an answer's own `delayMs` goes first. */
  readonly delayMs?: number;
  /** Told of each request for a token once it was answered. Default: nobody is. */
  onCall?(call: TokenCall): void;
  /** Whether the client may have the token, and what is known of it beyond the form. Default: every client may. */
  judge?(params: URLSearchParams, request: Received): Judgement;
}

/** What is known of a token request before it is granted. */
export interface Judgement extends GrantDetails {
  /** The answer to a client that may not ask. Default: it may. */
  readonly refusal?: Answer | undefined;
}

/** One request for a token. */
export interface TokenCall {
  /** `grant_type` of the form; undefined when it was left out. */
  readonly grantType: string | undefined;
  /** The client as it named itself, by Basic or in the form; undefined when it did not. */
  readonly clientId: string | undefined;
  /** The scope that was asked for. */
  readonly scope: string | undefined;
  /** Of the answer; undefined while there is none, and where the connection was cut. */
  readonly status: number | undefined;
  /** `error` of an answer that is a refusal. */
  readonly error: string | undefined;
}

type Noted = { -readonly [Name in keyof TokenCall]: TokenCall[Name] };

/**
 * Takes the requests of one endpoint.
 * @example
 * ```ts
 * const desk = new TokenDesk({ expiresIn: 60, refreshTokens: 'rotating' });
 * const server = await startLoopback((request, response) => desk.serve(request, response));
 * desk.answers.next([{ status: 503 }]); // for the first request to /token
 * ```
 */
export class TokenDesk {
  /** The form of every request for a token, in order. */
  readonly bodies: URLSearchParams[] = [];
  /** Every request for a token, in order. */
  readonly calls: TokenCall[] = [];
  /** Answers for the next requests for a token, in place of the usual ones. */
  readonly answers: Script<TokenAsk> = script<TokenAsk>();
  /** The tokens that it has issued. */
  readonly ledger: TokenLedger;
  readonly #options: TokenDeskOptions;

  constructor(options: TokenDeskOptions) {
    this.#options = options;
    this.ledger = new TokenLedger(options);
  }

  /** Answers one request: POST to `/token`, `/introspect` or `/revoke`; everything else gets 404. */
  async serve(request: Received, response: ServerResponse): Promise<void> {
    const params = new URLSearchParams(request.body.toString());
    const token = params.get('token') ?? '';
    this.#stampDate(response);
    switch (`${request.method} ${pathOf(request)}`) {
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
    const call = this.#note(params, request);
    const scripted = this.answers.take(params, request) ?? {};
    const { delayMs = 0 } = this.#options;
    await Promise.allSettled([scripted.after]);
    this.ledger.noteAnswer(scripted);
    call.error = errorOf(scripted);
    await reply(response, { delayMs, ...scripted }, () => {
      const answer = this.#usual(params, request);
      call.error = errorOf(answer);
      return answer;
    });
    if (response.headersSent) call.status = response.statusCode;
    this.#options.onCall?.(call);
  }

  #note(params: URLSearchParams, request: Received): Noted {
    this.bodies.push(params);
    const [grantType, scope] = ['grant_type', 'scope'].map((name) => params.get(name) ?? undefined);
    const call = { grantType, scope, clientId: clientIdOf(params, request), status: undefined, error: undefined };
    this.calls.push(call);
    return call;
  }

  #usual(params: URLSearchParams, request: Received): Answer {
    const judged = this.#options.judge?.(params, request) ?? {};
    return judged.refusal ?? this.ledger.grant(params, clientIdOf(params, request), judged);
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
  return clientOf(params, request)[0];
}

/** Identifier and secret of the client, from the form or from Basic (RFC 6749, 2.3.1). */
export function clientOf(params: URLSearchParams, request: Received): readonly (string | undefined)[] {
  const encoded = /^Basic (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) {
    return ['client_id', 'client_secret'].map((name) => params.get(name) ?? undefined);
  }
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  return [id, secret.join(':')].map((part) => new URLSearchParams(`part=${part}`).get('part') ?? undefined);
}
