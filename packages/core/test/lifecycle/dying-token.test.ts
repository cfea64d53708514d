// The endpoint is down and the held token runs out: until when are callers answered?
import { ManualClock, until } from '@axios-authorizer/test-kit';
import type { TokenAnswer } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource } from '../../src/index.js';
import type { AuthEvent } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { at, failureOf, passing, settled, standing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

it.each<readonly [string, TokenAnswer]>([
  ['answers 503', { status: 503 }],
  ['answers 429', { status: 429 }],
  ['cuts the connection', { reset: true }],
])('while the endpoint %s, callers are answered to the last millisecond, then told (C1)', async (_how, answer) => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100 });
  let running = 0;
  const observer = ({ type }: AuthEvent): void => {
    running += Number(type === 'acquiring') - Number(type === 'acquired' || type === 'failed');
  };
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, observer, maxRetries: 0 });
  const endsAt = (await auth.getToken()).expiresAt?.getTime() ?? 0;
  idp.always(answer);
  for (const leftMs of [40_000, 30_000, 20_000, 10_000, 9_999, 5_000, 4_999, 1_000, 2, 1]) {
    clock.set(endsAt - leftMs);
    expect((await auth.getToken()).accessToken).toBe('token-1');
    await settled();
    await until(() => running === 0, 'the end of the background refresh');
    await settled();
  }
  clock.set(endsAt);
  expect(await failureOf(auth.getToken())).toMatchObject({ kind: 'unavailable' });
  idp.always(undefined);
  clock.set(endsAt + 60_000);
  expect((await auth.getToken()).accessToken).toBe('token-2');
});

it('a caller who waits in the last seconds gets the old token when the refresh fails transiently (C1)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100 });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, leewayMs: 20_000 });
  const endsAt = (await auth.getToken()).expiresAt?.getTime() ?? 0;
  idp.always({ status: 503 });
  clock.set(endsAt - 20_000);
  expect((await passing(clock, auth.getToken())).accessToken).toBe('token-1');
  expect(idp.calls).toBe(5);
});

it('a caller whose wait outlives the token is told of the failure (C1)', async () => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, {
    clock,
    leewayMs: 1_000,
    initialToken: { accessToken: 'old', expiresAt: new Date(clock.now() + 1_000) },
  });
  const call = auth.getToken();
  await settled();
  clock.set(clock.now() + 1_000);
  hook.fail(new Error('away'));
  expect(await failureOf(call)).toMatchObject({ kind: 'unavailable', code: 'source_failed' });
});

it('a token that still lives for a moment is used although its refresh fails for wrong credentials, and no longer (C1)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100 });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  const endsAt = (await auth.getToken()).expiresAt?.getTime() ?? 0;
  idp.always({ status: 401, json: { error: 'invalid_client' } });
  for (const leftMs of [1_000, 500, 1]) {
    clock.set(endsAt - leftMs);
    expect((await auth.getToken()).accessToken).toBe('token-1');
  }
  clock.set(endsAt);
  expect(await failureOf(auth.getToken())).toMatchObject({ kind: 'credentials' });
});

it('a stale token stays in use while its refresh fails for good in the background (C1)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100 });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  const endsAt = (await auth.getToken()).expiresAt?.getTime() ?? 0;
  idp.always({ status: 401, json: { error: 'invalid_client' } });
  clock.set(endsAt - 15_000);
  for (let call = 0; call < 10; call += 1) {
    expect((await auth.getToken()).accessToken).toBe('token-1');
    await settled();
  }
  expect(await standing(auth.getToken())).toMatchObject({ state: 'given' });
});

it('a rejected token is not handed out again, although it lives and its refresh fails (C1, C3)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, maxRetries: 0 });
  const rejected = await auth.getToken();
  idp.always({ status: 503 });
  expect(await failureOf(auth.getToken({ rejected }))).toMatchObject({ kind: 'unavailable' });
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'cooling_down' });
  expect(auth.authenticated).toBe(false);
});
