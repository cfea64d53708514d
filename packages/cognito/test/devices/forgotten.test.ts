// Devices are forgotten on the other side, or cannot be confirmed: does the sign-in still stand?
import { cognitoError } from '@axios-authorizer/test-kit';
import { alice, asked, failureOf, notices, textsOf } from '../stage.js';
import { signInAnew, tracked } from './stage.js';

const begin = 'InitiateAuth USER_SRP_AUTH';
const prove = 'RespondToAuthChallenge PASSWORD_VERIFIER';
const code = 'RespondToAuthChallenge SMS_MFA';

it('a forgotten device: the sign-in goes on without it, once more, and confirms a new one (G2)', async () => {
  const here = await tracked('always');
  const first = await here.authorizer.getToken();
  await here.authorizer.logout();
  here.pool.forgetDevice(String(first.device?.key));
  const before = here.pool.operations.length;
  const second = await here.authorizer.getToken();
  expect(asked(here.pool).slice(before)).toEqual([begin, prove, begin, prove, code, 'ConfirmDevice']);
  const again = here.pool.operations.slice(before + 2).map(textsOf);
  expect(again.map((texts) => texts['DEVICE_KEY'])).toEqual([undefined, undefined, undefined, undefined]);
  expect(second.device?.key).not.toBe(first.device?.key);
  expect(here.pool.devices('alice')).toHaveLength(1);
});

it('a pool that knows no device at all is asked twice, not for ever (G2)', async () => {
  const here = await tracked('always');
  await here.authorizer.getToken();
  await here.authorizer.logout();
  const unknown = cognitoError('ResourceNotFoundException', 'Device does not exist.');
  here.pool.next('RespondToAuthChallenge', unknown, unknown, unknown);
  const before = here.pool.operations.length;
  expect(await failureOf(here.authorizer.getToken())).toMatchObject({ exception: 'ResourceNotFoundException' });
  expect(asked(here.pool).slice(before)).toEqual([begin, prove, begin, prove]);
});

it('a person is asked for the password once, though the sign-in begins twice (G2, G3)', async () => {
  let calls = 0;
  const password = (): string => {
    calls += 1;
    return alice.password;
  };
  const here = await tracked('always', { options: { password } });
  const { device } = await here.authorizer.getToken();
  await here.authorizer.logout();
  here.pool.forgetDevice(String(device?.key));
  await here.authorizer.getToken();
  expect(calls).toBe(2);
});

it('a device that is forgotten while the session lives: the user signs in again, without it (G3)', async () => {
  const here = await tracked('always');
  const first = await here.authorizer.getToken();
  here.pool.forgetDevice(String(first.device?.key));
  const second = await here.authorizer.getToken({ force: true });
  expect(here.pool.valid(second.accessToken)).toBe(true);
  expect(second.device?.key).not.toBe(first.device?.key);
  expect(here.pool.devices('alice')).toHaveLength(1);
});

it('a wrong password with a forgotten device costs one attempt (G2, G4)', async () => {
  let password = alice.password;
  const here = await tracked('always', { options: { password: () => password } });
  const { device } = await here.authorizer.getToken();
  await here.authorizer.logout();
  here.pool.forgetDevice(String(device?.key));
  password = 'Wrong-Horse-1';
  const before = here.pool.operations.length;
  expect(await failureOf(here.authorizer.getToken())).toMatchObject({ code: 'wrong_credentials' });
  expect(asked(here.pool).slice(before)).toEqual([begin, prove]);
});

it('a device that cannot be confirmed is told to the observer, and the sign-in stands (G2)', async () => {
  const here = await tracked('always');
  here.pool.next('ConfirmDevice', cognitoError('InvalidParameterException', 'Invalid device verifier'));
  const token = await here.authorizer.getToken();
  expect(here.pool.valid(token.accessToken)).toBe(true);
  expect(token).not.toHaveProperty('device');
  expect(notices(here)).toEqual([expect.stringMatching(/device was not confirmed.*Invalid device verifier/)]);
});

it.each([{ reset: true }, { status: 500 }, { text: '<html>' }] as const)(
  'ConfirmDevice that ends with %j is not fatal either (G2)',
  async (answer) => {
    const here = await tracked('always');
    here.pool.next('ConfirmDevice', answer);
    expect((await here.authorizer.getToken()).username).toBe('alice');
    expect(notices(here)).toHaveLength(1);
    expect(here.questions).toEqual(['SMS_MFA']);
  },
);

it('a status that cannot be updated is told, and the confirmed device is kept (G2)', async () => {
  const here = await tracked('optIn', { options: { rememberDevice: true } });
  here.pool.next('UpdateDeviceStatus', cognitoError('InternalErrorException', 'Something went wrong'));
  const { device } = await here.authorizer.getToken();
  expect(notices(here)).toHaveLength(1);
  expect(here.pool.devices('alice')).toMatchObject([{ key: device?.key, remembered: false }]);
});

it('after an unconfirmed device the session is not renewed, the user signs in and gets a new one (G3)', async () => {
  const here = await tracked('always');
  here.pool.next('ConfirmDevice', cognitoError('InvalidParameterException', 'Invalid device verifier'));
  await here.authorizer.getToken();
  const { device } = await signInAnew(here, here.authorizer);
  expect(here.pool.devices('alice')).toMatchObject([{ key: device?.key, remembered: true }]);
});

it('an answer that names half a device names none (G2)', async () => {
  const here = await tracked('always', { user: {} });
  const { accessToken } = await here.authorizer.getToken();
  await here.authorizer.logout();
  const AuthenticationResult = { AccessToken: accessToken, ExpiresIn: 300, NewDeviceMetadata: { DeviceKey: 'a-key' } };
  here.pool.next('RespondToAuthChallenge', { json: { AuthenticationResult } });
  expect((await here.authorizer.getToken()).accessToken).toBe(accessToken);
  expect(here.pool.count('ConfirmDevice')).toBe(1);
});

it('DEVICE_SRP_AUTH that leads nowhere is no endless walk (G2)', async () => {
  const here = await tracked('always');
  await here.authorizer.getToken();
  await here.authorizer.logout();
  here.pool.next('RespondToAuthChallenge', undefined, { json: { ChallengeName: 'DEVICE_SRP_AUTH', Session: 'one' } });
  expect(await failureOf(here.authorizer.getToken())).toMatchObject({ code: 'invalid_response', kind: 'unavailable' });
});

it('a device that was never remembered here cannot be proven (G2)', async () => {
  const here = await tracked('always');
  here.pool.next('RespondToAuthChallenge', { json: { ChallengeName: 'DEVICE_SRP_AUTH', Session: 'one' } });
  expect(await failureOf(here.authorizer.getToken())).toMatchObject({ kind: 'configuration' });
});
