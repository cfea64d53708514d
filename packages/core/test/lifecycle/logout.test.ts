// After a logout, is the token gone: here, in the store, and at the server?
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource, memoryTokenStore, passwordSource } from '../../src/index.js';
import type { AuthEvent, Token, TokenSource } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { never, ScriptedStore } from './scripted-store.js';
import { at, failureOf, settled, standing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

function revoked(idp: TokenEndpoint): readonly (string | null)[] {
  const requests = idp.requests.filter(({ url }) => url === '/revoke');
  return requests.map(({ body }) => new URLSearchParams(body.toString()).get('token'));
}

interface SignedIn {
  readonly clock: ManualClock;
  readonly idp: TokenEndpoint;
  readonly store: ScriptedStore;
  readonly source: TokenSource;
  readonly auth: Authorizer;
  readonly events: AuthEvent[];
}

async function signedIn(): Promise<SignedIn> {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'rotating' });
  const store = new ScriptedStore();
  const events: AuthEvent[] = [];
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
  const auth = new Authorizer(source, { clock, store, observer: (event) => void events.push(event) });
  await auth.getToken();
  return { clock, idp, store, source, auth, events };
}

it('a logout revokes both tokens, forgets them and clears the store (C6)', async () => {
  const { idp, store, auth } = await signedIn();
  await auth.logout();
  expect(new Set(revoked(idp))).toEqual(new Set(['token-1', 'refresh-1']));
  expect(idp.valid('token-1')).toBe(false);
  expect([auth.token, auth.accessToken, auth.authenticated, store.kept]).toEqual([
    undefined,
    undefined,
    false,
    undefined,
  ]);
});

it('a run that only logs out revokes what the store holds (C6)', async () => {
  const { clock, idp, store, source } = await signedIn();
  await new Authorizer(source, { clock, store }).logout();
  expect(new Set(revoked(idp))).toEqual(new Set(['token-1', 'refresh-1']));
  expect(store.kept).toBeUndefined();
});

it('a store that cannot be cleared does not keep the server from being told, and the caller hears of it (C6)', async () => {
  const { idp, store, auth } = await signedIn();
  store.on('clear', () => Promise.reject(new Error('read-only disk')));
  expect((await failureOf(auth.logout())).message).toContain('read-only disk');
  expect(new Set(revoked(idp))).toEqual(new Set(['token-1', 'refresh-1']));
  expect(auth.token).toBeUndefined();
});

it('a server that cannot be told does not keep the token alive here: that is only observed (C6)', async () => {
  const { idp, store, auth, events } = await signedIn();
  await idp.stop();
  await auth.logout();
  expect([auth.token, store.kept]).toEqual([undefined, undefined]);
  expect(events.at(-1)).toMatchObject({ type: 'notice', message: expect.stringContaining('not revoked') as unknown });
});

it('a revocation that hangs ends with the limit of an acquisition (C4, C6)', async () => {
  const clock = new ManualClock();
  const source = { authorize: (): Promise<Token> => Promise.resolve({ accessToken: 'token' }), revoke: never };
  const auth = new Authorizer(source, { clock, timeoutMs: 5_000 });
  await auth.getToken();
  const logout = auth.logout();
  await settled();
  expect(auth.token).toBeUndefined();
  await clock.advance(5_000);
  expect(await standing(logout)).toMatchObject({ state: 'given' });
});

it('a refresh in flight is discarded: not saved, not held, and those who wait are told (C6)', async () => {
  const { idp, store, auth } = await signedIn();
  const { opened, open } = gate();
  idp.next({ after: opened });
  const waiting = [auth.getToken({ force: true }), auth.getToken({ rejected: { accessToken: 'token-1' } })].map(
    failureOf,
  );
  await until(() => idp.calls === 2);
  const logout = auth.logout();
  expect(await Promise.all(waiting)).toMatchObject([
    { code: 'logged_out', kind: 'session' },
    { code: 'logged_out', kind: 'session' },
  ]);
  open();
  await logout;
  await settled();
  expect([auth.token, store.kept]).toEqual([undefined, undefined]);
  expect(store.log.filter((entry) => entry.startsWith('save'))).toEqual(['save token-1']);
});

it('a force that is queued behind the refresh is discarded with it: nobody signs in again unasked (C2, C6)', async () => {
  const hook = new HandHook();
  const store = memoryTokenStore();
  const auth = new Authorizer(hook.get, { clock: new ManualClock(), store });
  const first = failureOf(auth.getToken());
  await settled();
  const queued = failureOf(auth.getToken({ force: true }));
  await auth.logout();
  expect([(await first).code, (await queued).code]).toEqual(['logged_out', 'logged_out']);
  await settled();
  expect(hook.requests).toHaveLength(1);
  expect(auth.token).toBeUndefined();
});

it('a save that was under way when the logout came does not outlive it (C6)', async () => {
  const store = new ScriptedStore();
  const { opened, open } = gate();
  store.on('save', () => opened);
  const auth = new Authorizer(() => Promise.resolve('token'), { clock: new ManualClock(), store });
  const call = failureOf(auth.getToken());
  await settled();
  const logout = auth.logout();
  await settled();
  open();
  await logout;
  await settled();
  expect([(await call).code, auth.token, store.kept]).toEqual(['logged_out', undefined, undefined]);
});

it('the signal of the source aborts with the logout (C4, C6)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock() });
  const call = failureOf(auth.getToken());
  await settled();
  await auth.logout();
  expect((await call).code).toBe('logged_out');
  expect(hook.requests[0]?.signal.aborted).toBe(true);
});

it('a logout during a refresh asks the source for nothing more: no sign-in opens because of a logout (C6)', async () => {
  const asked: string[] = [];
  const source: TokenSource = {
    authorize: () => Promise.resolve({ accessToken: `signed-in-${asked.push('authorize')}` }),
    refresh: () => (asked.push('refresh'), never()),
  };
  const initialToken = { accessToken: 'old', refreshToken: 'kept' };
  const auth = new Authorizer(source, { clock: new ManualClock(), initialToken });
  const call = failureOf(auth.getToken({ rejected: initialToken }));
  await settled();
  await auth.logout();
  expect((await call).code).toBe('logged_out');
  await settled();
  expect(asked).toEqual(['refresh']);
});

it('after a logout a call signs in anew, at once: no cool-down, no old refresh token (C5, C6)', async () => {
  const { idp, auth } = await signedIn();
  await auth.logout();
  expect((await auth.getToken()).accessToken).toBe('token-2');
  expect(idp.bodies.map((body) => body.get('grant_type'))).toEqual(['password', 'password']);
});

it('a logout ends a cool-down, so that other credentials can be tried (C5, C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.next({ status: 401, json: { error: 'invalid_client' } });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  await failureOf(auth.getToken());
  await auth.logout();
  expect((await auth.getToken()).accessToken).toBe('token-1');
});

it('a logout without a token only clears the store, and a second one harms nobody (C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, store: memoryTokenStore() });
  await auth.logout();
  await auth.logout();
  expect(idp.requests).toHaveLength(0);
});
