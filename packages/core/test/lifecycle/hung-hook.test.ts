// A new token has arrived, and saving or reporting it hangs: is it lost, and is the spent refresh token presented again?
import axios from 'axios';
import { ManualClock, startResourceServer } from '@axios-authorizer/test-kit';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer, passwordSource } from '../../src/index.js';
import type { AuthEvent, AuthorizerOptions, Token } from '../../src/index.js';
import { never, ScriptedStore } from './scripted-store.js';
import { at, passing, settled, standing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

interface Scene {
  readonly clock: ManualClock;
  readonly idp: TokenEndpoint;
  readonly auth: Authorizer;
}

async function scene(options: AuthorizerOptions): Promise<Scene> {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100, refreshTokens: 'rotating' });
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
  return { clock, idp, auth: new Authorizer(source, { clock, ...options }) };
}

function presented({ bodies }: TokenEndpoint): readonly (string | null)[] {
  return bodies.map((body) => body.get('refresh_token'));
}

/** Signs in and refreshes three times, however long each takes. */
async function rollOver({ clock, auth }: Scene): Promise<readonly string[]> {
  const given: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    given.push((await passing(clock, auth.getToken())).accessToken);
    await settled();
    clock.set(clock.now() + 100_000);
  }
  return given;
}

const inTurn = ['token-1', 'token-2', 'token-3', 'token-4'];

it.each<readonly [string, () => AuthorizerOptions]>([
  ['an onToken that never settles', () => ({ onToken: never })],
  ['an onToken that never settles, and a limit that is shorter', () => ({ onToken: never, timeoutMs: 1_500 })],
  ['a store whose save hangs', () => ({ store: hanging('save') })],
  ['a store whose save hangs longer than the limit', () => ({ store: hanging('save'), timeoutMs: 1_500 })],
  ['a store with a lease whose save hangs', () => ({ store: hanging('save').withLease(), timeoutMs: 1_500 })],
])('%s loses no rotation: each refresh token is presented once (C6)', async (_what, options) => {
  const made = await scene(options());
  expect(await rollOver(made)).toEqual(inTurn);
  expect(presented(made.idp)).toEqual([null, 'refresh-1', 'refresh-2', 'refresh-3']);
  expect(made.idp.reuses).toBe(0);
});

function hanging(call: 'save' | 'load'): ScriptedStore {
  const store = new ScriptedStore();
  store.on(call, never);
  return store;
}

it('an onToken that waits for the token itself gets it, and holds up nobody (C6)', async () => {
  const seen: string[] = [];
  const made = await scene({
    onToken: async () => {
      seen.push((await made.auth.getToken()).accessToken);
    },
  });
  expect(await rollOver(made)).toEqual(inTurn);
  expect(seen).toEqual(inTurn);
});

it('an onToken that sends a request through the attached client is served (C6)', async () => {
  const api = await startResourceServer({ accepts: () => true });
  const made = await scene({ onToken: () => client.get('/profile').then(() => undefined) });
  const client = axios.create({ baseURL: api.origin });
  attachAuth(client, made.auth);
  expect((await client.get('/items')).status).toBe(200);
  expect(api.bearers()).toEqual(['token-1', 'token-1']);
  await api.stop();
});

it.each([
  [30_000, 2_000],
  [30_000, 2_000],
  [500, 500],
])('within a limit of %d ms onToken is waited for %d ms (C6)', async (timeoutMs, waitedMs) => {
  const clock = new ManualClock();
  const auth = new Authorizer(() => Promise.resolve('token'), { clock, timeoutMs, onToken: never });
  const token = auth.getToken();
  await settled();
  await clock.advance(waitedMs - 1);
  expect(await standing(token)).toEqual({ state: 'waiting' });
  await clock.advance(1);
  expect((await token).accessToken).toBe('token');
});

it.each(['load', 'save', 'lease'] as const)(
  'a store whose %s hangs does not lengthen the limit of an acquisition (C4)',
  async (call) => {
    const clock = new ManualClock();
    const store = new ScriptedStore();
    store.on(call, never);
    const auth = new Authorizer(() => Promise.resolve('token'), { clock, store: store.withLease(), timeoutMs: 500 });
    const token = auth.getToken();
    await settled();
    await clock.advance(500);
    expect((await standing(token)).state).toBe(call === 'save' ? 'given' : 'failed');
  },
);

it('a token that arrived while a logout came is revoked too, saved or not (C6)', async () => {
  const revoked: string[] = [];
  const store = hanging('save');
  const source = {
    authorize: (): Promise<Token> => Promise.resolve({ accessToken: 'arrived' }),
    revoke: ({ accessToken }: Token): Promise<void> => Promise.resolve(void revoked.push(accessToken)),
  };
  const clock = new ManualClock();
  const auth = new Authorizer(source, { clock, store });
  const waiting = standing(auth.getToken());
  await waiting;
  const logout = auth.logout();
  await settled();
  await clock.advance(2_000);
  await logout;
  expect(revoked).toEqual(['arrived']);
});

it('who asks after a logout that meets a slow save starts afresh, and is not told of the old session (C17)', async () => {
  const clock = new ManualClock();
  const store = hanging('save');
  let made = 0;
  const auth = new Authorizer(() => Promise.resolve(`token-${(made += 1)}`), { clock, store });
  const before = standing(auth.getToken());
  await before;
  const logout = auth.logout();
  const after = auth.getToken();
  store.on('save', undefined);
  await settled();
  await clock.advance(2_000);
  await logout;
  expect((await after).accessToken).toBe('token-2');
});

it('a step that has not answered is named by the error (C4)', async () => {
  const clock = new ManualClock();
  const events: AuthEvent[] = [];
  const store = hanging('load');
  const observer = (event: AuthEvent): void => void events.push(event);
  const auth = new Authorizer(() => Promise.resolve('token'), { clock, store, timeoutMs: 500, observer });
  const failure = standing(auth.getToken());
  await failure;
  const token = auth.getToken().catch((error: unknown) => error);
  await clock.advance(500);
  expect(await token).toMatchObject({
    message: 'No token within 500 ms: the token store (load) had not answered',
    code: 'timeout',
  });
});
