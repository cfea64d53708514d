// Devices that the pool tracks: handed out with the tokens of a sign-in, confirmed by the client with a verifier of a
// password that only it knows, and from then on proven by SRP like a user.

import { randomBytes, randomUUID } from 'node:crypto';
import { demand, unknownDevice } from '../fault.js';
import { srpGroup } from '../steps/srp.js';
import type { SrpSubject } from '../steps/proofs.js';
import type { PoolUser } from './user.js';

export interface Device {
  readonly key: string;
  readonly groupKey: string;
  readonly user: PoolUser;
  remembered: boolean;
  /** Undefined until the device is confirmed. */
  subject: SrpSubject | undefined;
}

interface DeviceOptions {
  readonly region: string;
  readonly tracking: false | 'always' | 'optIn';
}

export class Devices {
  readonly #options: DeviceOptions;
  readonly #devices = new Map<string, Device>();

  constructor(options: DeviceOptions) {
    this.#options = options;
  }

  get tracked(): boolean {
    return this.#options.tracking !== false;
  }

  /** Whether ConfirmDevice leaves it to the user to have the device remembered. */
  get needsUser(): boolean {
    return this.#options.tracking === 'optIn';
  }

  add(user: PoolUser): Device {
    const key = `${this.#options.region}_${randomUUID()}`;
    const groupKey = `-${randomBytes(6).toString('base64url')}`;
    const device = { key, groupKey, user, remembered: false, subject: undefined };
    this.#devices.set(key, device);
    return device;
  }

  /** @throws CognitoFault ResourceNotFoundException when the user has no such device */
  of(user: PoolUser, key: string): Device {
    const device = this.#devices.get(key);
    if (device === undefined || device.user !== user) {
      throw unknownDevice();
    }
    return device;
  }

  confirmed(user: PoolUser): readonly Device[] {
    return [...this.#devices.values()].filter((device) => device.user === user && device.subject !== undefined);
  }

  confirm(device: Device, salt: bigint, verifier: bigint): void {
    const isVerifier = verifier > 0n && verifier < srpGroup;
    demand(isVerifier && salt > 0n, 'InvalidParameterException', 'Invalid device secret verifier');
    device.subject = { group: device.groupKey, id: device.key, salt, verifier };
    device.remembered = !this.needsUser;
  }

  forget(key: string): void {
    this.#devices.delete(key);
  }
}
