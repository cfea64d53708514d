// Who is let in, for the API, its bulk files and the introspection endpoint alike (RFC 6750).

import { bearerOf } from '@axios-authorizer/testing/extend';
import { outcome } from './bulk/outcome.js';
import { permits } from './token/scopes.js';
import type { Answer, Received } from '@axios-authorizer/testing/extend';
import type { SmartContext } from './context.js';

export class SmartBearerCheck {
  served = 0;
  refused = 0;
  readonly #context: SmartContext;

  constructor(context: SmartContext) {
    this.#context = context;
  }

  /** The 401 for a request without a live bearer, counted; undefined, counted too, for one that may pass. */
  refusal(request: Received): Answer | undefined {
    const { fault, ledger } = this.#context;
    const bearer = bearerOf(request);
    const alwaysRefused = fault === 'request_invalid_token' || fault === 'request_expired_token';
    if (bearer !== undefined && ledger.valid(bearer) && !alwaysRefused) {
      this.served += 1;
      return undefined;
    }
    this.refused += 1;
    return this.#unauthorized(bearer);
  }

  /** The 403 for a bearer whose scope does not cover what is asked (RFC 6750, 3.1); undefined for one that does. */
  insufficient(request: Received, type: string, right: string): Answer | undefined {
    const { ledger, options } = this.#context;
    const { scope } = ledger.introspect(bearerOf(request) ?? '');
    if (options.enforceScopes !== true || (typeof scope === 'string' && permits(scope, type, right))) {
      return undefined;
    }
    const needed = `system/${type}.${right}`;
    const refusal = outcome(403, 'forbidden', `The access token's scope does not cover ${needed}`);
    const challenge = `Bearer error="insufficient_scope", scope="${needed}"`;
    return { ...refusal, headers: { ...refusal.headers, 'www-authenticate': challenge } };
  }

  #unauthorized(bearer: string | undefined): Answer {
    const { fault, ledger } = this.#context;
    const ended = fault !== 'request_invalid_token' && bearer !== undefined && ledger.issued.includes(bearer);
    const expired = ended || fault === 'request_expired_token';
    const refusal = expired
      ? outcome(401, 'expired', 'The access token has expired')
      : outcome(401, 'login', bearer === undefined ? 'An access token is needed' : 'The access token is invalid');
    return { ...refusal, headers: { ...refusal.headers, ...this.#challenge(bearer) } };
  }

  /** No error code for a request without credentials (RFC 6750, 3.1). */
  #challenge(bearer: string | undefined): Readonly<Record<string, string>> {
    if (this.#context.fault === 'auth_no_challenge') {
      return {};
    }
    return { 'www-authenticate': bearer === undefined ? 'Bearer' : 'Bearer error="invalid_token"' };
  }
}
