// A pool that remembers every device: it is confirmed once, proves itself from then on, and spares its user the code.
import { createHmac } from 'node:crypto';
import { another, asked, clientId, notices, textsOf } from '../stage.js';
import { signInAnew, tracked } from './stage.js';

const withCode = [
  'InitiateAuth USER_SRP_AUTH',
  'RespondToAuthChallenge PASSWORD_VERIFIER',
  'RespondToAuthChallenge SMS_MFA',
];
const withDevice = [
  'InitiateAuth USER_SRP_AUTH',
  'RespondToAuthChallenge PASSWORD_VERIFIER',
  'RespondToAuthChallenge DEVICE_SRP_AUTH',
  'RespondToAuthChallenge DEVICE_PASSWORD_VERIFIER',
];
const refresh = 'GetTokensFromRefreshToken';

it('the first sign-in confirms the device, which the token carries (G2, G3)', async () => {
  const { pool, authorizer } = await tracked('always');
  const { device } = await authorizer.getToken();
  expect(asked(pool)).toEqual([...withCode, 'ConfirmDevice']);
  expect(pool.devices('alice')).toEqual([{ key: device?.key, groupKey: device?.groupKey, remembered: true }]);
  expect(Buffer.from(String(device?.password), 'base64')).toHaveLength(40);
});

it('a device is confirmed by salt and verifier, never by its password (G2)', async () => {
  const { pool, authorizer } = await tracked('always', { options: { deviceName: 'The test’s own' } });
  const { accessToken, device } = await authorizer.getToken();
  const confirmed = pool.operations.at(-1);
  expect(confirmed?.body).toEqual({
    AccessToken: accessToken,
    DeviceKey: device?.key,
    DeviceName: 'The test’s own',
    DeviceSecretVerifierConfig: { Salt: expect.any(String) as string, PasswordVerifier: expect.any(String) as string },
  });
  expect(JSON.stringify(pool.operations)).not.toContain(device?.password);
});

it('without a name none is sent (G2)', async () => {
  const { pool, authorizer } = await tracked('always');
  await authorizer.getToken();
  expect(pool.operations.at(-1)?.body).not.toHaveProperty('DeviceName');
});

it('the next sign-in proves the device, and no code is asked for (G2)', async () => {
  const here = await tracked('always');
  const first = await here.authorizer.getToken();
  const before = here.pool.operations.length;
  const second = await signInAnew(here, here.authorizer);
  expect(asked(here.pool).slice(before)).toEqual([refresh, ...withDevice]);
  expect(here.questions).toEqual(['SMS_MFA']);
  expect(second.device).toEqual(first.device);
  expect(here.pool.devices('alice')).toHaveLength(1);
});

it('its key goes along with each step, and its user’s name stays (G2)', async () => {
  const here = await tracked('always', { user: { mfa: 'SMS_MFA', internalUsername: 'internal-alice' } });
  const { device } = await here.authorizer.getToken();
  const before = here.pool.operations.length;
  await signInAnew(here, here.authorizer);
  const steps = here.pool.operations.slice(before + 1).map(textsOf);
  expect(steps.map((texts) => texts['DEVICE_KEY'])).toEqual(withDevice.map(() => device?.key));
  expect(steps.slice(1).map((texts) => texts['USERNAME'])).toEqual(withDevice.slice(1).map(() => 'internal-alice'));
});

it('with a client secret each step has the hash of the internal name (G2)', async () => {
  const clientSecret = 'the-secret-of-the-app-client';
  const here = await tracked('always', {
    user: { mfa: 'SMS_MFA', internalUsername: 'internal-alice' },
    client: { clientSecret },
    options: { username: 'alice@example.org' },
  });
  await here.authorizer.getToken();
  const before = here.pool.operations.length;
  await signInAnew(here, here.authorizer);
  const hash = createHmac('sha256', clientSecret).update(`internal-alice${clientId}`).digest('base64');
  const hashes = here.pool.operations.slice(before + 2).map((operation) => textsOf(operation)['SECRET_HASH']);
  expect(hashes).toEqual([hash, hash, hash]);
});

it('a refresh sends its key and keeps it, again and again (G3)', async () => {
  const { pool, authorizer } = await tracked('always');
  const { device } = await authorizer.getToken();
  for (let turn = 0; turn < 3; turn += 1) expect((await authorizer.getToken({ force: true })).device).toEqual(device);
  const refreshes = pool.operations.filter(({ name }) => name === refresh);
  expect(refreshes.map(({ body }) => body['DeviceKey'])).toEqual([device?.key, device?.key, device?.key]);
});

it('a device is kept through refreshes of a pool that rotates (G3)', async () => {
  const { pool, authorizer } = await tracked('always', { pool: { refreshRotation: { graceSeconds: 0 } } });
  const { device } = await authorizer.getToken();
  await authorizer.getToken({ force: true });
  expect((await authorizer.getToken({ force: true })).device).toEqual(device);
  expect(pool.count('InitiateAuth')).toBe(1);
});

it('twenty devices of twenty sign-ins prove themselves: their numbers need all kinds of padding (G1, G2)', async () => {
  const here = await tracked('always', { user: {} });
  for (let turn = 0; turn < 20; turn += 1) {
    const authorizer = another(here);
    const { device } = await authorizer.getToken();
    expect((await signInAnew(here, authorizer)).device).toEqual(device);
  }
  expect(here.pool.count('ConfirmDevice')).toBe(20);
  expect(notices(here).filter((said) => !said.includes('was refused for good'))).toEqual([]);
}, 60_000);

it('a pool that tracks none leaves the token without one (G3)', async () => {
  const { pool, authorizer } = await tracked(false);
  expect(await authorizer.getToken()).not.toHaveProperty('device');
  expect(asked(pool)).toEqual(withCode);
});
