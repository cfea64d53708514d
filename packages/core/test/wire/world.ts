// The stage of the wire tests: a token endpoint, an API that knows its tokens, a clock that is paused, and an axios client
// with an authorizer attached. Everything that was started is stopped after the test.
import axios from 'axios';
import type { AxiosError, AxiosInstance, CreateAxiosDefaults } from 'axios';
import { ManualClock, startLoopback, startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import type {
  LoopbackHandler,
  LoopbackServer,
  ResourceServer,
  ResourceServerOptions,
  TokenEndpoint,
  TokenEndpointOptions,
} from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer, clientCredentialsSource, clientSecretBasic, passwordSource } from '../../src/index.js';
import { clientOverFetch, OVER_FETCH } from './over-fetch.js';
import type { AttachAuthOptions, AuthEvent, AuthorizerOptions, TokenSource } from '../../src/index.js';

export interface WorldOptions {
  readonly idp?: TokenEndpointOptions;
  readonly api?: ResourceServerOptions;
  readonly auth?: AuthorizerOptions;
  /** false: the test attaches by itself. */
  readonly attach?: AttachAuthOptions | false;
  readonly config?: CreateAxiosDefaults;
}

export interface World {
  readonly idp: TokenEndpoint;
  readonly api: ResourceServer;
  readonly clock: ManualClock;
  readonly events: AuthEvent[];
  readonly source: TokenSource;
  readonly auth: Authorizer;
  readonly client: AxiosInstance;
  readonly detach: () => void;
}

export interface Stage {
  /** Servers, authorizer and client, ready to be used. */
  readonly world: (options?: WorldOptions) => Promise<World>;
  /** Another API; by default it lets any bearer in. */
  readonly api: (options?: ResourceServerOptions) => Promise<ResourceServer>;
  readonly server: (handle: LoopbackHandler) => Promise<LoopbackServer>;
}

/** To be called once at the top of a test file. */
export function stage(): Stage {
  const servers: LoopbackServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  const keep = <S extends LoopbackServer>(server: S): S => {
    servers.push(server);
    return server;
  };
  return {
    world: (options = {}) => startWorld(options, keep),
    api: async (options) => keep(await startResourceServer(options)),
    server: async (handle) => keep(await startLoopback(handle)),
  };
}

async function startWorld(options: WorldOptions, keep: <S extends LoopbackServer>(server: S) => S): Promise<World> {
  const clock = new ManualClock();
  const idp = keep(await startTokenEndpoint({ clock, ...options.idp }));
  const accepts = (bearer: string | undefined): boolean => bearer !== undefined && idp.valid(bearer);
  const api = keep(await startResourceServer({ accepts, ...options.api }));
  const events: AuthEvent[] = [];
  const source = sourceAt(idp, clock, options.idp?.refreshTokens !== undefined);
  const auth = new Authorizer(source, { clock, observer: (event) => events.push(event), ...options.auth });
  const config = { baseURL: api.origin, ...options.config };
  const { client, detach } = clientOf(auth, config, options.attach);
  return { idp, api, clock, events, source, auth, client, detach };
}

function clientOf(
  auth: Authorizer,
  config: CreateAxiosDefaults,
  attach: WorldOptions['attach'],
): Pick<World, 'client' | 'detach'> {
  const isOver = config.adapter === OVER_FETCH;
  const client = isOver ? clientOverFetch(auth, config, overFetch(attach)) : axios.create(config);
  const detach = isOver || attach === false ? () => undefined : attachAuth(client, auth, attach);
  return { client, detach };
}

function overFetch(attach: WorldOptions['attach']): Parameters<typeof clientOverFetch>[2] {
  const { allow } = attach || {};
  return allow === undefined ? {} : { allow };
}

function sourceAt({ url }: TokenEndpoint, clock: ManualClock, withRefresh: boolean): TokenSource {
  const clientAuth = clientSecretBasic({ clientId: 'the-client', clientSecret: 'the-secret' });
  const common = { tokenUrl: url, clientAuth, clock };
  return withRefresh
    ? passwordSource({ ...common, username: 'ada', password: 'the-password' })
    : clientCredentialsSource(common);
}

/** The numbers from 0 to `count` - 1. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** What a promise is rejected with. */
export function rejection(promise: Promise<unknown>): Promise<AxiosError> {
  return promise.then(
    () => Promise.reject(new Error('Expected a rejection')),
    (error: AxiosError) => error,
  );
}

/** The statuses of answers, each once, with how often. */
export function tally(values: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}

/** The status of the answer that `promise` brings, as a response or on an error. */
export function statusOf(promise: Promise<{ readonly status: number }>): Promise<number | undefined> {
  return promise.then(
    ({ status }) => status,
    (error: AxiosError) => error.response?.status,
  );
}
