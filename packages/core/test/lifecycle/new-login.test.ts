// A person has logged in again, and the program brings the outcome along: does it win over the old session in the store?
import { ManualClock } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer } from '../../src/index.js';
import type { AuthorizerOptions, Token, TokenSource } from '../../src/index.js';
import { ScriptedStore } from './scripted-store.js';

const hourMs = 3_600_000;
const clock = new ManualClock();
const ago = (ms: number): Date => new Date(clock.now() - ms);
const over = (): AuthenticationError => new AuthenticationError('over', { code: 'token_endpoint', kind: 'session' });

/** A server for which the old session is over. */
function server(): { readonly source: TokenSource; readonly asked: string[] } {
  const asked: string[] = [];
  const source: TokenSource = {
    authorize: () => (asked.push('authorize'), Promise.reject(over())),
    refresh: ({ refreshToken }) => {
      asked.push(String(refreshToken));
      const token: Token = { accessToken: 'A1', refreshToken: 'R1', expiresAt: ago(-hourMs) };
      return refreshToken === 'R0' ? Promise.reject(over()) : Promise.resolve(token);
    },
  };
  return { source, asked };
}

const old: Token = { accessToken: 'A0', refreshToken: 'R0', issuedAt: ago(3 * hourMs), expiresAt: ago(2 * hourMs) };
type Seed = readonly [what: string, NonNullable<AuthorizerOptions['initialToken']>, asked: readonly string[]];
// What is brought along may be what is configured, which began the stored session and was rotated away since; and no two
// clocks are compared. So the stored one is asked first, and the other when that one is over.
const seeds: readonly Seed[] = [
  ['a refresh token alone', { refreshToken: 'Rnew' }, ['R0', 'Rnew']],
  [
    'a newer token',
    { accessToken: 'An', refreshToken: 'Rnew', issuedAt: ago(hourMs), expiresAt: ago(1) },
    ['R0', 'Rnew'],
  ],
];

describe.each(seeds)('%s', (_what, initialToken, expected) => {
  it.each([
    ['a plain store', (store: ScriptedStore) => store],
    ['a store with a lease', (store: ScriptedStore) => store.withLease()],
  ])('is presented before a new sign-in, though %s holds an ended session (C6)', async (_kind, kind) => {
    const { source, asked } = server();
    const store = new ScriptedStore(old);
    const auth = new Authorizer(source, { clock, store: kind(store), initialToken });
    expect((await auth.getToken()).accessToken).toBe('A1');
    expect([asked, store.kept?.refreshToken]).toEqual([expected, 'R1']);
  });

  it('is not spent while the store holds a fresh token: that is adopted (C6)', async () => {
    const { source, asked } = server();
    const fresh: Token = { accessToken: 'A9', refreshToken: 'R9', issuedAt: ago(1), expiresAt: ago(-hourMs) };
    const auth = new Authorizer(source, { clock, store: new ScriptedStore(fresh), initialToken });
    expect(await auth.getToken()).toEqual(fresh);
    expect(asked).toEqual([]);
  });
});

it('an initial token that is older than the ended one in the store gives way to it (C6)', async () => {
  const { source, asked } = server();
  const store = new ScriptedStore({ ...old, refreshToken: 'R5' });
  const initialToken = { ...old, accessToken: 'older', issuedAt: ago(9 * hourMs) };
  await new Authorizer(source, { clock, store, initialToken }).getToken();
  expect(asked).toEqual(['R5']);
});

it('a configured refresh token that was rotated away long ago is not replayed at each start (C6)', async () => {
  const { source, asked } = server();
  const store = new ScriptedStore({ ...old, refreshToken: 'R5' });
  await new Authorizer(source, { clock, store, initialToken: { refreshToken: 'R0' } }).getToken();
  expect(asked).toEqual(['R5']);
});
