// Devices that a pool remembers: each has a key, and a password of its own that only this side and the pool's verifier know.
import { membersOf, textOf } from '@axios-authorizer/core';
import type { CognitoDevice } from './cognito-token.js';
import type { PoolSession } from './pool-session.js';
import { base64, bytesOfHex, hexOfBytes, numberOfBytes, padded } from './srp/bytes.js';
import { verifierOf } from './srp/srp.js';

export interface NewDevice {
  readonly accessToken: string;
  readonly name: string | undefined;
  /** Whether a pool that asks is told to remember it. */
  readonly remember: boolean;
  readonly signal: AbortSignal;
  /** Told when the pool does not take the wish to remember it. */
  readonly onFailure: (error: unknown) => void;
}

const PASSWORD_BYTES = 40;
const SALT_BYTES = 16;

/** Confirms the device that the pool has just named; undefined when it named none. @throws CognitoError */
export async function confirmedDevice(
  session: PoolSession,
  metadata: unknown,
  { accessToken, name, remember, signal, onFailure }: NewDevice,
): Promise<CognitoDevice | undefined> {
  const { DeviceKey, DeviceGroupKey } = membersOf(metadata);
  const [key, groupKey] = [textOf(DeviceKey), textOf(DeviceGroupKey)];
  if (key === undefined || groupKey === undefined) return undefined;
  const device = { key, groupKey, password: base64(randomBytes(PASSWORD_BYTES)) };
  const parameters = { DeviceKey: key, ...(name && { DeviceName: name }), ...(await secretVerifier(device)) };
  const { members } = await session.perform('ConfirmDevice', { AccessToken: accessToken, ...parameters }, signal);
  const isAsked = members['UserConfirmationNecessary'] === true;
  if (isAsked && remember)
    await session.perform('UpdateDeviceStatus', remembered(accessToken, key), signal).catch(onFailure);
  return device;
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
