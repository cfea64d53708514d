// Wrong passwords lock, and whoever goes on trying makes it worse: minutes here are the pool's clock.

import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import { fault, incorrect, signIn } from './cognito-client.js';
import type { CognitoPool, CognitoPoolOptions } from '@axios-authorizer/test-kit';

const exceeded = '400 NotAuthorizedException: Password attempts exceeded';
let clock: ManualClock;
let pool: CognitoPool;

async function start(options: CognitoPoolOptions = {}): Promise<void> {
  clock = new ManualClock();
  const users = ['alice', 'bob'].map((username) => ({ username, password: 'right' }));
  pool = await startCognitoPool({ users, clock, ...options });
}

async function attempt(password: string, username = 'alice'): Promise<string> {
  const answered = await signIn(pool, username, { password, at: clock.now() });
  return answered.status === 200 ? 'in' : fault(answered);
}

async function fail(times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    expect(await attempt('wrong')).toBe(incorrect);
  }
}

afterEach(() => pool.stop());

test('the fifth wrong password locks for a second (G4)', async () => {
  await start();
  await fail(5);
  await clock.advance(999);
  expect(await attempt('right', 'bob')).toBe('in');
  expect(await attempt('right')).toBe(exceeded);
});

test('after that second the right password is let in, and all is forgotten', async () => {
  await start();
  await fail(5);
  await clock.advance(1_000);
  expect(await attempt('right')).toBe('in');
  await fail(4);
  expect(await attempt('right')).toBe('in');
});

test('trying while locked doubles the lock (G4)', async () => {
  await start();
  await fail(5);
  expect(await attempt('right')).toBe(exceeded);
  await clock.advance(1_999);
  expect(await attempt('right')).toBe(exceeded);
  await clock.advance(3_999);
  expect(await attempt('right')).toBe(exceeded);
  await clock.advance(8_000);
  expect(await attempt('right')).toBe('in');
});

test('a lock is never longer than fifteen minutes (G4)', async () => {
  await start();
  await fail(5);
  for (let count = 0; count < 12; count += 1) {
    expect(await attempt('right')).toBe(exceeded);
  }
  await clock.advance(899_999);
  expect(await attempt('right')).toBe(exceeded);
  await clock.advance(900_000);
  expect(await attempt('right')).toBe('in');
});

test('fifteen minutes of peace and the failures are forgotten', async () => {
  await start();
  await fail(4);
  await clock.advance(900_001);
  await fail(4);
  expect(await attempt('right')).toBe('in');
});

test('an unknown name locks like a known one', async () => {
  await start();
  for (let count = 0; count < 5; count += 1) {
    expect(await attempt('wrong', 'nobody')).toBe(incorrect);
  }
  expect(await attempt('wrong', 'nobody')).toBe(exceeded);
});

test('without lockout nobody is locked', async () => {
  await start({ lockout: false });
  await fail(8);
  expect(await attempt('right')).toBe('in');
});
