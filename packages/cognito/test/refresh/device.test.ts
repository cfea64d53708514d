// A device outlives its sessions: the end of one is no reason to forget it, only the pool's word that it is unknown.
import { cognitoError } from '@axios-authorizer/test-kit';
import { memoryTokenStore } from '@axios-authorizer/core';
import type { CognitoToken } from '../../src/index.js';
import { another, asked, failureOf, textsOf, world } from '../stage.js';
import { ended, later, lifeMs, refresh, rotating, sentRefreshTokens, signIn } from './stage.js';
import type { SignedIn } from './stage.js';

const tracking = { deviceTracking: 'always' } as const;
const byDevice = [
  ...signIn,
  'RespondToAuthChallenge DEVICE_SRP_AUTH',
  'RespondToAuthChallenge DEVICE_PASSWORD_VERIFIER',
];
const withNewDevice = [...signIn, 'ConfirmDevice'];

/** What was asked after the device was confirmed. */
function askedLater({ pool }: Pick<SignedIn, 'pool'>): readonly string[] {
  return asked(pool).slice(withNewDevice.length);
}

it.each(['NotAuthorizedException', 'TokenRevokedException', 'RefreshTokenReuseException'])(
  'after %s the device is kept, and the next sign-in proves it (G3)',
  async (exception) => {
    const scene = await ended({ pool: tracking });
    const { pool, authorizer, first } = scene;
    pool.next(refresh, cognitoError(exception, 'No more'));
    const token = await authorizer.getToken();
    expect(askedLater(scene)).toEqual([refresh, ...byDevice]);
    expect(token.device).toEqual(first.device);
    expect(textsOf(pool.operations[4])['DEVICE_KEY']).toBe(first.device?.key);
    expect(pool.devices('alice')).toHaveLength(1);
  },
);

it('the sign-in after the end of a session costs no second factor where the device is remembered (G3)', async () => {
  const codes: string[] = [];
  const scene = await world({
    user: { mfa: 'SMS_MFA' },
    pool: tracking,
    options: { onChallenge: ({ name }) => (codes.push(name), scene.pool.code('alice')) },
  });
  await scene.authorizer.getToken();
  scene.pool.revokeAll();
  later(scene, lifeMs);
  expect(scene.pool.valid((await scene.authorizer.getToken()).accessToken)).toBe(true);
  expect(codes).toEqual(['SMS_MFA']);
});

it('another process that finds the token in the store signs in with its device (G3)', async () => {
  const store = memoryTokenStore<CognitoToken>();
  const scene = await ended({ pool: tracking, options: { store } });
  scene.pool.revokeAll();
  const token = await another(scene).getToken();
  expect(askedLater(scene)).toEqual([refresh, ...byDevice]);
  expect([token.device, (await store.load())?.device]).toEqual([scene.first.device, scene.first.device]);
});

it('a device of which only the store is left, without a refresh token, is used at the sign-in (G3)', async () => {
  const store = memoryTokenStore<CognitoToken>();
  const scene = await ended({ pool: tracking, options: { store } });
  const { refreshToken: _dropped, ...rest } = scene.first;
  await store.save(rest);
  await another(scene).getToken();
  expect(askedLater(scene)).toEqual(byDevice);
});

it('a new sign-in after a logout uses the device as well (G3)', async () => {
  const scene = await ended({ pool: tracking });
  await scene.authorizer.logout();
  expect((await scene.authorizer.getToken()).device).toEqual(scene.first.device);
  expect(askedLater(scene)).toEqual(['RevokeToken', ...byDevice]);
});

it('a device that the pool has forgotten is dropped by the refresh, and a sign-in brings a new one (G3)', async () => {
  const scene = await ended({ pool: tracking });
  const { pool, authorizer, first } = scene;
  pool.forgetDevice(String(first.device?.key));
  const token = await authorizer.getToken();
  expect(askedLater(scene)).toEqual([refresh, ...withNewDevice]);
  expect(pool.valid(token.accessToken)).toBe(true);
  expect(token.device?.key).toBe(pool.devices('alice')[0]?.key);
  expect(token.device?.key).not.toBe(first.device?.key);
});

it('the session goes on with the device that took the place of a forgotten one (G3)', async () => {
  const scene = await ended({ pool: { ...tracking, ...rotating } });
  const { pool, authorizer, first } = scene;
  pool.forgetDevice(String(first.device?.key));
  const second = await authorizer.getToken();
  later(scene, 300_000);
  const third = await authorizer.getToken();
  expect(third.device).toEqual(second.device);
  expect(sentRefreshTokens(pool).at(-1)).toBe(second.refreshToken);
});

it('a forgotten device ends the session of somebody without a password, and is in nobody’s way later (G3)', async () => {
  const store = memoryTokenStore<CognitoToken>();
  const scene = await ended({ pool: tracking, options: { store } });
  const { pool, first } = scene;
  pool.forgetDevice(String(first.device?.key));
  const resumed = another(scene, { password: undefined });
  expect(await failureOf(resumed.getToken())).toMatchObject({ kind: 'session' });
  const token = await another(scene).getToken();
  expect(token.device?.key).toBe(pool.devices('alice')[0]?.key);
  expect(pool.count(refresh)).toBe(1);
});

it('a device that is unknown at the sign-in after the end of a session is dropped there (G3)', async () => {
  const scene = await ended({ pool: tracking });
  const { pool, authorizer, first } = scene;
  pool.revokeAll();
  pool.forgetDevice(String(first.device?.key));
  const token = await authorizer.getToken();
  expect(token.device?.key).toBe(pool.devices('alice')[0]?.key);
  expect(token.device?.key).not.toBe(first.device?.key);
});

it('a missing app client is not mistaken for a missing device (G3)', async () => {
  const scene = await ended({ pool: tracking });
  const { pool, authorizer, first } = scene;
  pool.next(refresh, cognitoError('ResourceNotFoundException', 'User pool client test-client does not exist.'));
  expect(await failureOf(authorizer.getToken())).toMatchObject({ exception: 'ResourceNotFoundException' });
  expect(authorizer.token).toMatchObject({ refreshToken: first.refreshToken, device: first.device });
});
