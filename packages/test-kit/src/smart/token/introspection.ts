// RFC 7662 as SMART App Launch 2.2 profiles it: the caller shows a bearer of its own, and learns of any token whether it
// is active, and if so its scope, client_id and exp.

import { bearerOf } from '@axios-authorizer/testing/extend';
import type { Answer, Received } from '@axios-authorizer/testing/extend';
import type { SmartContext } from '../context.js';

export class SmartIntrospection {
  calls = 0;
  readonly #context: SmartContext;

  constructor(context: SmartContext) {
    this.#context = context;
  }

  answer(request: Received): Answer {
    this.calls += 1;
    if (request.method !== 'POST') {
      return { status: 405, headers: { allow: 'POST' }, json: { error: 'invalid_request' } };
    }
    const { ledger } = this.#context;
    if (!ledger.valid(bearerOf(request) ?? '')) {
      const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' };
      return { status: 401, headers: challenge, json: { error: 'invalid_token' } };
    }
    const token = new URLSearchParams(request.body.toString()).get('token');
    return token === null
      ? { status: 400, json: { error: 'invalid_request', error_description: 'token is missing' } }
      : { status: 200, headers: { 'cache-control': 'no-store' }, json: ledger.introspect(token) };
  }
}
