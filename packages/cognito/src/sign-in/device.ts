// Devices that a pool remembers: each has a key, and a password of its own that only this side and the pool's verifier know.
import { isAuthenticationError } from '@axios-authorizer/core';
import { recordOf, quietly, systemClock, asString } from '@axios-authorizer/core/extend';
import type { CognitoDevice } from '../cognito-token.js';
import type { PoolSession } from '../pool/session.js';
import type { PoolAnswer } from '../pool/user-pool.js';
import type { SRPOptions } from './srp-options.js';
import { base64, bytesOfHex, hexOfBytes, numberOfBytes, padded } from '../srp/bytes.js';
import { verifierOf } from '../srp/srp.js';

export interface NewDevice {
  readonly accessToken: string;
  readonly signal: AbortSignal;
  readonly options: Pick<SRPOptions, 'deviceName' | 'rememberDevice' | 'observer' | 'clock'>;
}

const PASSWORD_BYTES = 40;
const SALT_BYTES = 16;
/** After a throttle; without its device a session cannot be refreshed. */
const REPEATED_AFTER_MS = [1_000, 2_000];

/** The device that the pool has just named. One that cannot be confirmed is told, and the sign-in stands without it. */
export async function deviceOf(
  session: PoolSession,
  metadata: unknown,
  asked: NewDevice,
): Promise<CognitoDevice | undefined> {
  try {
    return await confirmed(session, metadata, asked);
  } catch (error) {
    if (asked.signal.aborted) throw error;
    notice(asked, 'confirmed', error);
    return undefined;
  }
}

/** Undefined when the pool named none. @throws CognitoError */
async function confirmed(
  session: PoolSession,
  metadata: unknown,
  asked: NewDevice,
): Promise<CognitoDevice | undefined> {
  const { accessToken, signal, options } = asked;
  const { deviceName: name, rememberDevice } = options;
  const { DeviceKey, DeviceGroupKey } = recordOf(metadata);
  const [key, groupKey] = [asString(DeviceKey), asString(DeviceGroupKey)];
  if (key === undefined || groupKey === undefined) return undefined;
  const device = { key, groupKey, password: base64(randomBytes(PASSWORD_BYTES)) };
  const parameters = { DeviceKey: key, ...(name && { DeviceName: name }), ...(await secretVerifier(device)) };
  const { members } = await unthrottled(asked, () =>
    session.perform('ConfirmDevice', { AccessToken: accessToken, ...parameters }, signal),
  );
  if (members['UserConfirmationNecessary'] === true && rememberDevice)
    await session
      .perform('UpdateDeviceStatus', remembered(accessToken, key), signal)
      .catch((error: unknown) => notice(asked, 'remembered', error));
  return device;
}

/** What was throttled was not done, and is asked again a little later. */
async function unthrottled({ options, signal }: NewDevice, ask: () => Promise<PoolAnswer>): Promise<PoolAnswer> {
  const { clock = systemClock } = options;
  for (const delayMs of REPEATED_AFTER_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!isAuthenticationError(error) || error.code !== 'throttled') throw error;
      await clock.sleep(delayMs, signal);
    }
  }
  return ask();
}

function notice({ options }: NewDevice, what: string, error: unknown): void {
  const { observer, clock = systemClock } = options;
  const message = `The device was not ${what}: ${String(recordOf(error)['message'])}`;
  quietly(observer)?.({ type: 'notice', at: clock.now(), message });
}

function remembered(AccessToken: string, DeviceKey: string): Readonly<Record<string, string>> {
  return { AccessToken, DeviceKey, DeviceRememberedStatus: 'remembered' };
}

async function secretVerifier({ key, groupKey, password }: CognitoDevice): Promise<object> {
  const salt = bytesOfHex(hexOfBytes(randomBytes(SALT_BYTES)));
  const verifier = await verifierOf({ group: groupKey, user: key, password }, numberOfBytes(salt));
  const DeviceSecretVerifierConfig = {
    Salt: base64(padded(numberOfBytes(salt))),
    PasswordVerifier: base64(padded(verifier)),
  };
  return { DeviceSecretVerifierConfig };
}

/** Says in a step of a sign-in, or of the older refresh, which device it comes from. */
export function deviceKey(device: CognitoDevice | undefined): Readonly<Record<string, string>> {
  return device ? { DEVICE_KEY: device.key } : {};
}

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}
