// The whole authorization server: which of its desks answers a request, and what a token request must prove before it is granted.
import { DpopError } from '../dpop/signed-proof.js';
import type { ProofCheck } from '../dpop/proof-check.js';
import { reply } from '../server/answer.js';
import type { Answer } from '../server/answer.js';
import type { Received } from '../server/loopback.js';
import { refusal } from '../server/refusal.js';
import { pathOf } from '../server/request.js';
import { AuthorizationDesk } from '../sign-in/authorization.js';
import type { Redeemed } from '../sign-in/authorization.js';
import { IdTokens } from '../sign-in/id-tokens.js';
import { DeviceDesk } from '../sign-in/device.js';
import type { DeviceOptions } from '../sign-in/device.js';
import { clientOf, TokenDesk } from './desk.js';
import type { Judgement, TokenDeskOptions } from './desk.js';
import { metadata, PATHS } from './metadata.js';
import type { ServerResponse } from 'node:http';

/** One request that is none for a token: of a browser or a device, for metadata, introspection or revocation. */
export interface EndpointRequest {
  /** The HTTP method in capitals, such as "GET". */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Of the answer; undefined where the connection was cut. */
  readonly status: number | undefined;
}

export interface SiteOptions extends Omit<DeviceOptions, 'idTokens'> {
  readonly tokens: Omit<TokenDeskOptions, 'judge'>;
  readonly clientSecret: string;
  /** Undefined where tokens are bound to no key. */
  readonly proofs: ProofCheck | undefined;
  readonly onRequest: ((request: EndpointRequest) => void) | undefined;
}

export class Site {
  readonly desk: TokenDesk;
  readonly devices: DeviceDesk;
  readonly authorization: AuthorizationDesk;
  readonly idTokens: IdTokens;
  readonly #options: SiteOptions;

  constructor(options: SiteOptions) {
    this.#options = options;
    this.idTokens = new IdTokens(options);
    this.devices = new DeviceDesk({ ...options, idTokens: this.idTokens });
    this.authorization = new AuthorizationDesk({ ...options, idTokens: this.idTokens });
    this.desk = new TokenDesk({ ...options.tokens, judge: (params, request) => this.#judge(params, request) });
  }

  async serve(request: Received, response: ServerResponse): Promise<void> {
    const { proofs, onRequest } = this.#options;
    const [{ method }, path] = [request, pathOf(request)];
    if (proofs?.nonce !== undefined) response.setHeader('dpop-nonce', proofs.nonce);
    const answer = this.#answerOf(request);
    await (answer ? reply(response, answer, () => ({})) : this.desk.serve(request, response));
    if (method === 'POST' && path === PATHS.token) return;
    onRequest?.({ method, path, status: response.headersSent ? response.statusCode : undefined });
  }

  /** Undefined for what the desk of tokens answers. */
  #answerOf(request: Received): Answer | undefined {
    const { isPublic, issuer, proofs } = this.#options;
    const [isGet, isPost] = [request.method === 'GET', request.method === 'POST'];
    const path = pathOf(request);
    if ((path === PATHS.metadata || path === PATHS.openId) && isGet)
      return metadata(issuer(), { isPublic, dpop: proofs !== undefined });
    if (path === PATHS.jwks && isGet) return { json: this.idTokens.jwks };
    if (path === PATHS.authorization && (isGet || isPost)) return this.authorization.answer(request);
    if (path === PATHS.device && (isGet || isPost)) return this.devices.page(request);
    if (path !== PATHS.deviceAuthorization || !isPost) return undefined;
    const params = new URLSearchParams(request.body.toString());
    return this.#otherClient(params, request) ?? this.devices.begin(params);
  }

  #judge(params: URLSearchParams, request: Received): Judgement {
    const refused = this.#otherClient(params, request);
    if (refused) return { refusal: refused };
    try {
      const boundTo = this.#options.proofs?.thumbprint(request);
      return { ...this.#redeemed(params, boundTo), boundTo, isPublic: this.#options.isPublic };
    } catch (error) {
      if (!(error instanceof DpopError)) throw error;
      return { refusal: refusal(error.code, error.message) };
    }
  }

  /** What a person has granted is looked up when everything else is right: a code is good once. */
  #redeemed(params: URLSearchParams, boundTo: string | undefined): Redeemed {
    const grantType = params.get('grant_type');
    if (grantType === 'authorization_code') return this.authorization.redeem(params, boundTo);
    return grantType === 'urn:ietf:params:oauth:grant-type:device_code' ? this.devices.redeem(params) : {};
  }

  /** RFC 6749, 5.2. */
  #otherClient(params: URLSearchParams, request: Received): Answer | undefined {
    const [id, secret = ''] = clientOf(params, request);
    if (id === this.#options.clientId && secret === this.#options.clientSecret) return undefined;
    const json = {
      error: 'invalid_client',
      error_description: 'another client id, or another secret, is expected here',
    };
    return { status: 401, headers: { 'www-authenticate': 'Basic' }, json };
  }
}
