// The pool's front door: the headers that name an operation, the key set, and what CORS wants so that pages may ask.

import { reply } from '@axios-authorizer/testing/extend';
import { CognitoDesk } from './desk.js';
import { amzJson, cognitoError } from './error.js';
import { HostedUiPages } from './hosted-ui.js';
import type { CognitoContext } from './context.js';
import type { Received } from '@axios-authorizer/testing/extend';
import type { ServerResponse } from 'node:http';

const readable = 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date';

export class CognitoSite {
  keySetReads = 0;
  readonly desk: CognitoDesk;
  readonly #context: CognitoContext;
  readonly #pages: HostedUiPages | undefined;

  constructor(context: CognitoContext) {
    this.#context = context;
    this.#pages = context.options.hostedUi && new HostedUiPages(context, context.options.hostedUi);
    this.desk = new CognitoDesk(context);
  }

  async serve(request: Received, response: ServerResponse): Promise<void> {
    const cors = this.#context.options.cors !== false;
    this.#stamp(response, cors);
    if (cors && request.method === 'OPTIONS') {
      preflight(request, response);
    } else if (request.method === 'GET' && request.url === `/${this.#context.poolId}/.well-known/jwks.json`) {
      await this.#keySet(response);
    } else if (!(await this.#pages?.serve(request, response, (path) => this.desk.scripted(path)))) {
      await this.#operation(request, response);
    }
  }

  #stamp(response: ServerResponse, cors: boolean): void {
    response.sendDate = false;
    response.setHeader('date', new Date(this.#context.now()).toUTCString());
    if (cors) {
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('access-control-expose-headers', readable);
    }
  }

  async #keySet(response: ServerResponse): Promise<void> {
    this.keySetReads += 1;
    const headers = { 'cache-control': 'public, max-age=86400' };
    const scripted = this.desk.scripted('jwks') ?? {};
    await reply(response, scripted, () => ({ headers, json: this.#context.keys.jwks() }));
  }

  async #operation(request: Received, response: ServerResponse): Promise<void> {
    const name = operationIn(request);
    if (name === undefined) {
      const refusal = cognitoError('UnknownOperationException', 'Operations are POSTed to / as JSON 1.1');
      await reply(response, refusal, () => ({}));
      return;
    }
    await this.desk.serve(name, request.body.toString(), response);
  }
}

/** The operation of a well-formed request. */
function operationIn({ method, url, headers }: Received): string | undefined {
  const target = headers['x-amz-target'];
  const isAsked = method === 'POST' && url === '/' && headers['content-type'] === amzJson;
  return isAsked ? /^AWSCognitoIdentityProviderService\.(\w+)$/.exec(String(target))?.[1] : undefined;
}

function preflight({ headers }: Received, response: ServerResponse): void {
  response.writeHead(200, {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
    'access-control-max-age': '172800',
  });
  response.end();
}
