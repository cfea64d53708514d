// A FHIR server with its authorization server on one loopback port, as strict as SMART App Launch 2.2 lets a server be.
// Its judgement owes nothing to the libraries that clients sign with, so a mistake cannot be on both sides.

import { startLoopback } from '@axios-authorizer/testing/extend';
import { SmartSite } from './site.js';
import type { Answer, LoopbackServer, Received } from '@axios-authorizer/testing/extend';
import type {
  SmartAssertion,
  SmartBulk,
  SmartClientRegistration,
  SmartFault,
  SmartServer,
  SmartServerOptions,
} from './options.js';
import type { TokenAnswer } from '../token-endpoint/server.js';

interface Doors {
  readonly main: LoopbackServer;
  /** Where bulk files lie: the main server or one of their own. */
  readonly files: LoopbackServer;
}

/** Starts the server; every client that is to be known has to be registered, here or later. */
export async function startSmartServer(options: SmartServerOptions = {}): Promise<SmartServer> {
  const main = await startLoopback((request, response) => site.serve(request, response), options);
  const apart = options.bulk?.fileOrigin === 'other';
  const files = apart ? await startLoopback((request, response) => site.serveFile(request, response), options) : main;
  const site = new SmartSite({ main: main.origin, files: files.origin }, options);
  const server = new RunningSmartServer(site, { main, files });
  options.clients?.forEach((client) => server.register(client));
  return server;
}

class RunningSmartServer implements SmartServer {
  readonly origin: string;
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly introspectionUrl: string;
  readonly requests: Received[];
  readonly bulk: SmartBulk;
  readonly #site: SmartSite;
  readonly #doors: Doors;

  constructor(site: SmartSite, doors: Doors) {
    this.#site = site;
    this.#doors = doors;
    this.bulk = site.bulk;
    ({ origin: this.origin, requests: this.requests } = doors.main);
    ({ baseUrl: this.baseUrl, tokenUrl: this.tokenUrl, introspectionUrl: this.introspectionUrl } = site.context);
  }

  get fault(): SmartFault | undefined {
    return this.#site.context.fault;
  }

  set fault(fault: SmartFault | undefined) {
    this.#site.context.fault = fault;
  }

  get calls(): number {
    return this.#site.desk.calls;
  }

  get refreshRequests(): number {
    return this.#site.desk.refreshRequests;
  }

  get discoveries(): number {
    return this.#site.api.discoveries;
  }

  get introspections(): number {
    return this.#site.introspection.calls;
  }

  get issued(): readonly string[] {
    return this.#site.context.ledger.issued;
  }

  get refusals(): SmartServer['refusals'] {
    return this.#site.desk.refusals;
  }

  get assertions(): readonly SmartAssertion[] {
    return this.#site.desk.assertions;
  }

  get served(): number {
    return this.#site.check.served;
  }

  get refused(): number {
    return this.#site.check.refused;
  }

  register(client: SmartClientRegistration): void {
    this.#site.desk.clients.set(client.clientId, client);
  }

  nextToken(...answers: (TokenAnswer | undefined)[]): void {
    this.#site.desk.answers.next(answers);
  }

  alwaysToken(answer: TokenAnswer | undefined): void {
    this.#site.desk.answers.always(answer);
  }

  nextDiscovery(...answers: (Answer | undefined)[]): void {
    this.#site.api.documents.next(answers);
  }

  nextResource(...answers: (Answer | undefined)[]): void {
    this.#site.api.answers.next(answers);
  }

  bearers(): (string | undefined)[] {
    return [...this.#site.api.bearers];
  }

  valid(accessToken: string): boolean {
    return this.#site.context.ledger.valid(accessToken);
  }

  revoke(accessToken: string): void {
    this.#site.context.ledger.revoke(accessToken);
  }

  revokeAll(): void {
    this.#site.context.ledger.revokeAll();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#doors.main.stop(), this.#doors.files.stop()]);
  }
}
