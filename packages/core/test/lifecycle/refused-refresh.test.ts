// The server refuses to refresh: is the session over, and what is done about it?
import { ManualClock } from '@axios-authorizer/test-kit';
import type { TokenAnswer, TokenEndpoint } from '@axios-authorizer/test-kit';
import { Authorizer, memoryTokenStore, passwordSource, refreshTokenSource } from '../../src/index.js';
import { at, failureOf, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();
const over = { status: 400, json: { error: 'invalid_grant' } };

interface SignedIn {
  readonly clock: ManualClock;
  readonly idp: TokenEndpoint;
  readonly auth: Authorizer;
  readonly store: ReturnType<typeof memoryTokenStore>;
}

/** Signed in by password, with a token that has ended. */
async function ended(refreshTokens: 'fixed' | 'rotating' = 'rotating'): Promise<SignedIn> {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100, refreshTokens });
  const store = memoryTokenStore();
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
  const auth = new Authorizer(source, { clock, store, maxRetries: 0 });
  await auth.getToken();
  clock.set(clock.now() + 100_000);
  return { clock, idp, auth, store };
}

function grants(idp: TokenEndpoint): readonly string[] {
  return idp.bodies.map((body) => body.get('refresh_token') ?? String(body.get('grant_type')));
}

it('refused for good: the refresh token is dropped, one sign-in is tried, and callers see nothing of it (C5)', async () => {
  const { idp, auth } = await ended();
  idp.next(over);
  const tokens = await Promise.all(Array.from({ length: 100 }, () => auth.getToken()));
  expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-2']));
  expect(grants(idp)).toEqual(['password', 'refresh-1', 'password']);
});

it('when the sign-in fails as well it is not repeated, and the dropped refresh token is not sent again (C5)', async () => {
  const { clock, idp, auth, store } = await ended();
  idp.next(over, over);
  expect(await failureOf(auth.getToken())).toMatchObject({ kind: 'credentials', error: 'invalid_grant' });
  expect(grants(idp)).toEqual(['password', 'refresh-1', 'password']);
  expect(auth.token).not.toHaveProperty('refreshToken');
  expect(await store.load()).not.toHaveProperty('refreshToken');
  clock.set(clock.now() + 60_000);
  await auth.getToken();
  expect(grants(idp)).toEqual(['password', 'refresh-1', 'password', 'password']);
});

it.each<readonly [string, TokenAnswer]>([
  ['invalid_client', { status: 401, json: { error: 'invalid_client' } }],
  ['unauthorized_client', { status: 400, json: { error: 'unauthorized_client' } }],
  ['invalid_request', { status: 400, json: { error: 'invalid_request' } }],
  ['invalid_scope', { status: 400, json: { error: 'invalid_scope' } }],
  ['temporarily_unavailable', { status: 400, json: { error: 'temporarily_unavailable' } }],
  ['503', { status: 503 }],
  ['a page', { status: 200, text: '<html>Maintenance</html>' }],
  ['a cut connection', { reset: true }],
])(
  '%s on a refresh does not end the session: the refresh token is kept, nobody signs in (C5)',
  async (_what, answer) => {
    const { clock, idp, auth, store } = await ended();
    idp.next(answer);
    await failureOf(auth.getToken());
    expect(auth.token?.refreshToken).toBe('refresh-1');
    expect((await store.load())?.refreshToken).toBe('refresh-1');
    clock.set(clock.now() + 3_600_000);
    expect((await auth.getToken()).refreshToken).toBe('refresh-2');
    expect(grants(idp)).toEqual(['password', 'refresh-1', 'refresh-1']);
  },
);

it('without a way to sign in, why the session ended is the error, now and later, and cools down like wrong credentials (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'rotating' });
  idp.always(over);
  const initialToken = { refreshToken: 'spent' };
  const auth = new Authorizer(refreshTokenSource(at(idp, clock)), { clock, initialToken });
  expect(await failureOf(auth.getToken())).toMatchObject({ kind: 'session' });
  expect(await failureOf(auth.getToken())).toMatchObject({ kind: 'session', code: 'cooling_down' });
  clock.set(clock.now() + 3_600_000);
  expect(await failureOf(auth.getToken())).toMatchObject({ kind: 'session', error: 'invalid_grant' });
  expect(grants(idp)).toEqual(['spent']);
});

it('an initial refresh token that was refused leaves nothing in the store that a later run would take (C5, C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'rotating' });
  idp.next(over);
  const store = memoryTokenStore();
  const source = refreshTokenSource(at(idp, clock));
  const first = new Authorizer(source, { clock, store, initialToken: { refreshToken: 'spent' } });
  expect(await failureOf(first.getToken())).toMatchObject({ kind: 'session' });
  const later = new Authorizer(source, { clock, store });
  expect(await failureOf(later.getToken())).toMatchObject({ kind: 'session', code: 'not_authenticated' });
  expect(later.token).toBeUndefined();
});

it('a token that has no refresh token is replaced by signing in (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100 });
  const auth = new Authorizer(passwordSource({ ...at(idp, clock), username: 'u', password: 'p' }), { clock });
  await auth.getToken();
  clock.set(clock.now() + 100_000);
  await auth.getToken();
  expect(grants(idp)).toEqual(['password', 'password']);
});
