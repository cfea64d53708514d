// Devices have a store of their own: what survives a sign-out, a new process, a page load, and what the store itself does wrong.
import { ConfigurationError, memoryTokenStore } from '@axios-authorizer/core';
import { cognitoError } from '@axios-authorizer/test-kit';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterwards, another, asked, failureOf, notices, passing, textsOf } from '../stage.js';
import { signInAnew, tracked } from './stage.js';
import { webDeviceStore } from '../../src/index.js';
import { fileDeviceStore } from '../../src/node/index.js';
import type { CognitoDevice, CognitoToken, DeviceStore, SRPAuthorizerOptions } from '../../src/index.js';
import type { Tracked } from './stage.js';

interface Memory extends DeviceStore {
  readonly kept: Map<string, CognitoDevice | undefined>;
}

function memory(): Memory {
  const kept = new Map<string, CognitoDevice | undefined>();
  return { kept, load: (name) => kept.get(name), save: (name, device) => void kept.set(name, device) };
}

async function fileOf(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'devices-'));
  afterwards(() => rm(folder, { recursive: true }));
  return join(folder, 'devices.json');
}

function pageStorage(): Map<string, string> {
  const entries = new Map<string, string>();
  const localStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
  Reflect.set(globalThis, 'localStorage', localStorage);
  afterwards(() => Reflect.deleteProperty(globalThis, 'localStorage'));
  return entries;
}

/** Three programs, each of which signs in and out. */
async function threeRuns(here: Tracked, devices: () => DeviceStore): Promise<void> {
  for (let run = 0; run < 3; run += 1) {
    const authorizer = another(here, { devices: devices() });
    await authorizer.getToken();
    await authorizer.logout();
  }
}

describe.each<[what: string, make: () => Promise<() => DeviceStore>]>([
  [
    'an application’s own',
    () => {
      const devices = memory();
      return Promise.resolve(() => devices);
    },
  ],
  [
    'a file',
    async () => {
      const path = await fileOf();
      return () => fileDeviceStore(path);
    },
  ],
  [
    'an encrypted file',
    async () => {
      const path = await fileOf();
      return () => fileDeviceStore(path, { encryptionKey: Buffer.alloc(32, 7).toString('base64') });
    },
  ],
  [
    'a browser’s',
    () => {
      pageStorage();
      return Promise.resolve(() => webDeviceStore());
    },
  ],
])('with %s store', (_, make) => {
  it('programs that sign in and out are asked for one code and leave one device (G8)', async () => {
    const here = await tracked('always');
    await threeRuns(here, await make());
    expect(here.questions).toEqual(['SMS_MFA']);
    expect(here.pool.devices('alice')).toHaveLength(1);
  });

  it('a device that the pool forgot is replaced by the next one, for good (G8)', async () => {
    const here = await tracked('always');
    const devices = await make();
    await threeRuns(here, devices);
    here.pool.forgetDevice(String(here.pool.devices('alice')[0]?.key));
    await threeRuns(here, devices);
    expect(here.questions).toEqual(['SMS_MFA', 'SMS_MFA']);
    expect(here.pool.devices('alice')).toHaveLength(1);
  });
});

it('a sign-out clears the token’s store and leaves the devices’ (G8)', async () => {
  const [store, devices] = [memoryTokenStore<CognitoToken>(), memory()];
  const here = await tracked('always', { options: { store, devices } });
  const { device } = await here.authorizer.getToken();
  await here.authorizer.logout();
  expect((await failureOf(Promise.resolve(store.load()))).code).toBe('logged_out');
  expect(devices.kept).toEqual(new Map([['alice', device]]));
});

it('a device is found under the name that the sign-in was given, and under that within the pool (G8)', async () => {
  const devices = memory();
  const user = { mfa: 'SMS_MFA', internalUsername: 'b1a0' } as const;
  const here = await tracked('always', { user, options: { devices, username: 'alice@example.org' } });
  await here.authorizer.getToken();
  expect([...devices.kept.keys()]).toEqual(['alice@example.org', 'b1a0']);
});

