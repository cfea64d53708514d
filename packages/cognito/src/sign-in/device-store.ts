// Where devices are kept beyond a session: what such a store is, and the one for browsers. A file is under /node.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions, parseObject } from '@axios-authorizer/core/extend';
import type { OptionTable } from '@axios-authorizer/core/extend';
import { isDevice } from '../cognito-token.js';
import type { CognitoDevice } from '../cognito-token.js';

/** Keeps the devices of users. What it throws is reported to the observer, and the sign-in goes on without a device. */
export interface DeviceStore {
  /** The user's device here, or undefined. @param username as the sign-in was given it, or the user's name within the pool */
  load(username: string): CognitoDevice | undefined | Promise<CognitoDevice | undefined>;
  /** Keeps it. @param device undefined when the pool no longer knows it */
  save(username: string, device: CognitoDevice | undefined): void | Promise<void>;
}

/** The options of {@link webDeviceStore}. */
export interface WebDeviceStoreOptions {
  /** Tells the devices of several pools on one origin apart; any text. Default: "cognito-device". */
  readonly name?: string | undefined;
}

const OPTIONS: OptionTable<WebDeviceStoreOptions> = { name: 'string' };

/**
 * Keeps devices in `localStorage`, for all tabs of an origin. Whoever can run scripts in the page can read them; a device replaces the
 * second factor only, never the password.
 * @throws ConfigurationError for unknown options, and its calls where there is no `localStorage`
 * @example
 * ```ts
 * const options = { userPoolId: 'eu-west-1_AbC123', username: 'ada', devices: webDeviceStore() };
 * ```
 */
export function webDeviceStore(given?: WebDeviceStoreOptions): DeviceStore {
  const { name = 'cognito-device' } = checkOptions(given, 'webDeviceStore', OPTIONS);
  const keyOf = (username: string): string => `${name} ${username}`;
  return {
    load(username) {
      const device = parseObject(storage().getItem(keyOf(username)) ?? '');
      return isDevice(device) ? device : undefined;
    },
    save(username, device) {
      if (device === undefined) storage().removeItem(keyOf(username));
      else storage().setItem(keyOf(username), JSON.stringify(device));
    },
  };
}

interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** @throws ConfigurationError outside a page */
function storage(): TextStorage {
  const found: unknown = Reflect.get(globalThis, 'localStorage');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a page calls by that name is one
  if (typeof found === 'object' && found !== null) return found as TextStorage;
  throw new ConfigurationError(
    'webDeviceStore is for pages: there is no localStorage here; fileDeviceStore of /node keeps them in a file',
  );
}
