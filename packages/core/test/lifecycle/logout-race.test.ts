// A logout takes time, and others go on meanwhile: does the token that is logged out come back, or outlive it somewhere?
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import type { Gate } from '@axios-authorizer/test-kit';
import { Authorizer, ConfigurationError } from '../../src/index.js';
import type { AuthorizerOptions, Token, TokenSource, TokenStore } from '../../src/index.js';
import { never, ScriptedStore } from './scripted-store.js';
import { settled, standing } from './stage.js';

const clock = new ManualClock();

class Sessions implements TokenSource {
  readonly revoked: (string | undefined)[] = [];
  #made = 0;

  authorize(): Promise<Token> {
    const number = (this.#made += 1);
    const life = { issuedAt: new Date(clock.now() + number), expiresAt: new Date(clock.now() + 3_600_000) };
    return Promise.resolve({ accessToken: `A${number}`, refreshToken: `R${number}`, ...life });
  }
  refresh(): Promise<Token> {
    return this.authorize();
  }
  revoke({ refreshToken }: Token): Promise<void> {
    this.revoked.push(refreshToken);
    return Promise.resolve();
  }
}

const stores: readonly (readonly [string, (store: ScriptedStore) => TokenStore])[] = [
  ['a plain store', (store) => store],
  ['a store with a lease', (store) => store.withLease()],
];

interface Leaving {
  readonly source: Sessions;
  readonly store: ScriptedStore;
  readonly auth: Authorizer;
  readonly clearing: Gate;
  readonly logout: Promise<void>;
}

/** A session whose logout waits for its store. */
async function leaving(kind: (store: ScriptedStore) => TokenStore, options: AuthorizerOptions = {}): Promise<Leaving> {
  const [source, store, clearing] = [new Sessions(), new ScriptedStore(), gate()];
  const auth = new Authorizer(source, { clock, ...options, store: kind(store) });
  await auth.getToken();
  store.on('clear', () => clearing.opened);
  const logout = auth.logout();
  await until(() => store.log.includes('clear'), 'the logout to clear the store');
  return { source, store, auth, clearing, logout };
}

describe.each(stores)('over %s', (_name, kind) => {
  it.each([
    ['', undefined],
    [', by force', { force: true }],
    [', after a refusal', { rejected: { accessToken: 'A1' } }],
  ])('who asks during a logout never gets the token that is logged out%s (C6)', async (_how, demand) => {
    const { source, store, auth, clearing, logout } = await leaving(kind);
    const asked = auth.getToken(demand);
    const early = await standing(asked);
    clearing.open();
    await logout;
    const late = await standing(asked);
    expect(JSON.stringify([early, late, auth.token, store.kept])).not.toMatch(/A1|R1/);
    expect(late.state).not.toBe('waiting');
    expect(source.revoked).toEqual(['R1']);
    expect((await auth.getToken()).accessToken).toBe('A2');
  });

  it('nothing of it is held, during the logout and after it (C6)', async () => {
    const { store, auth, clearing, logout } = await leaving(kind);
    expect([auth.token, auth.authenticated]).toEqual([undefined, false]);
    clearing.open();
    await logout;
    expect([auth.token, auth.authenticated, store.kept]).toEqual([undefined, false, undefined]);
  });

  it('a token that another run stored is revoked too: it is the newer one of the same session (C6)', async () => {
    const [source, store] = [new Sessions(), new ScriptedStore()];
    const [one, other] = [1, 2].map(() => new Authorizer(source, { clock, store: kind(store) })) as [
      Authorizer,
      Authorizer,
    ];
    await one.getToken();
    await other.getToken();
    await other.getToken({ force: true });
    await one.logout();
    expect(source.revoked).toContain('R2');
    expect([one.token, store.kept]).toEqual([undefined, undefined]);
  });

  it('a store that cannot be read for a wrong key is cleared all the same (C6)', async () => {
    const store = new ScriptedStore({ accessToken: 'unreadable' });
    store.on('load', () => Promise.reject(new ConfigurationError('wrong key')));
    await standing(new Authorizer(new Sessions(), { clock, store: kind(store) }).logout());
    expect(store.kept).toBeUndefined();
  });

  it('onToken is not told of a token that a logout discarded while it was saved (C6)', async () => {
    const [saving, told] = [gate(), [] as string[]];
    const store = new ScriptedStore();
    store.on('save', () => saving.opened);
    const onToken = ({ accessToken }: Token): void => void told.push(accessToken);
    const auth = new Authorizer(new Sessions(), { clock, store: kind(store), onToken });
    const waiting = auth.getToken();
    await settled();
    const logout = auth.logout();
    saving.open();
    expect(await standing(waiting)).toMatchObject({ state: 'failed', error: { code: 'logged_out' } });
    await logout;
    await settled();
    expect([told, auth.token, store.kept]).toEqual([[], undefined, undefined]);
  });
});

it('a store that never ends to be cleared holds those who ask no longer than its limit (C4, C6)', async () => {
  const own = new ManualClock();
  const store = new ScriptedStore();
  const auth = new Authorizer(() => Promise.resolve('token'), { clock: own, store, storeTimeoutMs: 2_000 });
  await auth.getToken();
  store.on('clear', never);
  const logout = standing(auth.logout());
  await logout;
  const asked = auth.getToken();
  await settled();
  await own.advance(2_000);
  expect((await standing(asked)).state).not.toBe('waiting');
});

it.each(stores)(
  'over %s, a token that the store could not be cleared of does not come back (C6)',
  async (_name, kind) => {
    const store = new ScriptedStore();
    const auth = new Authorizer(new Sessions(), { clock, store: kind(store) });
    await auth.getToken();
    store.on('clear', () => Promise.reject(new Error('read-only disk')));
    await standing(auth.logout());
    expect(store.kept?.accessToken).toBe('A1');
    expect((await auth.getToken()).accessToken).toBe('A2');
  },
);

it('a token that was brought while a refresh ran, and could not be saved, is revoked by the sign-out that follows (C6, C18)', async () => {
  const source = new Sessions();
  const store = new ScriptedStore();
  const { opened, open } = gate();
  const auth = new Authorizer(source, { clock, store });
  const first = await auth.getToken();
  source.refresh = () => new Promise(() => undefined);
  const waiting = auth.getToken({ rejected: first }).catch(() => undefined);
  await settled();
  store.on('save', () => opened.then(() => Promise.reject(new Error('the disk is full'))));
  const brought = auth.setToken({ accessToken: 'A9', refreshToken: 'R9' }).catch(() => undefined);
  await settled();
  const over = auth.logout();
  open();
  await Promise.all([waiting, brought, over]);
  expect(source.revoked).toContain('R9');
});
