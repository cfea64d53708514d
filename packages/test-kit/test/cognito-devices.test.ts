// Devices at the level of the wire: who is handed one, what confirms it, and what it is good for.

import { startCognitoPool } from '@axios-authorizer/test-kit';
import {
  call,
  claim,
  fault,
  incorrect,
  initiate,
  parametersOf,
  poolName,
  respond,
  sessionOf,
  signIn,
  tokensOf,
} from './cognito-client.js';
import { beginDevice, confirm, devicePassword, given, proveDevice, salt } from './cognito-device-client.js';
import type { CognitoPool, CognitoPoolOptions } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';
import type { Texts } from './cognito-client.js';
import type { Given } from './cognito-device-client.js';

const password = 'Passw0rd!';
const unknown = '400 ResourceNotFoundException: Device does not exist.';
let pool: CognitoPool;

async function start(deviceTracking: CognitoPoolOptions['deviceTracking']): Promise<Given> {
  const users = ['alice', 'bob'].map((username) => ({ username, password }));
  pool = await startCognitoPool({ users, deviceTracking: deviceTracking ?? false });
  return given(await signIn(pool, 'alice', { password }));
}

afterEach(() => pool.stop());

test('each sign-in without a known device is handed a new one', async () => {
  const first = await start('always');
  expect(first.key).toMatch(/^eu-west-1_[0-9a-f-]{36}$/);
  expect(first.groupKey).toMatch(/^-[\w-]{8}$/);
  const second = given(await signIn(pool, 'alice', { password }));
  expect(second.key).not.toBe(first.key);
  expect(pool.devices('alice')).toEqual([]);
});

test('a pool that tracks nothing hands out nothing and ignores a DEVICE_KEY', async () => {
  const { tokens } = await start(false);
  expect(tokens).not.toHaveProperty('NewDeviceMetadata');
  expect((await signIn(pool, 'alice', { password, device: 'some-device' })).status).toBe(200);
});

test('a confirmed device signs in by SRP with its group for the pool (G2)', async () => {
  const device = await start('always');
  expect((await confirm(pool, device)).json).toEqual({ UserConfirmationNecessary: false });
  expect(pool.devices('alice')).toEqual([{ key: device.key, groupKey: device.groupKey, remembered: true }]);
  const asked = await signIn(pool, 'alice', { password, device: device.key });
  expect(asked.json).toMatchObject({ ChallengeName: 'DEVICE_SRP_AUTH', ChallengeParameters: { USERNAME: 'alice' } });
  const begun = await beginDevice(pool, asked, device.key);
  expect(begun.json).toMatchObject({
    ChallengeName: 'DEVICE_PASSWORD_VERIFIER',
    ChallengeParameters: { USERNAME: 'alice', DEVICE_KEY: device.key, SALT: salt.toString(16) },
  });
  const proven = await proveDevice(pool, begun, device);
  expect(proven.status).toBe(200);
  expect(tokensOf(proven)).not.toHaveProperty('NewDeviceMetadata');
});

test('a wrong device password, and a SECRET_BLOCK of another case, are refused', async () => {
  const device = await start('always');
  await confirm(pool, device);
  const one = await beginDevice(pool, await signIn(pool, 'alice', { password, device: device.key }), device.key);
  expect(fault(await proveDevice(pool, one, { ...device, secret: 'wrong' }))).toBe(incorrect);
  const two = await beginDevice(pool, await signIn(pool, 'alice', { password, device: device.key }), device.key);
  const proof = claim(parametersOf(one), { group: device.groupKey, id: device.key, password: devicePassword });
  const stale = { ...proof, Session: sessionOf(two), USERNAME: 'alice', DEVICE_KEY: device.key };
  expect(fault(await respond(pool, 'DEVICE_PASSWORD_VERIFIER', stale))).toBe(incorrect);
});

test('one device does not prove another', async () => {
  const mine = await start('always');
  const other = given(await signIn(pool, 'alice', { password }));
  await confirm(pool, mine);
  await confirm(pool, other);
  const ofMine = await beginDevice(pool, await signIn(pool, 'alice', { password, device: mine.key }), mine.key);
  const ofOther = await beginDevice(pool, await signIn(pool, 'alice', { password, device: other.key }), other.key);
  const proof = claim(parametersOf(ofMine), { group: mine.groupKey, id: mine.key, password: devicePassword });
  const swapped = { ...proof, Session: sessionOf(ofOther), USERNAME: 'alice', DEVICE_KEY: other.key };
  expect(fault(await respond(pool, 'DEVICE_PASSWORD_VERIFIER', swapped))).toBe(incorrect);
});

