// A device outlives the authorizer that confirmed it: in a store, in a token that was kept, after a logout.
import { memoryTokenStore } from '@axios-authorizer/core';
import { another } from '../stage.js';
import { resumed, signInAnew, tracked } from './stage.js';
import type { CognitoToken } from '../../src/index.js';

it('a new authorizer with the same store uses the device (G3)', async () => {
  const store = memoryTokenStore<CognitoToken>();
  const here = await tracked('always', { options: { store } });
  const { device } = await here.authorizer.getToken();
  const next = another(here);
  expect((await next.getToken()).device).toEqual(device);
  expect((await signInAnew(here, next)).device).toEqual(device);
  expect(here.questions).toEqual(['SMS_MFA']);
  expect(here.pool.count('ConfirmDevice')).toBe(1);
});

it('a token that was kept as JSON brings the device with it (G3)', async () => {
  const here = await tracked('always');
  const token = await here.authorizer.getToken();
  const { expiresAt: _end, issuedAt: _from, ...kept } = JSON.parse(JSON.stringify(token)) as CognitoToken;
  const next = resumed(here, kept);
  expect((await signInAnew(here, next)).device).toEqual(token.device);
  expect(here.questions).toEqual(['SMS_MFA']);
});

it('a refresh token alone is resumed with the device that goes with it (G3)', async () => {
  const here = await tracked('always');
  const { refreshToken = '', device } = await here.authorizer.getToken();
  const next = another(here, { initialToken: { refreshToken, device } as CognitoToken, password: undefined });
  expect((await next.getToken()).device).toEqual(device);
  expect(here.pool.count('InitiateAuth')).toBe(1);
});

it('after logout the device is still remembered by the same authorizer (G3)', async () => {
  const here = await tracked('always');
  await here.authorizer.getToken();
  await here.authorizer.logout();
  await here.authorizer.getToken();
  expect(here.questions).toEqual(['SMS_MFA']);
  expect(here.pool.count('ConfirmDevice')).toBe(1);
});
