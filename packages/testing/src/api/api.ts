// The API behind the token, for a user's tests: it lets good tokens in, and tells the test who called, with which token and
// with what success, without ever holding out the token itself.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions } from '@axios-authorizer/core/extend';
import type { OptionTable } from '@axios-authorizer/core/extend';
import { ProofCheck } from '../dpop/proof-check.js';
import type { Answer } from '../server/answer.js';
import { assertAnswers, assertDelay, assertPort, assertTimes, failures } from '../server/failures.js';
import type { FailNextOptions } from '../server/failures.js';
import { held } from '../server/held.js';
import type { HeldRequest } from '../server/held.js';
import { startLoopback } from '../server/loopback.js';
import { ApiDesk } from './desk.js';
import type { ApiCall, ApiDeskOptions, TokenJudge } from './desk.js';

/** The options of {@link startApi}: which requests are let in, and what they get. */
export interface ApiOptions {
  /**
   * Which access tokens are good: a token endpoint, a fake authorizer, or a function. Those that the endpoint has bound to a key
   * are good with a DPoP proof alone. Default: every token is, but there must be one.
   */
  readonly accepts?: TokenJudge | ((accessToken: string) => boolean) | undefined;
  /** The X-Api-Key that every request must carry as well. Default: none. */
  readonly apiKey?: string | undefined;
  /** Answers by route, "GET /items" or "/items" for every method. Default: 200 `{ ok: true, method, path }` to all. */
  readonly routes?: Readonly<Record<string, Answer>> | undefined;
  /** Whether proofs must hold a nonce of this server (RFC 9449 section 9). Default: false. */
  readonly dpopNonces?: boolean | undefined;
  /** How long each answer takes, in milliseconds of real time. Default: 0. */
  readonly delayMs?: number | undefined;
  /** The port to listen on. Default: a free one. */
  readonly port?: number | undefined;
  /** Told of each request once it was answered. Default: nobody is. */
  readonly onCall?: ((call: ApiCall) => void) | undefined;
  /** Time, by which proofs are judged; that of `manualClock()`, for instance. Default: the system's. */
  readonly clock?:
    | {
        /** In ms since the epoch. */
        now(): number;
      }
    | undefined;
}

/** A protected API on loopback, as {@link startApi} returns it. */
export interface Api {
  /** Where it listens: the `baseURL` of a client. */
  readonly url: string;
  /** Every request, in order. */
  readonly calls: readonly ApiCall[];
  /** The requests of one route: "GET /items", or "/items" for every method. */
  callsTo(route: string): readonly ApiCall[];
  /** The next requests get 401 and a Bearer challenge, whatever token they carry. */
  rejectNext(options?: { readonly times?: number | undefined }): void;
  /** The next requests fail: with 503, or as `options` say. */
  failNext(options?: FailNextOptions): void;
  /** The next requests get these answers, in order of arrival. */
  answerNext(...answers: readonly Answer[]): void;
  /** The next request hangs until it is released; then it is judged as usual. */
  hangNext(): HeldRequest;
  /** The nonce that was given is good no more: the next proof gets `use_dpop_nonce`. */
  expireNonce(): void;
  /** From now on what one route answers to those who are let in. */
  route(route: string, answer: Answer): void;
  /** Ends the server and every connection; may be called twice. One that is left open does not keep the process alive. */
  close(): Promise<void>;
  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

const OPTIONS: OptionTable<ApiOptions> = {
  accepts: 'any',
  apiKey: 'string',
  routes: 'object',
  dpopNonces: 'any',
  delayMs: 'any',
  port: 'any',
  onCall: 'function',
  clock: 'object',
};

/**
 * Starts a protected API on 127.0.0.1, on a free port. A request without a good token gets 401 with a challenge (RFC 6750,
 * section 3), one without the API key 403.
 * @throws ConfigurationError for an unknown option, or an `accepts` that can judge no token
 * @example
 * ```ts
 * const api = await startApi({ accepts: endpoint, routes: { 'GET /items': { json: [1, 2] } } });
 * api.rejectNext(); // whatever comes next gets 401
 * await api.close();
 * ```
 */
export async function startApi(options?: ApiOptions): Promise<Api> {
  const {
    accepts = () => true,
    dpopNonces: nonces = false,
    clock = Date,
    ...others
  } = checkOptions(options, 'startApi', OPTIONS);
  assertDelay(others.delayMs, 'startApi');
  Object.keys(others.routes ?? {}).forEach(assertRoute);
  const proofs = new ProofCheck({ clock, nonces });
  const desk = new ApiDesk({ ...others, proofs, ...judgeOf(accepts) });
  const server = await startLoopback((request, response) => desk.serve(request, response), {
    unref: true,
    port: assertPort(others.port, 'startApi'),
  });
  const { answers, calls } = desk;
  const close = (): Promise<void> => server.stop();
  return {
    url: server.origin,
    calls,
    callsTo: (route) => {
      assertRoute(route);
      return calls.filter(({ method, path }) => route === path || route === `${method} ${path}`);
    },
    rejectNext: (rejecting) => {
      const { times = 1 } = checkOptions(rejecting, 'rejectNext', { times: 'any' });
      answers.next(
        Array.from({ length: assertTimes(times, 'rejectNext') }, () => desk.rejection({ error: 'invalid_token' })),
      );
    },
    failNext: (failing) => answers.next(failures(failing)),
    answerNext: (...next) => answers.next(assertAnswers(next)),
    hangNext: () => held(answers),
    expireNonce: () => proofs.expireNonce(),
    route: (route, answer) => void desk.routes.set(assertRoute(route), answer),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** @throws ConfigurationError for what is neither "GET /items" nor "/items" */
function assertRoute(route: string): string {
  if (/^(?:[A-Z]+ )?\/[^?#]*$/.test(route)) return route;
  throw new ConfigurationError(
    'A route is a method in capitals and a path without query, "GET /items", or a path alone',
  );
}

/** A function knows no order of issue: then the order counts in which tokens came. */
function judgeOf(
  accepts: TokenJudge | ((accessToken: string) => boolean),
): Pick<ApiDeskOptions, 'accepts' | 'numberOf' | 'dpop' | 'boundTo'> {
  if (typeof accepts === 'function') {
    const seen = new Set<string>();
    return { accepts, numberOf: (accessToken) => [...seen.add(accessToken)].indexOf(accessToken) + 1 };
  }
  if (typeof accepts?.accepts !== 'function' || !Array.isArray(accepts.issued))
    throw new ConfigurationError('`accepts` of startApi must be a token endpoint, a fake authorizer, or a function');
  return {
    dpop: accepts.dpop,
    boundTo: accepts.boundTo && ((accessToken) => accepts.boundTo?.(accessToken)),
    accepts: (accessToken) => accepts.accepts(accessToken),
    numberOf: (accessToken) => accepts.issued.indexOf(accessToken) + 1,
  };
}
