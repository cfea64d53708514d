// Two authorizers, as in two processes, share one store: do they share the token, and its one refresh?
import { ManualClock, until } from '@axios-authorizer/test-kit';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource, memoryTokenStore, passwordSource } from '../../src/index.js';
import type { AuthEvent, TokenStore } from '../../src/index.js';
import { ScriptedStore } from './scripted-store.js';
import { at, settled, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

/** Authorizers over one store that sign in by password at an endpoint that rotates. */
async function team(
  size: number,
  store: TokenStore,
): Promise<{ clock: ManualClock; idp: TokenEndpoint; team: Authorizer[] }> {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100, refreshTokens: 'rotating' });
  const source = (): ReturnType<typeof passwordSource> =>
    passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
  return { clock, idp, team: Array.from({ length: size }, () => new Authorizer(source(), { clock, store })) };
}

const stores: readonly (readonly [string, () => TokenStore])[] = [
  ['the store in memory', () => memoryTokenStore()],
  ['a store with a lease in turn', queued],
];

/** A user's store whose lease goes from one to the next. */
function queued(): TokenStore {
  const store = new ScriptedStore().withLease();
  let last: Promise<unknown> = Promise.resolve();
  const exclusive = <R>(work: () => Promise<R>): Promise<R> => {
    const turn = last.then(() => store.exclusive?.(work) ?? work());
    last = turn.catch(() => undefined);
    return turn;
  };
  return { ...store, exclusive };
}

it.each(stores)('over %s, ten sign in once and hold one token (C6)', async (_name, store) => {
  const { idp, team: ten } = await team(10, store());
  const tokens = await Promise.all(ten.map((auth) => auth.getToken()));
  expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-1']));
  expect(idp.calls).toBe(1);
});

it.each(stores)(
  'over %s, ten at once go through twenty rollovers with twenty refreshes and no reuse (C6)',
  async (...row) => {
    const { clock, idp, team: ten } = await team(10, row[1]());
    await Promise.all(ten.map((auth) => auth.getToken()));
    for (let rollover = 1; rollover <= 20; rollover += 1) {
      clock.set(clock.now() + 100_000);
      const tokens = await Promise.all(ten.map((auth) => auth.getToken()));
      expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    }
    expect([idp.calls, idp.reuses, idp.familyAlive]).toEqual([21, 0, true]);
  },
);

it('a rejected token that another has replaced already is replaced by that one, without a request (C3, C6)', async () => {
  const { idp, team: two } = await team(2, memoryTokenStore());
  const [one, other] = two as [Authorizer, Authorizer];
  const rejected = await one.getToken();
  await other.getToken();
  const replaced = await one.getToken({ rejected });
  expect(await other.getToken({ rejected })).toEqual(replaced);
  expect(idp.calls).toBe(2);
});

it('what is refreshed is the STORED token, not the one that is held: the held one was rotated away (C6)', async () => {
  const store = new ScriptedStore();
  const { clock, idp, team: two } = await team(2, store.withLease());
  const [one, other] = two as [Authorizer, Authorizer];
  await one.getToken();
  await other.getToken();
  clock.set(clock.now() + 100_000);
  await other.getToken();
  clock.set(clock.now() + 100_000);
  await one.getToken();
  expect(idp.bodies.map((body) => body.get('refresh_token'))).toEqual([null, 'refresh-1', 'refresh-2']);
  expect(idp.reuses).toBe(0);
});

it('a store without a lease is read before a refresh as well (C6)', async () => {
  const store = new ScriptedStore();
  const { clock, idp, team: two } = await team(2, store);
  const [one, other] = two as [Authorizer, Authorizer];
  await one.getToken();
  await other.getToken();
  clock.set(clock.now() + 100_000);
  await other.getToken();
  expect((await one.getToken()).accessToken).toBe('token-2');
  expect([idp.calls, idp.reuses]).toEqual([2, 0]);
});

it('the stored token that is the refused one itself is not adopted (C3, C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const store = memoryTokenStore();
  const source = clientCredentialsSource(at(idp, clock));
  const rejected = await new Authorizer(source, { clock, store }).getToken();
  const other = new Authorizer(source, { clock, store });
  await other.getToken();
  expect((await other.getToken({ rejected })).accessToken).toBe('token-2');
});

it('two that find the token stale at once refresh it once in the background (C1, C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100, refreshTokens: 'rotating' });
  let acquired = 0;
  const observer = ({ type }: AuthEvent): void => void (acquired += Number(type === 'acquired'));
  const options = { clock, store: memoryTokenStore(), observer };
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
  const two = [new Authorizer(source, options), new Authorizer(source, options)];
  await Promise.all(two.map((auth) => auth.getToken()));
  clock.set(clock.now() + 75_000);
  const old = await Promise.all(two.map((auth) => auth.getToken()));
  expect(old.map(({ accessToken }) => accessToken)).toEqual(['token-1', 'token-1']);
  await until(() => acquired === 4);
  await settled();
  expect(two.map(({ accessToken }) => accessToken)).toEqual(['token-2', 'token-2']);
  expect([idp.calls, idp.reuses]).toEqual([2, 0]);
});
