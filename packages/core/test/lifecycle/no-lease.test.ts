// The store gives no lease: who may go on alone, and who must not touch the refresh token?
import { gate, ManualClock } from '@axios-authorizer/test-kit';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource, ConfigurationError } from '../../src/index.js';
import { passwordSource, refreshTokenSource } from '../../src/index.js';
import type { AuthEvent, Token, TokenSource, TokenStore } from '../../src/index.js';
import { never, ScriptedStore } from './scripted-store.js';
import { at, failureOf, passing, settled, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

type Lease = NonNullable<TokenStore['exclusive']>;
const ways: readonly (readonly [string, Lease])[] = [
  ['rejects', () => Promise.reject(new Error('no lease'))],
  ['throws', () => { throw new Error('no lease'); }], // prettier-ignore
  ['goes unanswered, like every later call', never],
];

function held(clock: ManualClock): Token {
  const issuedAt = new Date(clock.now());
  return { accessToken: 'old', refreshToken: 'rotating', issuedAt, expiresAt: new Date(clock.now() + 100_000) };
}

interface Alone {
  readonly clock: ManualClock;
  readonly idp: TokenEndpoint;
  readonly events: AuthEvent[];
  readonly store: ScriptedStore;
  readonly auth: (source: (options: ReturnType<typeof at>) => TokenSource, initialToken?: Token) => Authorizer;
}

async function without(exclusive: Lease): Promise<Alone> {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100, refreshTokens: 'rotating' });
  const events: AuthEvent[] = [];
  const store = new ScriptedStore();
  const falling: Lease = (work) => {
    if (exclusive === never) store.on('load', never);
    return exclusive(work);
  };
  const options = { clock, store: { ...store.withLease(), exclusive: falling } };
  const observer = (event: AuthEvent): void => void events.push(event);
  const auth: Alone['auth'] = (source, initialToken) =>
    new Authorizer(source(at(idp, clock)), { ...options, observer, ...(initialToken && { initialToken }) });
  return { clock, idp, events, store, auth };
}

const byPassword = (options: ReturnType<typeof at>): TokenSource =>
  passwordSource({ ...options, username: 'u', password: 'p' });

it.each(ways)('a lease that %s: a source without refresh tokens carries on alone (C6)', async (_how, exclusive) => {
  const { clock, idp, events, store, auth: create } = await without(exclusive);
  const auth = create(clientCredentialsSource);
  expect((await passing(clock, auth.getToken())).accessToken).toBe('token-1');
  clock.set(clock.now() + 100_000);
  expect((await passing(clock, auth.getToken())).accessToken).toBe('token-2');
  expect(idp.calls).toBe(2);
  expect(store.kept?.accessToken).toBe('token-2');
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'store', action: 'lease', failure: expect.anything() as unknown }),
  );
});

it.each(ways)(
  'a lease that %s: a token with a refresh token is not refreshed but used to its end (C6)',
  async (_how, exclusive) => {
    const { clock, idp, auth: create } = await without(exclusive);
    const initialToken = held(clock);
    const auth = create(byPassword, initialToken);
    const endsAt = initialToken.expiresAt?.getTime() ?? 0;
    for (const leftMs of [25_000, 12_000, 10_000, 5_000]) {
      clock.set(endsAt - leftMs);
      expect((await passing(clock, auth.getToken())).accessToken).toBe('old');
      await settled();
    }
    expect(idp.calls).toBe(0);
  },
);

it.each(ways)(
  'a lease that %s: at the end of its token, a source that can sign in does (C6)',
  async (_how, exclusive) => {
    const { clock, idp, auth: create } = await without(exclusive);
    const auth = create(byPassword, held(clock));
    clock.set(clock.now() + 100_000);
    expect((await passing(clock, auth.getToken())).accessToken).toBe('token-1');
    expect(idp.bodies.map((body) => body.get('grant_type'))).toEqual(['password']);
  },
);