it('what a sign-in elsewhere has left is used here, and the other way round (G8)', async () => {
  const devices = memory();
  const here = await tracked('always', { options: { devices, onChallenge: undefined } });
  const { challenge } = await failureOf(here.authorizer.getToken());
  const elsewhere = another(here, { username: undefined, password: undefined });
  const { device } = await elsewhere.answerChallenge(challenge, here.pool.code('alice'));
  expect((await another(here).getToken()).device).toEqual(device);
});

it('a device is an option: a sign-in with it needs no second factor (G8)', async () => {
  const here = await tracked('always');
  const { device } = await here.authorizer.getToken();
  expect((await another(here, { device }).getToken()).device).toEqual(device);
  expect(here.questions).toEqual(['SMS_MFA']);
});

it('a refresh token alone is resumed with the device that is an option (G8)', async () => {
  const here = await tracked('always');
  const { refreshToken, device } = await here.authorizer.getToken();
  const next = another(here, { initialToken: { refreshToken } as CognitoToken, password: undefined, device });
  expect((await next.getToken()).device).toEqual(device);
});

it('a device of the options that the pool does not know is not tried twice (G8)', async () => {
  const device = { key: 'eu-west-1_gone', groupKey: '-group', password: 'of no device' };
  const here = await tracked('always', { options: { device } });
  await here.authorizer.getToken();
  await signInAnew(here, here.authorizer);
  expect(here.pool.operations.map((operation) => textsOf(operation)['DEVICE_KEY'])).toContain(device.key);
  expect(here.pool.count('InitiateAuth')).toBe(3);
  expect(here.questions).toEqual(['SMS_MFA']);
});

it('what another process has put in the place of a forgotten device stays there (G8)', async () => {
  const devices = memory();
  const here = await tracked('always', { options: { devices } });
  const { device } = await here.authorizer.getToken();
  here.pool.forgetDevice(String(device?.key));
  const other = (await another(here).getToken()).device;
  expect(other?.key).not.toBe(device?.key);
  expect((await signInAnew(here, here.authorizer)).device).toEqual(other);
  expect(devices.kept.get('alice')).toEqual(other);
  expect(here.questions).toHaveLength(2);
});

const broken = new Error('The disk is full');

it.each<[what: string, devices: DeviceStore]>([
  ['throws', { load: () => fail(broken), save: () => fail(broken) }],
  ['rejects', { load: () => Promise.reject(broken), save: () => Promise.reject(broken) }],
])('a store that %s is told to the observer, and the sign-in stands (G8)', async (_, devices) => {
  const here = await tracked('always', { options: { devices } });
  expect((await here.authorizer.getToken()).device?.key).toBe(here.pool.devices('alice')[0]?.key);
  expect(notices(here)).toEqual([
    'The device was not loaded: The disk is full',
    'The device was not saved: The disk is full',
  ]);
});

function fail(error: Error): never {
  throw error;
}

it.each([null, 'a text', { key: 'a key' }, { key: 'a', groupKey: 'b', password: 7 }])(
  'a store that holds %j holds no device (G8)',
  async (held) => {
    const devices: DeviceStore = { load: () => held as unknown as CognitoDevice, save: () => undefined };
    const here = await tracked('always', { options: { devices } });
    await here.authorizer.getToken();
    expect(here.questions).toEqual(['SMS_MFA']);
  },
);

it('ConfirmDevice is repeated after a throttle, twice at most (G8)', async () => {
  const busy = cognitoError('TooManyRequestsException', 'Rate exceeded');
  const here = await tracked('always');
  here.pool.next('ConfirmDevice', busy, busy);
  const token = await passing(here.clock, here.authorizer.getToken());
  expect(here.pool.devices('alice')).toMatchObject([{ key: token.device?.key }]);
  expect(here.pool.count('ConfirmDevice')).toBe(3);
  here.pool.forgetDevice(String(token.device?.key));
  here.pool.next('ConfirmDevice', busy, busy, busy);
  const without = await passing(here.clock, here.authorizer.getToken({ force: true }));
  expect(without).not.toHaveProperty('device');
  expect(here.pool.count('ConfirmDevice')).toBe(6);
});

