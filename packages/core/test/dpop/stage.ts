// The stage of the DPoP tests: strict servers, a proof, an authorizer, and the ways by which a request goes out.
import axios from 'axios';
import type { AxiosAdapter, AxiosRequestConfig } from 'axios';
import type { LoopbackHandler } from '@axios-authorizer/test-kit';
import { dpopProof } from '../../src/dpop/index.js';
import type { DpopProof, DpopProofOptions } from '../../src/dpop/index.js';
import { authorizedFetch } from '../../src/fetch/index.js';
import { attachAuth, Authorizer, clientCredentialsSource, passwordSource, publicClient } from '../../src/index.js';
import type { AuthEvent, AuthorizerOptions } from '../../src/index.js';
import { startServers } from './servers.js';
import type { Servers, Settings } from './servers.js';

/** What of an answer the tests look at. */
export interface Seen {
  readonly status: number;
  readonly data: unknown;
  readonly url: string | undefined;
}

export type Way = 'http' | 'fetch' | 'custom' | 'authorizedFetch';
export const WAYS: readonly Way[] = ['http', 'fetch', 'custom', 'authorizedFetch'];

export interface Scene extends Servers {
  readonly proof: DpopProof;
  readonly auth: Authorizer;
  readonly events: AuthEvent[];
  /** Sends a request to the API by one of the ways; an answer of any status is one. */
  readonly send: (
    way: Way,
    path: string,
    config?: Pick<AxiosRequestConfig, 'method' | 'data' | 'params' | 'maxRedirects' | 'beforeRedirect'>,
  ) => Promise<Seen>;
}

export interface SceneOptions {
  readonly settings?: Settings;
  readonly routes?: Record<string, LoopbackHandler>;
  readonly proof?: DpopProofOptions;
  readonly auth?: AuthorizerOptions;
  /** Whether the source keeps refresh tokens, of a public client. */
  readonly refreshes?: boolean;
  /** Called when the API gets a request. */
  readonly onRequest?: () => void;
}

/** To be called once at the top of a test file. */
export function stage(): (options?: SceneOptions) => Promise<Scene> {
  const running: Servers[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((servers) => servers.stop()));
  });
  return async (options = {}) => {
    const servers = await startServers(options.settings, options.routes, options.onRequest);
    running.push(servers);
    const proof = await dpopProof(options.proof);
    const { tokenUrl, apiUrl } = servers;
    const shared = { tokenUrl, clientAuth: publicClient({ clientId: 'a' }), dpop: proof };
    const events: AuthEvent[] = [];
    const source = options.refreshes
      ? passwordSource({ ...shared, username: 'u', password: 'p' })
      : clientCredentialsSource(shared);
    const auth = new Authorizer(source, { allow: apiUrl, observer: (event) => events.push(event), ...options.auth });
    return {
      ...servers,
      proof,
      auth,
      events,
      send: (way, path, config = {}) => sendBy(way, { auth, apiUrl, path }, config),
    };
  };
}

const custom: AxiosAdapter = (config) => axios.getAdapter('http')(config);

interface Call {
  readonly auth: Authorizer;
  readonly apiUrl: string;
  readonly path: string;
}

async function sendBy(way: Way, { auth, apiUrl, path }: Call, config: AxiosRequestConfig): Promise<Seen> {
  if (way === 'authorizedFetch') {
    const url = axios.getUri({ url: apiUrl + path, params: config.params as object });
    const init = { method: config.method ?? 'GET', ...(config.data !== undefined && { body: String(config.data) }) };
    const response = await authorizedFetch(auth, { allow: apiUrl })(url, init);
    return { status: response.status, data: await response.json().catch(() => ''), url: response.url };
  }
  const client = axios.create({ baseURL: apiUrl, adapter: way === 'custom' ? custom : way, validateStatus: null });
  attachAuth(client, auth);
  const answer = await client.request<unknown>({ url: path, ...config });
  const request = answer.request as { res?: { responseUrl?: string } } | undefined;
  return { status: answer.status, data: answer.data, url: request?.res?.responseUrl };
}
