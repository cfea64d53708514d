// A client whose API sends requests elsewhere: to a friend in scope, to a stranger, and back.
import type { ResourceServer } from '@axios-authorizer/test-kit';
import type { ClientInfo } from '../../src/index.js';
import type { Stage, World, WorldOptions } from './world.js';

export const clientInfo: ClientInfo = { clientId: 'me', apiKey: 'the-key' };
const open = { accepts: () => true };

export interface Travel extends World {
  /** In scope. */
  readonly friend: ResourceServer;
  readonly stranger: ResourceServer;
}

/** All three servers let anybody in; their `requests` say with what. */
export async function travel(stage: Stage, adapter: string, options: WorldOptions = {}): Promise<Travel> {
  const [api, friend, stranger] = await Promise.all([stage.api(open), stage.api(open), stage.api(open)]);
  const attach = { allow: [api.origin, friend.origin] };
  const config = { adapter, baseURL: api.origin };
  const scene = await stage.world({ auth: { clientInfo }, config, attach, ...options });
  return { ...scene, api, friend, stranger };
}

/** The path that answers with a redirect to `url`. */
export function to(url: string, status = 302): string {
  return `/redirect?status=${status}&to=${encodeURIComponent(url)}`;
}

/** Token and key of each request. */
export function credentials({ requests }: ResourceServer): unknown[] {
  return requests.map(({ headers }) => [headers.authorization, headers['x-api-key']]);
}

export const both: readonly unknown[] = ['Bearer token-1', 'the-key'];
export const none: readonly unknown[] = [undefined, undefined];
