// Which device each user signs in from. A device outlives sessions: it is kept in memory, and in a store of its own where there
// is one, which no sign-out touches.
import { isAuthenticationError } from '@axios-authorizer/core';
import { quietly, recordOf, systemClock } from '@axios-authorizer/core/extend';
import { isDevice } from '../cognito-token.js';
import type { CognitoDevice } from '../cognito-token.js';
import type { SRPOptions } from './srp-options.js';

type DeviceOptions = Pick<SRPOptions, 'devices' | 'device' | 'observer' | 'clock'>;

export class KnownDevices {
  readonly #options: DeviceOptions;
  readonly #held = new Map<string, CognitoDevice>();
  /** The keys of those that the pool no longer knows. */
  readonly #forgotten = new Set<string>();

  constructor(options: DeviceOptions) {
    this.#options = options;
  }

  /** The device that this user signs in from. @throws our own errors of the store, such as a ConfigurationError */
  async of(username = ''): Promise<CognitoDevice | undefined> {
    const held = this.#usable(this.#held.get(username));
    return held ?? this.#usable(await this.#load(username)) ?? this.#usable(this.#options.device);
  }

  /** Of a token, which has it as well: a session may come from elsewhere. */
  hold(usernames: readonly string[], device: CognitoDevice): void {
    for (const username of usernames) this.#held.set(username, device);
  }

  /** From now on it is used under each of these names. */
  async keep(usernames: readonly string[], device: CognitoDevice): Promise<void> {
    this.hold(usernames, device);
    for (const username of usernames) await this.#save(username, device);
  }

  /** What another has put in its place stays. */
  async forget(usernames: readonly string[], { key }: CognitoDevice): Promise<void> {
    this.#forgotten.add(key);
    for (const username of usernames) {
      const kept = await this.#load(username);
      if (kept?.key === key) await this.#save(username, undefined);
    }
  }

  #usable(device: CognitoDevice | undefined): CognitoDevice | undefined {
    return device && !this.#forgotten.has(device.key) ? device : undefined;
  }

  async #load(username: string): Promise<CognitoDevice | undefined> {
    const { devices } = this.#options;
    if (devices === undefined || username === '') return undefined;
    const device: unknown = await this.#tried('loaded', () => devices.load(username));
    return isDevice(device) ? device : undefined;
  }

  async #save(username: string, device: CognitoDevice | undefined): Promise<void> {
    await this.#tried('saved', () => this.#options.devices?.save(username, device));
  }

  async #tried<R>(what: string, work: () => R | Promise<R>): Promise<R | undefined> {
    try {
      return await work();
    } catch (error) {
      if (isAuthenticationError(error) && error.kind === 'configuration') throw error;
      const { observer, clock = systemClock } = this.#options;
      const message = `The device was not ${what}: ${String(recordOf(error)['message'] ?? error)}`;
      quietly(observer)?.({ type: 'notice', at: clock.now(), message });
      return undefined;
    }
  }
}
