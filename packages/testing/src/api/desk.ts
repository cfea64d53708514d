// What the API does with one request: who is it from, which answer was chosen for it, may it in, what does it get.
import { DpopError, PROOF_ALGS } from '../dpop/signed-proof.js';
import type { ProofCheck } from '../dpop/proof-check.js';
import { reply, script, wait } from '../server/answer.js';
import type { Answer, Script } from '../server/answer.js';
import type { Received } from '../server/loopback.js';
import { errorOf } from '../server/refusal.js';
import { pathOf } from '../server/request.js';
import type { ServerResponse } from 'node:http';

/** Who knows which access tokens are good, and in which order they were issued. */
export interface TokenJudge {
  /** Every access token that was issued, in order; `authorization` of an {@link ApiCall} counts by it. */
  readonly issued: readonly string[];
  /** Whether a request with this access token is let in. */
  accepts(accessToken: string): boolean;
  /** Whether tokens are bound to a key (RFC 9449), so that requests without one are challenged for it. Default: false. */
  readonly dpop?: boolean | undefined;
  /** The key to which a token is bound: it must then come as DPoP, with a proof. Default: nobody asks. */
  readonly boundTo?: ((accessToken: string) => string | undefined) | undefined;
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
  /** What a 401 says is wrong: "invalid_token", "invalid_dpop_proof" or "use_dpop_nonce"; undefined where nothing is. */
  readonly error: string | undefined;
}

type Noted = { -readonly [Name in keyof ApiCall]: ApiCall[Name] };

export interface ApiDeskOptions extends Pick<TokenJudge, 'accepts' | 'dpop' | 'boundTo'> {
  readonly proofs: ProofCheck;
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
    const { delayMs, onCall, proofs } = this.#options;
    if (proofs.nonce !== undefined) response.setHeader('dpop-nonce', proofs.nonce);
    const scripted = this.answers.take() ?? {};
    await wait(delayMs);
    call.error = errorOf(scripted);
    await reply(response, scripted, () => {
      const answer = this.#usual(request);
      call.error = errorOf(answer);
      return answer;
    });
    if (response.headersSent) call.status = response.statusCode;
    onCall?.(call);
  }

  /** A 401; of a request without credentials its challenge says no more than the scheme (RFC 6750, 3.1; RFC 9449, 7.1). */
  rejection({ error, description, scheme = this.#options.dpop ? 'DPoP' : 'Bearer' }: Rejection = {}): Answer {
    const said = { error, error_description: description, algs: scheme === 'DPoP' ? PROOF_ALGS.join(' ') : undefined };
    const pairs = Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${value}"`]));
    const challenge = [scheme, ...(pairs.length > 0 ? [pairs.join(', ')] : [])].join(' ');
    return { status: 401, headers: { 'www-authenticate': challenge }, json: { error: error ?? 'unauthorized' } };
  }

  #note(request: Received): Noted {
    const { accessToken, scheme } = credentialsOf(request);
    const number = accessToken === undefined ? 0 : this.#options.numberOf(accessToken);
    const token = number > 0 ? `#${number}` : 'unknown';
    const call = {
      method: request.method,
      path: pathOf(request),
      status: undefined,
      authorization: accessToken === undefined ? scheme : `${scheme} ${token}`,
      hasApiKey: request.headers['x-api-key'] !== undefined,
      error: undefined,
    };
    this.calls.push(call);
    return call;
  }

  #usual(request: Received): Answer {
    const { accepts, apiKey } = this.#options;
    if (apiKey !== undefined && request.headers['x-api-key'] !== apiKey)
      return { status: 403, json: { error: 'the API key is missing, or another' } };
    const { accessToken, scheme } = credentialsOf(request);
    if (accessToken === undefined) return this.rejection();
    if (!accepts(accessToken)) return this.rejection({ error: 'invalid_token' });
    const unproven = this.#unproven(request, accessToken, /^dpop$/i.test(scheme));
    if (unproven) return unproven;
    const [{ method }, path] = [request, pathOf(request)];
    return this.routes.get(`${method} ${path}`) ?? this.routes.get(path) ?? { json: { ok: true, method, path } };
  }

  /** A bound token is good with a proof by its key alone, and a proof makes no bearer token a bound one (RFC 9449, 7). */
  #unproven(request: Received, accessToken: string, isDpop: boolean): Answer | undefined {
    const { boundTo, proofs } = this.#options;
    if (!boundTo) return undefined;
    const thumbprint = boundTo(accessToken);
    if ((thumbprint !== undefined) !== isDpop)
      return this.rejection({ error: 'invalid_token', description: `it is ${isDpop ? 'not ' : ''}bound to a key` });
    try {
      if (!isDpop || proofs.thumbprint(request, accessToken) === thumbprint) return undefined;
      return this.rejection({ error: 'invalid_token', description: 'it is bound to another key', scheme: 'DPoP' });
    } catch (error) {
      if (!(error instanceof DpopError)) throw error;
      return this.rejection({ error: error.code, description: error.message, scheme: 'DPoP' });
    }
  }
}

interface Rejection {
  readonly error?: string | undefined;
  readonly description?: string | undefined;
  readonly scheme?: 'Bearer' | 'DPoP';
}

/** Bearer and DPoP carry an access token (RFC 6750, RFC 9449). */
function credentialsOf({ headers }: Received): { readonly scheme: string; readonly accessToken: string | undefined } {
  const [scheme = 'none', credentials] = headers.authorization?.split(' ') ?? [];
  return { scheme, accessToken: /^(?:bearer|dpop)$/i.test(scheme) ? credentials : undefined };
}
