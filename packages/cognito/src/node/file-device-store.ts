// Devices in a file, beyond the process: @axios-authorizer/cognito/node. Core's file of tokens does the keeping, one entry a user.
import { isAuthenticationError } from '@axios-authorizer/core';
import { checkOptions } from '@axios-authorizer/core/extend';
import type { OptionTable } from '@axios-authorizer/core/extend';
import { fileTokenStore } from '@axios-authorizer/core/node';
import type { EncryptionKey } from '@axios-authorizer/core/node';
import type { TokenStore } from '@axios-authorizer/core';
import { isDevice } from '../cognito-token.js';
import type { CognitoDevice, CognitoToken } from '../cognito-token.js';
import type { DeviceStore } from '../sign-in/device-store.js';

/** The options of {@link fileDeviceStore}. */
export interface FileDeviceStoreOptions {
  /** Seals the devices with AES-256-GCM: 32 bytes, or their base64 text. Default: they lie there unencrypted. */
  readonly encryptionKey?: EncryptionKey | undefined;
}

const OPTIONS: OptionTable<FileDeviceStoreOptions> = { encryptionKey: 'any' };

/**
 * Keeps devices in the file at `path`, which only its owner can read (0600), written atomically and shared by processes, as core's
 * `fileTokenStore` does; not the file of the tokens, since a sign-out must leave it alone.
 * @throws ConfigurationError for options that cannot be meant, and from its calls as those of `fileTokenStore`
 * @example
 * ```ts
 * const options = { userPoolId: 'eu-west-1_AbC123', username: 'ada', devices: fileDeviceStore('/var/lib/app/devices.json') };
 * ```
 */
export function fileDeviceStore(path: string, given?: FileDeviceStoreOptions): DeviceStore {
  const { encryptionKey } = checkOptions(given, 'fileDeviceStore', OPTIONS);
  const entryOf = (name: string): TokenStore<CognitoToken> => fileTokenStore(path, { name, encryptionKey });
  entryOf('checked'); // what cannot be meant is refused now
  return {
    load: async (username) => loaded(entryOf(username)),
    save: async (username, device) => {
      const entry = entryOf(username);
      if (device === undefined) await entry.clear();
      else await entry.save({ accessToken: device.key, username, device }, undefined, { newSession: true });
    },
  };
}

async function loaded(entry: TokenStore<CognitoToken>): Promise<CognitoDevice | undefined> {
  try {
    const device: unknown = (await entry.load())?.device;
    return isDevice(device) ? device : undefined;
  } catch (error) {
    if (isAuthenticationError(error) && error.code === 'logged_out') return undefined; // it was forgotten
    throw error;
  }
}
