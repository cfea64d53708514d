// Agents of every kind, and a client with a request under way on one: its headers hang on the agent's sockets.
import http from 'node:http';
import https from 'node:https';
import { runInThisContext } from 'node:vm';
import axios from 'axios';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { until } from '@axios-authorizer/test-kit';
import type { ResourceServer } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer } from '../../src/index.js';
import { afterwards, resourceServer } from '../endpoint/stage.js';
import { accessToken, apiKey, token } from './secrets.js';

export type Config = AxiosRequestConfig;
export type Kind = readonly [name: string, adapter: string, make: () => Config];

export const kinds: readonly [Kind, ...Kind[]] = [
  ['httpAgent', 'http', () => ({ httpAgent: keepAlive(), httpsAgent: new https.Agent({ keepAlive: true }) })],
  ['an agent-like object', 'http', () => ({ httpAgent: new AgentLike(keepAlive()) })],
  ['a transport that keeps its agent', 'http', () => ({ transport: new OwnTransport(keepAlive()), maxRedirects: 0 })],
  ['an agent under a name of its own', 'http', () => pooled(keepAlive())],
  ['a dispatcher', 'fetch', () => ({ fetchOptions: { dispatcher: dispatcher() } })],
  [
    'an agent beside fetch',
    'fetch',
    () => ({ httpAgent: keepAlive(), fetchOptions: { agent: keepAlive() } }) as Config,
  ],
];

export function keepAlive(): http.Agent {
  const agent = new http.Agent({ keepAlive: true });
  afterwards(() => agent.destroy());
  return agent;
}

function pooled(agent: http.Agent): Config {
  const config = { httpAgent: agent, pool: { of: [agent] } };
  return config;
}

/** As proxy agents of other libraries are: no subclass of Node's. */
class AgentLike {
  readonly defaultPort = 80;
  readonly protocol = 'http:';
  readonly agent: http.Agent;

  constructor(agent: http.Agent) {
    this.agent = agent;
  }

  addRequest(...words: unknown[]): void {
    Reflect.apply(Reflect.get(this.agent, 'addRequest') as () => void, this.agent, words);
  }
}

/** A transport that brings its own connections. */
class OwnTransport {
  readonly agent: http.Agent;

  constructor(agent: http.Agent) {
    this.agent = agent;
  }

  request(options: http.RequestOptions, heard: () => void): http.ClientRequest {
    return http.request({ ...options, agent: this.agent }, heard);
  }
}

/** Node's own undici, whose class is not exported. */
function dispatcher(): object {
  const ambient: unknown = Reflect.get(
    runInThisContext('globalThis') as object,
    Symbol.for('undici.globalDispatcher.1'),
  );
  const Agent = (ambient as object).constructor as new () => { destroy(): Promise<void> };
  const agent = new Agent();
  afterwards(() => agent.destroy());
  return agent;
}

export interface Stage {
  readonly api: ResourceServer;
  readonly client: AxiosInstance;
}

/** A client with one request under way on its agent, which stays there. */
export async function underWay([, adapter, make]: Kind): Promise<Stage> {
  await fetch('data:,loads undici');
  const api = await resourceServer();
  api.route('/circle', (_, response) => void response.writeHead(302, { location: '/circle' }).end());
  const client = axios.create({ baseURL: api.origin, adapter, ...make() });
  const clientInfo = { clientId: 'me', apiKey };
  attachAuth(client, new Authorizer(() => Promise.resolve({ ...token }), { clientInfo, initialToken: token }), {
    allow: [api.origin, 'http://127.0.0.1:1'],
  });
  const leave = new AbortController();
  afterwards(() => leave.abort());
  api.next({ hang: true });
  client.get('/hanging', { signal: leave.signal }).catch(() => undefined);
  await until(() => api.requests.length === 1);
  expect(api.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${accessToken}`, 'x-api-key': apiKey });
  return { api, client };
}
