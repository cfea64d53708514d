// The device that a source signs in from. It comes with a token that was kept, or is confirmed when the pool names one, and is
// forgotten as soon as the pool does not know it any more.
import { membersOf, quietly, systemClock } from '@axios-authorizer/core';
import { isUnknownDevice } from './cognito-error.js';
import type { CognitoDevice, CognitoToken } from './cognito-token.js';
import { confirmedDevice } from './device.js';
import type { PoolSession } from './pool-session.js';
import type { SRPOptions } from './srp-options.js';

type KnownDeviceOptions = Pick<SRPOptions, 'deviceName' | 'rememberDevice' | 'observer' | 'clock'>;

export class KnownDevice {
  readonly #session: PoolSession;
  readonly #options: KnownDeviceOptions;
  #device: CognitoDevice | undefined;

  constructor(session: PoolSession, options: KnownDeviceOptions) {
    this.#session = session;
    this.#options = options;
  }

  get current(): CognitoDevice | undefined {
    return this.#device;
  }

  /** A token that has a device of its own brings it along. */
  take({ device }: Pick<CognitoToken, 'device'>): void {
    this.#device = device ?? this.#device;
  }

  /** The token as it is kept: with the device. */
  on(token: CognitoToken): CognitoToken {
    return this.#device ? { ...token, device: this.#device } : token;
  }

  /** A device that cannot be confirmed is told, and the sign-in stands without it. */
  async confirm(metadata: unknown, { accessToken }: CognitoToken, signal: AbortSignal): Promise<void> {
    const { deviceName: name, rememberDevice: remember = false } = this.#options;
    const onFailure = (error: unknown): void => this.#notice(`The device was not remembered: ${said(error)}`);
    const device = { accessToken, name, remember, signal, onFailure };
    try {
      this.#device = await confirmedDevice(this.#session, metadata, device);
    } catch (error) {
      if (signal.aborted) throw error;
      this.#notice(`The device was not confirmed: ${said(error)}`);
      this.#device = undefined;
    }
  }

  /** Whether the pool no longer knows the device, which is then forgotten here too. */
  isForgotten(error: unknown): boolean {
    const { exception, message } = membersOf(error);
    const isForgotten = this.#device !== undefined && isUnknownDevice(exception, message);
    if (isForgotten) this.#device = undefined;
    return isForgotten;
  }

  #notice(message: string): void {
    const { observer, clock = systemClock } = this.#options;
    quietly(observer)?.({ type: 'notice', at: clock.now(), message });
  }
}

function said(error: unknown): string {
  return String(membersOf(error)['message']);
}
