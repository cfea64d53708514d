// The FHIR API behind the tokens: small resources, enough of them that a client can read, search and export.

import { bearerOf, reply, script } from '@axios-authorizer/testing/extend';
import { capabilityStatement, smartConfiguration } from './documents.js';
import { outcome, resource } from './bulk/outcome.js';
import type { Answer, Received, Script } from '@axios-authorizer/testing/extend';
import type { SmartBearerCheck } from './bearer-check.js';
import type { SmartBulkExport } from './bulk/bulk.js';
import type { SmartContext } from './context.js';
import type { ServerResponse } from 'node:http';

interface Parts {
  readonly context: SmartContext;
  readonly check: SmartBearerCheck;
  readonly bulk: SmartBulkExport;
}

export class SmartApi {
  discoveries = 0;
  readonly bearers: (string | undefined)[] = [];
  readonly answers: Script<readonly []> = script<readonly []>();
  readonly documents: Script<readonly []> = script<readonly []>();
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @param path below the FHIR base, without the query */
  async serve(path: string, request: Received, response: ServerResponse): Promise<void> {
    if (path === '/.well-known/smart-configuration') {
      this.discoveries += 1;
      await reply(response, this.documents.take() ?? {}, () => this.#discovery(request));
      return;
    }
    this.bearers.push(bearerOf(request));
    await reply(response, this.answers.take() ?? {}, () => this.#answer(path, request));
  }

  #discovery({ method }: Received): Answer {
    const { context } = this.#parts;
    return method === 'GET'
      ? smartConfiguration(context)
      : outcome(405, 'not-supported', 'The document is read with GET');
  }

  #answer(path: string, request: Received): Answer | Promise<Answer> {
    const { context, check, bulk } = this.#parts;
    if (path === '/metadata') {
      return capabilityStatement(context);
    }
    if (bulk.isFile(path)) {
      return bulk.file(path, request);
    }
    return check.refusal(request) ?? bulk.answer(path, request) ?? this.#resource(path, request);
  }

  #resource(path: string, request: Received): Answer {
    const [type = '', id] = path.slice(1).split('/');
    const insufficient = this.#parts.check.insufficient(request, type, id === undefined ? 's' : 'r');
    return insufficient ?? resource(id === undefined ? searchset(type) : { resourceType: type, id });
  }
}

function searchset(type: string): object {
  const entry = ['1', '2'].map((id) => ({ resource: { resourceType: type, id } }));
  return { resourceType: 'Bundle', type: 'searchset', total: entry.length, entry };
}
