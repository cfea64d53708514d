// A pool that leaves it to the user whether a device is remembered: what does `rememberDevice` change?
import { asked } from '../stage.js';
import { signInAnew, tracked } from './stage.js';

const status = 'UpdateDeviceStatus';

it('rememberDevice tells the pool so, and the next sign-in asks for no code (G2)', async () => {
  const here = await tracked('optIn', { options: { rememberDevice: true } });
  const { accessToken, device } = await here.authorizer.getToken();
  expect(here.pool.operations.at(-1)).toEqual({
    name: status,
    body: { AccessToken: accessToken, DeviceKey: device?.key, DeviceRememberedStatus: 'remembered' },
  });
  expect(here.pool.devices('alice')).toMatchObject([{ key: device?.key, remembered: true }]);
  expect((await signInAnew(here, here.authorizer)).device).toEqual(device);
  expect(here.questions).toEqual(['SMS_MFA']);
});

it.each([{ rememberDevice: false }, {}])(
  'with %j it is confirmed and not remembered: the code is asked for again (G2)',
  async (options) => {
    const here = await tracked('optIn', { options });
    const { device } = await here.authorizer.getToken();
    expect(asked(here.pool)).not.toContain(status);
    expect(here.pool.devices('alice')).toMatchObject([{ key: device?.key, remembered: false }]);
    expect((await signInAnew(here, here.authorizer)).username).toBe('alice');
    expect(here.questions).toEqual(['SMS_MFA', 'SMS_MFA']);
  },
);

it('a device that is not remembered still renews its session (G3)', async () => {
  const { pool, authorizer } = await tracked('optIn');
  const { device } = await authorizer.getToken();
  expect((await authorizer.getToken({ force: true })).device).toEqual(device);
  expect(pool.operations.at(-1)?.body['DeviceKey']).toBe(device?.key);
});

it('a pool that remembers by itself is not told (G2)', async () => {
  const { pool, authorizer } = await tracked('always', { options: { rememberDevice: true } });
  await authorizer.getToken();
  expect(asked(pool)).not.toContain(status);
});
