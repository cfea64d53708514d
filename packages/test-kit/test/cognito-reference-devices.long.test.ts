// Devices as amazon-cognito-identity-js keeps them: confirmed, proven by SRP, and dropped when the pool has forgotten them.

import { startCognitoPool } from '@axios-authorizer/test-kit';
import { names } from './cognito-client.js';
import { ReferenceClient } from './cognito-reference.js';
import type { CognitoPool, CognitoPoolOptions } from '@axios-authorizer/test-kit';
import type { Outcome } from './cognito-reference.js';

const password = 'Passw0rd!';
const users = [{ username: 'alice', password, email: 'a@example.org', mfa: 'SMS_MFA' }] as const;
let pool: CognitoPool;
let storage: Map<string, string>;

async function start(deviceTracking: CognitoPoolOptions['deviceTracking'] = 'always'): Promise<void> {
  pool = await startCognitoPool({ users, deviceTracking });
  storage = new Map();
}

afterEach(() => pool.stop());

async function signInByCode(): Promise<{ readonly client: ReferenceClient; readonly outcome: Outcome }> {
  const client = new ReferenceClient(pool, 'alice', storage);
  expect(await client.signIn(password)).toEqual({ challenge: 'mfaRequired' });
  const outcome = await client.does((user, callbacks) => user.sendMFACode(pool.code('alice'), callbacks));
  return { client, outcome };
}

test('a remembered device takes the place of the code (G2)', async () => {
  await start();
  const { outcome } = await signInByCode();
  expect(outcome.userConfirmationNecessary).toBeUndefined();
  const [device] = pool.devices('alice');
  expect(device).toMatchObject({ remembered: true });
  const before = names(pool).length;
  const { session } = await new ReferenceClient(pool, 'alice', storage).signIn(password);
  expect(session?.getAccessToken().decodePayload()).toMatchObject({ device_key: device?.key });
  expect(names(pool).slice(before)).toEqual([
    'InitiateAuth',
    'RespondToAuthChallenge PASSWORD_VERIFIER',
    'RespondToAuthChallenge DEVICE_SRP_AUTH',
    'RespondToAuthChallenge DEVICE_PASSWORD_VERIFIER',
  ]);
  expect(pool.devices('alice')).toEqual([device]);
});

test('where users opt in, a device is remembered once they have said so (G2)', async () => {
  await start('optIn');
  const { client, outcome } = await signInByCode();
  expect(outcome.userConfirmationNecessary).toBe(true);
  expect(pool.devices('alice')).toMatchObject([{ remembered: false }]);
  await new Promise((onSuccess, onFailure) => client.user.setDeviceStatusRemembered({ onSuccess, onFailure }));
  expect(pool.devices('alice')).toMatchObject([{ remembered: true }]);
  expect((await new ReferenceClient(pool, 'alice', storage).signIn(password)).session).toBeDefined();
});

test('a forgotten device is dropped and the answer repeated without it (G2)', async () => {
  await start();
  await signInByCode();
  pool.forgetDevice(pool.devices('alice')[0]?.key ?? '');
  const { outcome } = await signInByCode();
  expect(outcome.session).toBeDefined();
  expect(names(pool).slice(4)).toEqual([
    'InitiateAuth',
    'RespondToAuthChallenge PASSWORD_VERIFIER',
    'RespondToAuthChallenge PASSWORD_VERIFIER',
    'RespondToAuthChallenge SMS_MFA',
    'ConfirmDevice',
  ]);
});

test('a device whose password is lost does not get in', async () => {
  await start();
  await signInByCode();
  const name = [...storage.keys()].find((key) => key.endsWith('randomPasswordKey')) ?? '';
  storage.set(name, 'another password');
  const { failure } = await new ReferenceClient(pool, 'alice', storage).signIn(password);
  expect(failure).toBe('NotAuthorizedException: Incorrect username or password.');
});
