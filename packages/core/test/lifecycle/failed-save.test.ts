// A token that could not be saved is newer than the one in the store: which of the two counts from then on?
import { ManualClock } from '@axios-authorizer/test-kit';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import { Authorizer, passwordSource } from '../../src/index.js';
import type { Token, TokenStore } from '../../src/index.js';
import { Mint } from './hooks.js';
import { ScriptedStore } from './scripted-store.js';
import { at, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();
const hourMs = 3_600_000;
const diskFull = (): Promise<never> => Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' }));

function presented({ bodies }: TokenEndpoint): readonly (string | null)[] {
  return bodies.map((body) => body.get('refresh_token'));
}

describe.each<readonly [string, (store: ScriptedStore) => TokenStore]>([
  ['a plain store', (store) => store],
  ['a store with a lease', (store) => store.withLease()],
])('over %s', (_name, kind) => {
  it('a refresh token that could not be saved is the one presented next: the stored one is spent (C6)', async () => {
    const clock = new ManualClock();
    const idp = await start({ clock, expiresIn: 300, refreshTokens: 'rotating' });
    const store = new ScriptedStore();
    const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
    const auth = new Authorizer(source, { clock, store: kind(store) });
    await auth.getToken();
    clock.set(clock.now() + 300_000);
    store.on('save', diskFull);
    await auth.getToken();
    store.on('save', undefined);
    clock.set(clock.now() + 300_000);
    expect((await auth.getToken()).accessToken).toBe('token-3');
    expect(presented(idp)).toEqual([null, 'refresh-1', 'refresh-2']);
    expect([idp.reuses, idp.familyAlive, store.kept?.refreshToken]).toEqual([0, true, 'refresh-3']);
  });

  it('a rejected token that could not be saved is not replaced by the older one, refused before it (C3, C6)', async () => {
    const clock = new ManualClock();
    const store = new ScriptedStore();
    const auth = new Authorizer(new Mint(clock, hourMs).get, { clock, store: kind(store) });
    const first = await auth.getToken();
    clock.set(clock.now() + 1);
    store.on('save', diskFull);
    const second = await auth.getToken({ rejected: first });
    clock.set(clock.now() + 1);
    const third = await auth.getToken({ rejected: second });
    expect([first, second, third].map(({ accessToken }) => accessToken)).toEqual(['minted-1', 'minted-2', 'minted-3']);
  });

  it('a newer one that another run stored meanwhile is adopted all the same (C6)', async () => {
    const clock = new ManualClock();
    const store = new ScriptedStore();
    const auth = new Authorizer(new Mint(clock, hourMs).get, { clock, store: kind(store) });
    store.on('save', diskFull);
    const rejected = await auth.getToken();
    clock.set(clock.now() + 1);
    const now = clock.now();
    store.kept = { accessToken: 'of-another-run', issuedAt: new Date(now), expiresAt: new Date(now + hourMs) };
    const adopted: Token = await auth.getToken({ rejected });
    expect(adopted).toEqual(store.kept);
  });
});
