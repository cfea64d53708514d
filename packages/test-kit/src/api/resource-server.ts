// The API on the other side of the authorizer: it lets good bearers in, refuses the others with a proper challenge, can
// hold and stagger its refusals the way a busy API does, and redirects so that leaks across origins can be seen.

import { createHash } from 'node:crypto';
import { bearerOf, filler, reply, script, startLoopback, stream, wait } from '@axios-authorizer/testing/extend';
import type { Answer, LoopbackServer, Received, Script } from '@axios-authorizer/testing/extend';
import type { ServerResponse } from 'node:http';

type Accepts = (bearer: string | undefined, request: Received) => boolean;
type RouteHandler = (request: Received, response: ServerResponse) => void | Promise<void>;

export interface ResourceServerOptions {
  /** Which bearers are good; default any. */
  readonly accepts?: Accepts;
  /** The X-Api-Key that every request must carry, else 403; default none. */
  readonly apiKey?: string;
  /** WWW-Authenticate of a 401, one header line each, null for none; default 'Bearer error="invalid_token"'. */
  readonly challenge?: string | readonly string[] | null;
  /** Range in milliseconds of real time over which the 401s are spread evenly; default none. */
  readonly staggerMs?: readonly [number, number];
  /** Holds the n-th 401, counted from 0, until the promise settles. */
  readonly hold401?: (index: number) => Promise<unknown> | undefined;
  /** Real delay of what is served, in milliseconds; default 0. */
  readonly delayMs?: number;
}

export interface ResourceServer extends LoopbackServer {
  /** Requests that the bearer check let in. */
  readonly served: number;
  /** 401s that the bearer check gave. */
  readonly refused: number;
  /** Assignable, asked when a request arrives. */
  accepts: Accepts;
  /** Answers in order of arrival, before any check; undefined for a normal one. */
  next(...answers: (Answer | undefined)[]): void;
  /** Serves a path, without its query, in place of the usual 200, behind the checks. */
  route(path: string, handle: RouteHandler): void;
  /** The bearer of each request in order. */
  bearers(): (string | undefined)[];
}

/** Starts a protected API: redirects first, then scripted answers, the API key, the bearer, and at last what was asked for. */
export async function startResourceServer(options: ResourceServerOptions = {}): Promise<ResourceServer> {
  const api = new Api(options);
  const server = await startLoopback((request, response) => api.serve(request, response));
  return {
    ...server,
    get served() {
      return api.served;
    },
    get refused() {
      return api.refused;
    },
    get accepts() {
      return api.accepts;
    },
    set accepts(accepts) {
      api.accepts = accepts;
    },
    next: (...answers) => api.answers.next(answers),
    route: (path, handle) => void api.routes.set(path, handle),
    bearers: () => server.requests.map(bearerOf),
  };
}

class Api {
  served = 0;
  refused = 0;
  accepts: Accepts;
  readonly answers: Script<readonly []> = script<readonly []>();
  readonly routes: Map<string, RouteHandler> = new Map<string, RouteHandler>([['/stream', serveStream]]);
  readonly #options: ResourceServerOptions;

  constructor(options: ResourceServerOptions) {
    this.#options = options;
    this.accepts = options.accepts ?? ((bearer) => bearer !== undefined);
  }

  async serve(request: Received, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1');
    if (pathname === '/redirect') {
      const location = searchParams.get('to') ?? '/';
      response.writeHead(Number(searchParams.get('status') ?? 302), { location }).end();
      return;
    }
    const scripted = this.answers.take();
    await (scripted === undefined
      ? this.#check(pathname, request, response)
      : reply(response, scripted, () => ({ json: describe(request) })));
  }

  async #check(path: string, request: Received, response: ServerResponse): Promise<void> {
    const { apiKey, delayMs } = this.#options;
    if (apiKey !== undefined && request.headers['x-api-key'] !== apiKey) {
      await reply(response, { status: 403, json: { error: 'forbidden' } }, () => ({}));
      return;
    }
    if (!this.accepts(bearerOf(request), request)) {
      await this.#refuse(response);
      return;
    }
    this.served += 1;
    await wait(delayMs);
    await (this.routes.get(path) ?? serveDescription)(request, response);
  }

  async #refuse(response: ServerResponse): Promise<void> {
    const { challenge = 'Bearer error="invalid_token"', staggerMs, hold401 } = this.#options;
    const index = this.refused;
    this.refused += 1;
    await Promise.allSettled([hold401?.(index)]);
    await wait(spread(index, staggerMs));
    if (challenge !== null) {
      response.setHeader('www-authenticate', challenge);
    }
    await reply(response, { status: 401, json: { error: 'invalid_token' } }, () => ({}));
  }
}

/** The golden ratio's multiples fill a range evenly however many follow (Weyl's sequence). */
function spread(index: number, [from, to]: readonly [number, number] = [0, 0]): number {
  return from + (to - from) * ((index * 0.618_033_988_749_895) % 1);
}

/** What arrived, without the token itself, since answers are printed. */
function describe(request: Received): object {
  const { method, url, body } = request;
  const bearer = bearerOf(request);
  const digest = bearer === undefined ? null : createHash('sha256').update(bearer).digest('hex').slice(0, 8);
  return { ok: true, method, path: url, bearer: digest, length: body.length };
}

function serveDescription(request: Received, response: ServerResponse): Promise<void> {
  return reply(response, {}, () => ({ json: describe(request) }));
}

function serveStream(request: Received, response: ServerResponse): Promise<void> {
  const { searchParams } = new URL(request.url, 'http://127.0.0.1');
  response.setHeader('content-type', 'application/octet-stream');
  return stream(response, filler(Number(searchParams.get('bytes') ?? 0)));
}
