// One axios client per service, over shared defaults: each with its own base URL, headers and authorizer.
import axios from 'axios';
import type { AxiosInstance, CreateAxiosDefaults } from 'axios';
import { attachAuth } from './attach-auth.js';
import type { AttachAuthOptions } from './attach-auth.js';
import type { Authorizer } from './authorizer.js';

export interface ServiceDefinition {
  /** The client's own defaults; `baseURL` says where its token may go, unless `options.allow` does. */
  readonly config: CreateAxiosDefaults;
  /** Services may share one. */
  readonly authorizer: Authorizer;
  readonly options?: AttachAuthOptions;
}

/**
 * A client for each service, under the same names.
 * @param sharedConfig defaults of all clients; a service's own win
 * @throws ConfigurationError when a service does not say where its token may go
 */
export function composeClients<S extends Readonly<Record<string, ServiceDefinition>>>(
  services: S,
  sharedConfig: CreateAxiosDefaults = {},
): { readonly [name in keyof S]: AxiosInstance } {
  const shared = axios.create(sharedConfig);
  const composed = Object.entries(services).map(([name, { config, authorizer, options }]) => {
    const client = shared.create(config);
    attachAuth(client, authorizer, options);
    return [name, client] as const;
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names are those of `services`
  return Object.fromEntries(composed) as { readonly [name in keyof S]: AxiosInstance };
}
