// What the API does with one request: who is it from, which answer was chosen for it, may it in, what does it get.
import { reply, script, wait } from '../server/answer.js';
import type { Answer, Script } from '../server/answer.js';
import type { Received } from '../server/loopback.js';
import type { ServerResponse } from 'node:http';

/** Who knows which access tokens are good, and in which order they were issued. */
export interface TokenJudge {
  /** Every access token that was issued, in order; `authorization` of an {@link ApiCall} counts by it. */
  readonly issued: readonly string[];
  /** Whether a request with this access token is let in. */
  accepts(accessToken: string): boolean;
}

/** One request. */
export interface ApiCall {
  /** The HTTP method in capitals, such as "GET". */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Of the answer; undefined while there is none, and where the connection was cut. */
  readonly status: number | undefined;
  /**
   * What it carried, without the secret: "none"; "Bearer #2" for the second token that was issued (where `accepts` is a
   * function: that came); "Bearer unknown" for one that was issued by nobody; of other schemes the name, "Basic".
   */
  readonly authorization: string;
  /** Whether it carried an X-Api-Key. */
  readonly hasApiKey: boolean;
}

export interface ApiDeskOptions {
  readonly accepts: (accessToken: string) => boolean;
  /** The number of a token, from 1; 0 when nobody issued it. */
  readonly numberOf: (accessToken: string) => number;
  readonly apiKey?: string | undefined;
  readonly routes?: Readonly<Record<string, Answer>> | undefined;
  readonly delayMs?: number | undefined;
  readonly onCall?: ((call: ApiCall) => void) | undefined;
}

export class ApiDesk {
  readonly calls: ApiCall[] = [];
  readonly answers: Script<readonly []> = script<readonly []>();
  readonly routes: Map<string, Answer>;
  readonly #options: ApiDeskOptions;

  constructor(options: ApiDeskOptions) {
    this.#options = options;
    this.routes = new Map(Object.entries(options.routes ?? {}));
  }

  async serve(request: Received, response: ServerResponse): Promise<void> {
    const call = this.#note(request);
    const scripted = this.answers.take() ?? {};
    await wait(this.#options.delayMs);
    await reply(response, scripted, () => this.#usual(request));
    if (response.headersSent) call.status = response.statusCode;
    this.#options.onCall?.(call);
  }

  /** A 401; of a request without credentials its challenge says no more than the scheme (RFC 6750, 3.1). */
  rejection(error?: 'invalid_token'): Answer {
    const challenge = error === undefined ? 'Bearer' : `Bearer error="${error}"`;
    return { status: 401, headers: { 'www-authenticate': challenge }, json: { error: error ?? 'unauthorized' } };
  }

  #note(request: Received): ApiCall & { status: number | undefined } {
    const { accessToken, scheme } = credentialsOf(request);
    const number = accessToken === undefined ? 0 : this.#options.numberOf(accessToken);
    const token = number > 0 ? `#${number}` : 'unknown';
    const call = {
      method: request.method,
      path: pathOf(request),
      status: undefined,
      authorization: accessToken === undefined ? scheme : `${scheme} ${token}`,
      hasApiKey: request.headers['x-api-key'] !== undefined,
    };
    this.calls.push(call);
    return call;
  }

  #usual(request: Received): Answer {
    const { accepts, apiKey } = this.#options;
    if (apiKey !== undefined && request.headers['x-api-key'] !== apiKey)
      return { status: 403, json: { error: 'the API key is missing, or another' } };
    const { accessToken } = credentialsOf(request);
    if (accessToken === undefined) return this.rejection();
    if (!accepts(accessToken)) return this.rejection('invalid_token');
    const [{ method }, path] = [request, pathOf(request)];
    return this.routes.get(`${method} ${path}`) ?? this.routes.get(path) ?? { json: { ok: true, method, path } };
  }
}

/** Bearer and DPoP carry an access token (RFC 6750, RFC 9449). */
function credentialsOf({ headers }: Received): { readonly scheme: string; readonly accessToken: string | undefined } {
  const [scheme = 'none', credentials] = headers.authorization?.split(' ') ?? [];
  return { scheme, accessToken: /^(?:bearer|dpop)$/i.test(scheme) ? credentials : undefined };
}

function pathOf({ url }: Received): string {
  return url.split('?')[0] ?? '';
}