it('a token that expires while its refresh asks for a lease in vain: a source that can sign in does (C6)', async () => {
  const refusal = gate();
  const {
    clock,
    idp,
    auth: create,
  } = await without(async () => {
    await refusal.opened;
    throw new Error('no lease');
  });
  const auth = create(byPassword, held(clock));
  clock.set(clock.now() + 75_000);
  expect((await auth.getToken()).accessToken).toBe('old');
  await settled();
  clock.set(clock.now() + 25_000);
  const waiting = auth.getToken();
  refusal.open();
  expect((await passing(clock, waiting)).accessToken).toBe('token-1');
  expect(idp.bodies.map((body) => body.get('grant_type'))).toEqual(['password']);
});

it('a token that expires before those who wait hear of a lease in vain: a source that can sign in does (C6)', async () => {
  const { clock, idp, events, auth: create } = await without(() => Promise.reject(new Error('no lease')));
  const auth = create(byPassword, held(clock));
  clock.set(clock.now() + 95_000);
  const failed = jest.spyOn(events, 'push').mockImplementation((event) => {
    if (event.type === 'failed') clock.set(clock.now() + 5_000); // as on a machine that is busy at that moment
    return 0;
  });
  expect((await passing(clock, auth.getToken())).accessToken).toBe('token-1');
  failed.mockRestore();
  expect(idp.bodies.map((body) => body.get('grant_type'))).toEqual(['password']);
});

it.each(ways)(
  'a lease that %s: a source that cannot sign in is `unavailable`, and the session is kept (C6)',
  async (_how, exclusive) => {
    const { clock, idp, auth: create } = await without(exclusive);
    const auth = create(refreshTokenSource, held(clock));
    clock.set(clock.now() + 100_000);
    const failure = await failureOf(passing(clock, auth.getToken()));
    expect(failure).toMatchObject({ kind: 'unavailable', code: 'lease_unavailable' });
    expect(auth.token?.refreshToken).toBe('rotating');
    expect(idp.calls).toBe(0);
  },
);

it.each(ways)(
  'a lease that %s: a rejected token is replaced by signing in, not by its refresh token (C3, C6)',
  async (_how, exclusive) => {
    const { clock, idp, auth: create } = await without(exclusive);
    const rejected = held(clock);
    const auth = create(byPassword, rejected);
    expect((await passing(clock, auth.getToken({ rejected }))).accessToken).toBe('token-1');
    expect(idp.bodies.map((body) => body.get('grant_type'))).toEqual(['password']);
  },
);

it('when the lease can be had again, the refresh token is used: nothing was lost meanwhile (C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'rotating' });
  const store = new ScriptedStore();
  store.on('lease', () => Promise.reject(new Error('no lease')));
  const options = { clock, store: store.withLease(), initialToken: held(clock) };
  const auth = new Authorizer(refreshTokenSource(at(idp, clock)), options);
  clock.set(clock.now() + 100_000);
  await failureOf(auth.getToken());
  store.on('lease', undefined);
  clock.set(clock.now() + 60_000);
  expect((await auth.getToken()).accessToken).toBe('token-1');
  expect(idp.bodies.map((body) => body.get('refresh_token'))).toEqual(['rotating']);
});

it('a lease that comes too late is not worked under: one token request, not two (C6)', async () => {
  const { opened, open } = gate();
  const { clock, idp, store, auth: create } = await without((work) => opened.then(work));
  store.on('load', () => (store.log.length > 1 ? never() : Promise.resolve()));
  const call = create(clientCredentialsSource).getToken();
  await passing(clock, call);
  open();
  await settled();
  expect(idp.calls).toBe(1);
});

it('a lease that ends without having let anybody work counts as none: nobody hangs (C4, C6)', async () => {
  const { clock, auth: create } = await without(() => Promise.resolve(undefined as never));
  const call = create(clientCredentialsSource).getToken();
  expect((await passing(clock, call)).accessToken).toBe('token-1');
});

it('a ConfigurationError of the lease, such as a missing folder, is fatal (C6)', async () => {
  const { idp, auth: create } = await without(() => Promise.reject(new ConfigurationError('no such folder')));
  expect(await failureOf(create(clientCredentialsSource).getToken())).toMatchObject({ kind: 'configuration' });
  expect(idp.calls).toBe(0);
});
