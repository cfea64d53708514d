// The token endpoint of the SMART server: takes a request through every rule in turn, grants or refuses it, and keeps the
// books from which a test learns what its client really sent.

import { randomBytes } from 'node:crypto';
import { reply, script } from '@axios-authorizer/testing/extend';
import { checkClaims, checkHeader, checkKeyUrl, clientOf, decodeAssertion } from './assertion.js';
import { faultyAnswer } from '../faults.js';
import { readTokenForm } from './form.js';
import { KeySets } from './key-sets.js';
import { demandClient, Refusal } from './refusal.js';
import { grantable } from './scopes.js';
import { checkSignature } from './signature.js';
import { UsedJtis } from './used-jtis.js';
import type { Answer, Received, Script } from '@axios-authorizer/testing/extend';
import type { DecodedAssertion } from './assertion.js';
import type { SmartContext } from '../context.js';
import type { SmartAssertion, SmartClientRegistration } from '../options.js';
import type { ServerResponse } from 'node:http';

interface Arrival {
  readonly request: Received;
  readonly params: URLSearchParams;
  readonly assertion: DecodedAssertion | undefined;
  /** Whether its assertion came for the first time. */
  readonly fresh: boolean;
}

const bothAlgorithms = ['RS384', 'ES384'];
const usualLifeSeconds = 300;
const unkept = { 'cache-control': 'no-store', pragma: 'no-cache' };

export class SmartTokenDesk {
  calls = 0;
  refreshRequests = 0;
  readonly assertions: SmartAssertion[] = [];
  readonly refusals: { error: string; description: string }[] = [];
  readonly clients: Map<string, SmartClientRegistration> = new Map<string, SmartClientRegistration>();
  readonly answers: Script<readonly [URLSearchParams, Received]> = script<readonly [URLSearchParams, Received]>();
  readonly #context: SmartContext;
  readonly #keySets: KeySets;
  readonly #jtis: UsedJtis;

  constructor(context: SmartContext) {
    this.#context = context;
    this.#keySets = new KeySets(context.now, context.options.words);
    this.#jtis = new UsedJtis(context.now);
  }

  async serve(request: Received, response: ServerResponse): Promise<void> {
    const arrival = this.#record(request);
    const scripted = this.answers.take(arrival.params, request) ?? {};
    await Promise.allSettled([scripted.after]);
    this.#context.ledger.noteAnswer(scripted);
    await reply(response, scripted, () => this.#answer(arrival));
  }

  /** Everything that arrives is put down, and its jti spent, whatever it is answered with. */
  #record(request: Received): Arrival {
    const params = new URLSearchParams(request.body.toString());
    const assertion = decodeAssertion(params.get('client_assertion') ?? '');
    this.calls += 1;
    this.refreshRequests += params.get('grant_type') === 'refresh_token' ? 1 : 0;
    if (assertion === undefined) {
      return { request, params, assertion, fresh: true };
    }
    const { header, claims, signatureLength } = assertion;
    this.assertions.push({ header, claims, signatureLength });
    return { request, params, assertion, fresh: this.#jtis.spend(assertion) };
  }

  async #answer(arrival: Arrival): Promise<Answer> {
    try {
      return faultyAnswer(this.#context.fault) ?? (await this.#grant(arrival));
    } catch (error) {
      return this.#refuse(error);
    }
  }

  async #grant(arrival: Arrival): Promise<Answer> {
    const form = readTokenForm(arrival.request, arrival.params);
    const client = await this.#authenticate(arrival);
    const scope = grantable(form.scope, client.scopes);
    const token = randomBytes(32).toString('base64url');
    const { expiresIn = usualLifeSeconds } = this.#context.options;
    const life = Number(expiresIn ?? usualLifeSeconds);
    this.#context.ledger.note(token, life, { clientId: client.clientId, scope });
    if (this.#context.fault === 'token_invalid_token') {
      this.#context.ledger.revoke(token);
    }
    const expiry = expiresIn === null ? {} : { expires_in: expiresIn };
    return { headers: unkept, json: { access_token: token, token_type: 'bearer', ...expiry, scope } };
  }

  async #authenticate({ assertion, fresh }: Arrival): Promise<SmartClientRegistration> {
    const { options, now, tokenUrl } = this.#context;
    demandClient(assertion !== undefined, 'The client_assertion is no JWT');
    checkHeader(assertion, options.algorithms ?? bothAlgorithms);
    const client = clientOf(assertion, this.clients, options.words);
    checkKeyUrl(assertion, client);
    checkSignature(assertion, await this.#keySets.keysOf(client));
    checkClaims(assertion, { now: now(), audience: options.audience ?? tokenUrl });
    demandClient(fresh, 'Invalid jti: it was already used');
    return client;
  }

  #refuse(error: unknown): Answer {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    const { message: description, status } = error;
    this.refusals.push({ error: error.error, description });
    const allow = status === 405 ? { allow: 'POST' } : {};
    return { status, headers: { ...unkept, ...allow }, json: { error: error.error, error_description: description } };
  }
}
