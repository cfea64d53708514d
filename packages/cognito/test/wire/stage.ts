// A client of an API that wants a token of the pool and a key, beside others that must see neither.
import { startCognitoApi } from '@axios-authorizer/test-kit';
import type { CognitoApiOptions, ResourceServer } from '@axios-authorizer/test-kit';
import type { CreateAxiosDefaults } from 'axios';
import { createCognitoClient } from '../../src/index.js';
import type { SRPAuthorizerOptions } from '../../src/index.js';
import { afterwards, loopback, world } from '../stage.js';
import type { World, WorldOptions } from '../stage.js';

export const apiKey = 'the-key-of-the-api';
export const adapters = ['http', 'fetch'] as const;

export type Client = ReturnType<typeof clientOf>;

export interface Scene extends World {
  readonly api: ResourceServer;
  readonly client: Client;
}

export interface SceneOptions extends WorldOptions {
  readonly api?: CognitoApiOptions;
  readonly config?: CreateAxiosDefaults;
}

/** The world's own authorizer stays unused: the client has one. */
export async function scene(given: SceneOptions = {}): Promise<Scene> {
  const base = await world({ ...given, client: { apiKey, ...given.client } });
  const api = await apiOf(base, given.api);
  return { ...base, api, client: clientOf(base, { baseURL: api.origin, ...given.config }) };
}

/** Wants the key unless told otherwise. */
export async function apiOf({ pool }: Pick<World, 'pool'>, options?: CognitoApiOptions): Promise<ResourceServer> {
  const api = await startCognitoApi(pool, { apiKey, ...options });
  afterwards(() => api.stop());
  return api;
}

// oxlint-disable-next-line typescript/explicit-module-boundary-types -- its type is the one that is being tested
export function clientOf(
  { clientInfo, options }: Pick<World, 'clientInfo' | 'options'>,
  config: CreateAxiosDefaults,
  changes: Partial<SRPAuthorizerOptions> = {},
) {
  return createCognitoClient({ ...options, ...changes, clientInfo }, config);
}

/** Somebody who takes everything. */
export async function stranger(): ReturnType<typeof loopback> {
  return loopback((_request, response) => void response.end('{}'));
}

/** Token and key of each request. */
export function credentials({ requests }: Pick<ResourceServer, 'requests'>): readonly (readonly unknown[])[] {
  return requests.map(({ headers }) => [headers.authorization, headers['x-api-key']]);
}

export const none: readonly unknown[] = [undefined, undefined];

/** The path that answers with a redirect to `url`. */
export function to(url: string, status = 302): string {
  return `/redirect?status=${status}&to=${encodeURIComponent(url)}`;
}
