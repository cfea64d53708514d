// Refresh tokens: both operations, rotation with its grace period, devices, and every way in which one ends.

import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import { call, fault, secretHash, signIn, tokensOf } from './cognito-client.js';
import type { CognitoPool, CognitoPoolOptions } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';
import type { Parameters, Texts, Tokens } from './cognito-client.js';

const password = 'Passw0rd!';
const refusal = (message: string): string => `400 NotAuthorizedException: ${message}`;
let clock: ManualClock;
let pool: CognitoPool;

async function start(options: CognitoPoolOptions = {}): Promise<Tokens> {
  clock = new ManualClock();
  const users = [{ username: 'alice', password }];
  pool = await startCognitoPool({ users, clock, ...options });
  return again();
}

async function again(): Promise<Tokens> {
  return tokensOf(await signIn(pool, 'alice', { password, at: clock.now() }));
}

function refresh(RefreshToken: string, more: Parameters = {}): Promise<Asked> {
  return call(pool, 'GetTokensFromRefreshToken', { ClientId: 'test-client', RefreshToken, ...more });
}

function refreshOfOld(REFRESH_TOKEN: string, { ClientId = 'test-client', ...more }: Parameters = {}): Promise<Asked> {
  return call(pool, 'InitiateAuth', {
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId,
    AuthParameters: { REFRESH_TOKEN, ...more },
  });
}

afterEach(() => pool.stop());

test('without rotation new tokens come without a refresh token, by either operation (G3)', async () => {
  const { RefreshToken, AccessToken } = await start();
  for (const refreshed of [await refresh(RefreshToken), await refreshOfOld(RefreshToken)]) {
    expect(Object.keys(tokensOf(refreshed)).toSorted()).toEqual(['AccessToken', 'ExpiresIn', 'IdToken', 'TokenType']);
    expect(pool.valid(tokensOf(refreshed).AccessToken)).toBe(true);
  }
  expect(pool.valid(AccessToken)).toBe(true);
});

test.each([
  [-1, '200'],
  [0, refusal('Refresh Token has expired')],
])('thirty days and %d ms after the sign-in a refresh token, though rotated, gives %s', async (offset, expected) => {
  const { RefreshToken } = await start({ refreshRotation: { graceSeconds: 60 } });
  await clock.advance(15 * 86_400_000);
  const next = tokensOf(await refresh(RefreshToken)).RefreshToken;
  await clock.advance(15 * 86_400_000 + offset);
  const refreshed = await refresh(next);
  expect(refreshed.status === 200 ? '200' : fault(refreshed)).toBe(expected);
});

test('an unknown token and one of another client are invalid', async () => {
  const clients = ['test-client', 'other'].map((clientId) => ({ clientId }));
  const { RefreshToken } = await start({ clients });
  expect(fault(await refresh('unknown'))).toBe(refusal('Invalid Refresh Token'));
  expect(fault(await refresh(RefreshToken, { ClientId: 'other' }))).toBe(refusal('Invalid Refresh Token'));
  expect(fault(await refreshOfOld(RefreshToken, { ClientId: 'other' }))).toBe(refusal('Invalid Refresh Token'));
  expect(fault(await refresh(RefreshToken, { ClientId: 'third' }))).toContain('400 ResourceNotFoundException');
});

test('a user who was disabled gets nothing more', async () => {
  const { RefreshToken } = await start();
  pool.disable('alice');
  expect(fault(await refresh(RefreshToken))).toBe(refusal('User is disabled.'));
});

test('the secret goes in plain to the new operation, as a hash to the old one (G3)', async () => {
  const client = { clientId: 'with-secret', clientSecret: 'client secret' };
  pool = await startCognitoPool({
    clients: [client],
    users: [{ username: 'alice', password, internalUsername: 'id-1' }],
  });
  const signedIn = await call(pool, 'InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: client.clientId,
    AuthParameters: { USERNAME: 'alice', PASSWORD: password, SECRET_HASH: secretHash(client, 'alice') },
  });
  const { RefreshToken } = tokensOf(signedIn);
  const ClientId = client.clientId;
  const SECRET_HASH = secretHash(client, 'id-1');
  expect(fault(await refresh(RefreshToken, { ClientId }))).toContain(refusal('Unable to verify'));
  expect(fault(await refresh(RefreshToken, { ClientId, SecretHash: SECRET_HASH }))).toContain('Unable to verify');
  expect((await refresh(RefreshToken, { ClientId, ClientSecret: client.clientSecret })).status).toBe(200);
  expect(fault(await refreshOfOld(RefreshToken, { ClientId }))).toContain(refusal('Unable to verify secret hash'));
  expect((await refreshOfOld(RefreshToken, { ClientId, SECRET_HASH })).status).toBe(200);
});

test('a token that belongs to a device wants its DeviceKey, until the device is forgotten (G3)', async () => {
  const tokens = await start({ deviceTracking: 'always' });
  const { DeviceKey = '' } = tokens['NewDeviceMetadata'] as unknown as Texts;
  expect(fault(await refresh(tokens.RefreshToken))).toBe(refusal('Invalid Refresh Token'));
  expect(fault(await refresh(tokens.RefreshToken, { DeviceKey: 'other' }))).toBe(refusal('Invalid Refresh Token'));
  expect((await refresh(tokens.RefreshToken, { DeviceKey })).status).toBe(200);
  expect((await refreshOfOld(tokens.RefreshToken, { DEVICE_KEY: DeviceKey })).status).toBe(200);
  pool.forgetDevice(DeviceKey);
  const forgotten = '400 ResourceNotFoundException: Device does not exist.';
  expect(fault(await refresh(tokens.RefreshToken, { DeviceKey }))).toBe(forgotten);
});

test('a refusal spends nothing: the right request after it is answered', async () => {
  const tokens = await start({ deviceTracking: 'always', refreshRotation: { graceSeconds: 0 } });
  const { DeviceKey } = tokens['NewDeviceMetadata'] as unknown as Texts;
  expect((await refresh(tokens.RefreshToken)).status).toBe(400);
  expect((await refresh(tokens.RefreshToken, { DeviceKey })).status).toBe(200);
});

test.each([
  [true, 400, 'UnknownOperationException'],
  [{ status: 404 }, 404, 'UnknownOperationException'],
  [{ status: 400, type: 'InvalidAction' }, 400, 'InvalidAction'],
] as const)('an emulator of old knows REFRESH_TOKEN_AUTH alone: %j (G3)', async (legacyRefreshOnly, status, type) => {
  const { RefreshToken } = await start({ legacyRefreshOnly });
  expect(fault(await refresh(RefreshToken))).toContain(`${status} ${type}: `);
  expect((await refreshOfOld(RefreshToken)).status).toBe(200);
});
