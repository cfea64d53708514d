// Where the token of a service lies: a file a service and client, so that no token is taken for another's.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileTokenStore } from '@axios-authorizer/core/node';
import type { TokenStore } from '@axios-authorizer/core';
import type { Service } from '../services/service.js';
import type { Terminal } from '../terminal/terminal.js';
import { stateFolder } from './folder.js';
import { storeKeyOf } from './store-key.js';

export interface TokenPlace {
  /** Of this service and client; the names of its files begin with it. */
  readonly id: string;
  readonly tokenPath: string;
  /** What `status` shows; nothing secret. */
  readonly aboutPath: string;
  /** Of a user pool: the devices that it remembers. */
  readonly devicesPath: string;
}

/** What makes two services two: not where their secrets are, nor how they are reached. */
const IDENTITY = [
  'kind',
  'baseUrl',
  'issuer',
  'tokenUrl',
  'authUrl',
  'userPoolId',
  'endpoint',
  'clientId',
  'username',
  'audience',
  'parameters',
  'accessCode1',
] as const;
const ID_LENGTH = 12;

export function tokenFolder(terminal: Terminal): string {
  return join(stateFolder(terminal), 'tokens');
}

export function tokenPlace({ name, settings }: Pick<Service, 'name' | 'settings'>, terminal: Terminal): TokenPlace {
  const members = new Map<string, unknown>(Object.entries(settings));
  const scope = 'scope' in settings ? [settings.scope ?? []].flat().join(' ') : ''; // a text or a list
  const identity = JSON.stringify([scope, ...IDENTITY.map((member) => members.get(member) ?? null)]);
  const id = `${name}-${createHash('sha256').update(identity).digest('hex').slice(0, ID_LENGTH)}`;
  return placeOf(id, terminal);
}

export function placeOf(id: string, terminal: Terminal): TokenPlace {
  const path = join(tokenFolder(terminal), id);
  return { id, tokenPath: `${path}.token`, aboutPath: `${path}.about.json`, devicesPath: `${path}.devices` };
}

/** The store of a service's token, sealed where there is a key for it. */
export async function tokenStoreOf(service: Service, terminal: Terminal): Promise<TokenStore> {
  const { tokenPath } = tokenPlace(service, terminal);
  const encryptionKey = await storeKeyOf(service, terminal);
  return fileTokenStore(tokenPath, { ...(encryptionKey !== undefined && { encryptionKey }) });
}
