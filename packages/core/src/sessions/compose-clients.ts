// One axios client per service, over shared defaults: each with its own base URL, headers and authorizer.
import axios from 'axios';
import type { AxiosInstance, CreateAxiosDefaults } from 'axios';
import { attachAuth } from '../axios/attach.js';
import type { AttachAuthOptions } from '../axios/attach.js';
import type { Authorizer } from '../authorizer.js';
import { isObject } from '../internal/records.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';
import { hideSockets } from '../axios/http/http-adapter.js';

/** One service: the defaults of its client, and what its token comes from. */
export interface ServiceDefinition {
  /** The client's own defaults; `baseURL` says where its token may go, unless `options.allow` does. */
  readonly config: CreateAxiosDefaults;
  /** Services may share one. */
  readonly authorizer: Authorizer;
  /** Those of `attachAuth`: `allow`, `retry` … Default: none. */
  readonly options?: AttachAuthOptions;
}

/** `auth` stands on the services of packages that say what signs. */
const SERVICE: OptionTable<ServiceDefinition & { readonly auth?: unknown }> = {
  config: 'object',
  authorizer: 'any',
  options: 'any',
  auth: 'any',
};

/** A client with its authorizer in reach. */
export type AuthorizedClient<A extends Authorizer = Authorizer> = AxiosInstance & {
  /** What its tokens come from, for `logout()` or `setToken()`. */
  readonly authorizer: A;
};

/**
 * A client for each service, under the same names.
 * @param sharedConfig defaults of all clients; a service's own win
 * @throws ConfigurationError when a service does not say where its token may go
 *
 * @example
 * ```ts
 * const { reports } = composeClients(
 *   { reports: { config: { baseURL: 'https://reports.example.org' }, authorizer } },
 *   { timeout: 10_000 },
 * );
 * await reports.get('/monthly');
 * ```
 */
export function composeClients<S extends Readonly<Record<string, ServiceDefinition>>>(
  services: S,
  sharedConfig: CreateAxiosDefaults = {},
): { readonly [name in keyof S]: AuthorizedClient<S[name]['authorizer']> } {
  if (!isObject(services))
    throw new ConfigurationError('composeClients needs an object of services: { name: { config, authorizer } }');
  const shared = axios.create(sharedConfig);
  const composed = Object.entries(services).map(
    ([name, service]) => [name, clientOf(service, shared, `The service ${name}`)] as const,
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names are those of `services`
  return Object.fromEntries(composed) as { readonly [name in keyof S]: AuthorizedClient<S[name]['authorizer']> };
}

/**
 * The client of one service. @throws ConfigurationError when it is not said where its token may go
 *
 * @example
 * ```ts
 * const reports = createClient({ config: { baseURL: 'https://reports.example.org' }, authorizer });
 * await reports.get('/monthly');
 * ```
 */
export function createClient<A extends Authorizer>(
  service: ServiceDefinition & { readonly authorizer: A },
): AuthorizedClient<A> {
  return clientOf(service, axios, 'createClient');
}

function clientOf<A extends Authorizer>(
  service: ServiceDefinition & { readonly authorizer: A },
  maker: Pick<AxiosInstance, 'create'>,
  where: string,
): AuthorizedClient<A> {
  if (!isObject(service)) throw new ConfigurationError(`${where} needs one object: { config, authorizer, options? }`);
  const { config, authorizer, options } = checkOptions<ServiceDefinition & { readonly authorizer: A }>(
    service,
    where,
    SERVICE,
  );
  if (authorizer === undefined) throw new ConfigurationError(`${where} needs an \`authorizer\``);
  const client = maker.create(config);
  hideSockets(client.defaults);
  attachAuth(client, authorizer, options);
  return Object.assign(client, { authorizer });
}
