// The keys of a client, from the path that a service names.
import { isAbsolute, join } from 'node:path';
import { loadKeys } from '@axios-authorizer/smart-backend';
import type { SmartBackendKeys } from '@axios-authorizer/smart-backend';
import type { Service } from '../service.js';

export interface KeySettings {
  readonly keys: string;
  readonly signWith?: string;
}

/** @throws SmartKeyError that says what is wrong with them */
export async function keysOf(service: Service, { keys, signWith }: KeySettings): Promise<readonly SmartBackendKeys[]> {
  const passphrase = service.hasSecret('passphrase') ? await service.secret('passphrase') : undefined;
  const path = isAbsolute(keys) ? keys : join(service.folder, keys);
  return loadKeys(path, { ...(passphrase !== undefined && { passphrase }), ...(signWith && { signWith }) });
}
