// Behind one origin stand an authorization server, a FHIR API and the files of bulk exports. Here requests find their way
// to them, and every answer gets its Date from the server's own clock.

import { reply } from '@axios-authorizer/testing/extend';
import { SmartApi } from './api.js';
import { SmartBearerCheck } from './bearer-check.js';
import { SmartBulkExport } from './bulk/bulk.js';
import { smartContext } from './context.js';
import { SmartIntrospection } from './token/introspection.js';
import { SmartTokenDesk } from './token/token-desk.js';
import type { Received } from '@axios-authorizer/testing/extend';
import type { SmartContext } from './context.js';
import type { SmartServerOptions } from './options.js';
import type { ServerResponse } from 'node:http';

interface Origins {
  readonly main: string;
  readonly files: string;
}

export class SmartSite {
  readonly context: SmartContext;
  readonly check: SmartBearerCheck;
  readonly desk: SmartTokenDesk;
  readonly introspection: SmartIntrospection;
  readonly bulk: SmartBulkExport;
  readonly api: SmartApi;

  constructor(origins: Origins, options: SmartServerOptions) {
    const context = smartContext(origins.main, options);
    const check = new SmartBearerCheck(context);
    this.context = context;
    this.check = check;
    this.desk = new SmartTokenDesk(context);
    this.introspection = new SmartIntrospection(context);
    this.bulk = new SmartBulkExport({ context, check, filesOrigin: origins.files });
    this.api = new SmartApi({ context, check, bulk: this.bulk });
  }

  async serve(request: Received, response: ServerResponse): Promise<void> {
    const path = this.#pathOf(request);
    this.#stampDate(response);
    if (path === '/auth/token') {
      await this.desk.serve(request, response);
    } else if (path === '/auth/introspect') {
      await reply(response, {}, () => this.introspection.answer(request));
    } else if (this.#isOfApi(path)) {
      await this.api.serve(belowRoot(path), request, response);
    } else {
      await reply(response, { status: 404, json: { error: 'not_found' } }, () => ({}));
    }
  }

  /** For a server on which nothing but files lies. */
  async serveFile(request: Received, response: ServerResponse): Promise<void> {
    const path = belowRoot(this.#pathOf(request));
    this.#stampDate(response);
    await reply(response, {}, () => this.bulk.file(path, request));
  }

  #isOfApi(path: string): boolean {
    const { bulk } = this.context.options;
    return /^\/fhir(?:\/|$)/.test(path) || (bulk?.place === 'beside' && path.startsWith('/bulk/'));
  }

  #pathOf({ url }: Received): string {
    return new URL(url, this.context.origin).pathname;
  }

  #stampDate(response: ServerResponse): void {
    response.sendDate = false;
    if (this.context.options.sendDate !== false) {
      response.setHeader('date', new Date(this.context.now()).toUTCString());
    }
  }
}

/** What follows the FHIR base, or the place of bulk data beside it. */
function belowRoot(path: string): string {
  return path.replace(/^\/(?:fhir|bulk)/, '');
}
