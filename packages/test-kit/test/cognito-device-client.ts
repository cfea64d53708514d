// What a client does with a device that it was handed: confirm it with a password of its own, and prove it.

import { pad, srpVerifier } from '../src/cognito/steps/srp.js';
import { call, claim, clientValue, parametersOf, respond, sessionOf, tokensOf } from './cognito-client.js';
import type { CognitoPool } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';
import type { Texts, Tokens } from './cognito-client.js';

export const devicePassword = 'only the device knows';
export const salt = 0xff00112233445566n;

export interface Given {
  readonly tokens: Tokens;
  readonly key: string;
  readonly groupKey: string;
}

export function given(signedIn: Asked): Given {
  const tokens = tokensOf(signedIn);
  const metadata = (tokens['NewDeviceMetadata'] ?? {}) as unknown as Texts;
  return { tokens, key: metadata['DeviceKey'] ?? '', groupKey: metadata['DeviceGroupKey'] ?? '' };
}

export function confirm(pool: CognitoPool, { tokens, key, groupKey }: Given, more: object = {}): Promise<Asked> {
  const verifier = srpVerifier({ group: groupKey, id: key }, devicePassword, salt);
  const DeviceSecretVerifierConfig = {
    Salt: pad(salt).toString('base64'),
    PasswordVerifier: pad(verifier).toString('base64'),
  };
  return call(pool, 'ConfirmDevice', {
    AccessToken: tokens.AccessToken,
    DeviceKey: key,
    DeviceSecretVerifierConfig,
    ...more,
  });
}

/** The answer to DEVICE_SRP_AUTH: the challenge DEVICE_PASSWORD_VERIFIER. */
export function beginDevice(pool: CognitoPool, asked: Asked, DEVICE_KEY: string): Promise<Asked> {
  const responses = { USERNAME: 'alice', DEVICE_KEY, SRP_A: clientValue };
  return respond(pool, 'DEVICE_SRP_AUTH', { Session: sessionOf(asked), ...responses });
}

export function proveDevice(pool: CognitoPool, begun: Asked, device: Given & { secret?: string }): Promise<Asked> {
  const { key, groupKey, secret = devicePassword } = device;
  const proof = claim(parametersOf(begun), { group: groupKey, id: key, password: secret });
  const responses = { ...proof, USERNAME: 'alice', DEVICE_KEY: key };
  return respond(pool, 'DEVICE_PASSWORD_VERIFIER', { Session: sessionOf(begun), ...responses });
}