test('an unknown, a foreign and an unconfirmed device do not exist, and the answer may be repeated without it', async () => {
  const device = await start('always');
  const foreign = given(await signIn(pool, 'bob', { password }));
  await confirm(pool, foreign);
  const { ChallengeParameters } = (await initiate(pool, 'alice', { DEVICE_KEY: 'unknown' })).json as {
    ChallengeParameters: Texts;
  };
  const answer = claim(ChallengeParameters, { group: poolName(pool), id: 'alice', password });
  expect(fault(await respond(pool, 'PASSWORD_VERIFIER', answer))).toBe(unknown);
  for (const DEVICE_KEY of ['other', foreign.key, device.key]) {
    expect(fault(await respond(pool, 'PASSWORD_VERIFIER', { ...answer, DEVICE_KEY }))).toBe(unknown);
  }
  expect((await respond(pool, 'PASSWORD_VERIFIER', { ...answer, DEVICE_KEY: null })).status).toBe(200);
});

test('a device that is forgotten in the middle of its proof does not exist', async () => {
  const device = await start('always');
  await confirm(pool, device);
  const asked = await signIn(pool, 'alice', { password, device: device.key });
  pool.forgetDevice(device.key);
  expect(fault(await beginDevice(pool, asked, device.key))).toBe(unknown);
});

test.each([
  ['no salt', { DeviceSecretVerifierConfig: { PasswordVerifier: 'AQ==' } }, 'Missing required parameter Salt'],
  ['no verifier', { DeviceSecretVerifierConfig: { Salt: 'AQ==' } }, 'Missing required parameter PasswordVerifier'],
  ['a verifier of 0', { DeviceSecretVerifierConfig: { Salt: 'AQ==', PasswordVerifier: 'AA==' } }, 'Invalid device'],
  ['an unknown key', { DeviceKey: 'other' }, 'Device does not exist.'],
  ['a wrong token', { AccessToken: 'other' }, 'Invalid Access Token'],
])('a confirmation with %s is refused', async (_name, more, expected) => {
  const device = await start('always');
  expect(fault(await confirm(pool, device, more))).toContain(expected);
  expect(pool.devices('alice')).toEqual([]);
});

test('a device that is known but not remembered proves itself after the code, not in its place (G2)', async () => {
  pool = await startCognitoPool({
    users: [{ username: 'alice', password, mfa: 'EMAIL_OTP' }],
    deviceTracking: 'optIn',
  });
  const answerCode = (asked: Asked): Promise<Asked> => {
    const EMAIL_OTP_CODE = pool.code('alice');
    return respond(pool, 'EMAIL_OTP', { Session: sessionOf(asked), USERNAME: 'alice', EMAIL_OTP_CODE });
  };
  const device = given(await answerCode(await signIn(pool, 'alice', { password })));
  await confirm(pool, device);
  const code = await signIn(pool, 'alice', { password, device: device.key });
  expect(code.json).toMatchObject({ ChallengeName: 'EMAIL_OTP' });
  const proven = await proveDevice(pool, await beginDevice(pool, await answerCode(code), device.key), device);
  expect(pool.valid(tokensOf(proven).AccessToken)).toBe(true);
  expect(pool.devices('alice')).toMatchObject([{ remembered: false }]);
});

test('where users opt in, a confirmed device is remembered and forgotten on their word (G2)', async () => {
  const device = await start('optIn');
  expect((await confirm(pool, device)).json).toEqual({ UserConfirmationNecessary: true });
  const update = (DeviceRememberedStatus: string): Promise<Asked> =>
    call(pool, 'UpdateDeviceStatus', {
      AccessToken: device.tokens.AccessToken,
      DeviceKey: device.key,
      DeviceRememberedStatus,
    });
  expect(pool.devices('alice')).toMatchObject([{ remembered: false }]);
  expect((await update('remembered')).status).toBe(200);
  expect(pool.devices('alice')).toMatchObject([{ remembered: true }]);
  expect((await update('not_remembered')).status).toBe(200);
  expect(pool.devices('alice')).toMatchObject([{ remembered: false }]);
  expect(fault(await update('maybe'))).toContain('Invalid DeviceRememberedStatus');
  const forget = { AccessToken: device.tokens.AccessToken, DeviceKey: device.key };
  expect((await call(pool, 'ForgetDevice', forget)).status).toBe(200);
  expect(pool.devices('alice')).toEqual([]);
  expect(fault(await call(pool, 'ForgetDevice', forget))).toBe(unknown);
});