it.each<Partial<SRPAuthorizerOptions>>([
  { authFlow: 'USER_PASSWORD_AUTH' },
  { authFlow: 'USER_AUTH', preferredChallenge: 'PASSWORD' },
  { authFlow: 'USER_AUTH', preferredChallenge: 'EMAIL_OTP' },
  { authFlow: 'CUSTOM_AUTH' },
])('the new device of a sign-in by %j is confirmed and kept as well (G8)', async (flow) => {
  const devices = memory();
  const user = { firstFactors: ['EMAIL_OTP', 'PASSWORD'] } as const;
  const here = await tracked('always', { user, options: { devices, ...flow } });
  const { device } = await here.authorizer.getToken();
  expect(devices.kept.get('alice')).toEqual(device);
  expect(here.pool.devices('alice')).toMatchObject([{ key: device?.key }]);
});

it('a device that a refresh names is confirmed and kept too (G8)', async () => {
  const devices = memory();
  const here = await tracked('always', { user: {}, options: { devices } });
  const { accessToken, refreshToken } = await here.authorizer.getToken();
  const NewDeviceMetadata = { DeviceKey: String(here.pool.devices('alice')[0]?.key), DeviceGroupKey: '-next' };
  const AuthenticationResult = { AccessToken: accessToken, ExpiresIn: 300, NewDeviceMetadata };
  here.pool.next('GetTokensFromRefreshToken', { json: { AuthenticationResult } });
  const token = await here.authorizer.getToken({ force: true });
  expect(token).toMatchObject({ refreshToken, device: { groupKey: '-next' } });
  expect(devices.kept.get('alice')).toEqual(token.device);
  expect(asked(here.pool).slice(-2)).toEqual(['GetTokensFromRefreshToken', 'ConfirmDevice']);
});

describe('the file', () => {
  it('is the owner’s alone, and holds the devices of several users (G8)', async () => {
    const path = await fileOf();
    const devices = fileDeviceStore(path);
    const [ada, bob] = ['ada', 'bob'].map((key) => ({ key, groupKey: '-group', password: `of ${key}` }));
    await devices.save('ada', ada);
    await devices.save('bob', bob);
    await devices.save('ada', undefined);
    expect([await devices.load('ada'), await devices.load('bob')]).toEqual([undefined, bob]);
    await devices.save('ada', ada);
    expect(await fileDeviceStore(path).load('ada')).toEqual(ada);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('shows no device when it is encrypted (G8)', async () => {
    const path = await fileOf();
    const devices = fileDeviceStore(path, { encryptionKey: Buffer.alloc(32, 7) });
    await devices.save('ada', { key: 'the-key', groupKey: '-group', password: 'the-password' });
    const text = await readFile(path, 'utf8');
    expect(text).not.toMatch(/the-password|the-key/);
  });

  it('refuses what cannot be meant at once (G8)', () => {
    expect(() => fileDeviceStore('')).toThrow(ConfigurationError);
    expect(() => fileDeviceStore('devices.json', { encryptionKeys: 'x' } as object)).toThrow(
      /did you mean encryptionKey/,
    );
  });
});

describe('the browser’s', () => {
  it('is for pages: elsewhere the first sign-in says so (G8)', async () => {
    const here = await tracked('always', { options: { devices: webDeviceStore() } });
    expect(await failureOf(here.authorizer.getToken())).toMatchObject({ kind: 'configuration' });
    expect(() => webDeviceStore({ named: 'x' } as object)).toThrow(/did you mean name/);
  });

  it('keeps the devices of two pools apart by its name, and reads nothing that is no device (G8)', async () => {
    const entries = pageStorage();
    const device = { key: 'a', groupKey: 'b', password: 'c' };
    await webDeviceStore({ name: 'one' }).save('ada', device);
    expect(await webDeviceStore({ name: 'two' }).load('ada')).toBeUndefined();
    expect(await webDeviceStore({ name: 'one' }).load('ada')).toEqual(device);
    for (const key of entries.keys()) entries.set(key, '{broken');
    expect(await webDeviceStore({ name: 'one' }).load('ada')).toBeUndefined();
  });
});
