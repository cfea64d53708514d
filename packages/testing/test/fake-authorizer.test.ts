// Does the fake behave like an authorizer in service whose token expires, is rejected, is signed out of, or cannot be refreshed?
import { attachAuth, AuthenticationError, Authorizer, isAuthenticationError } from '@axios-authorizer/core';
import type { AuthEvent } from '@axios-authorizer/core';
import { fakeAuthorizer, manualClock, startApi } from '@axios-authorizer/testing';
import type { Api, FakeAuthorizer, FakeAuthorizerOptions } from '@axios-authorizer/testing';
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { inspect } from 'node:util';

let api: Api | undefined;
afterEach(() => api?.close());

async function attached(authorizer: FakeAuthorizer): Promise<{ api: Api; client: AxiosInstance }> {
  api = await startApi({ accepts: authorizer });
  const client = axios.create({ baseURL: api.url });
  attachAuth(client, authorizer);
  return { api, client };
}

const sent = (of: Api): string[] => of.calls.map(({ status, authorization }) => `${status} ${authorization}`);

test('it is an Authorizer with a token from the start, which attachAuth sends', async () => {
  const authorizer = fakeAuthorizer({ token: 'my-token' });
  expect(authorizer).toBeInstanceOf(Authorizer);
  expect(authorizer.accessToken).toBe('my-token');
  const { client, api: server } = await attached(authorizer);
  expect((await client.get('/items')).data).toEqual({ ok: true, method: 'GET', path: '/items' });
  expect(sent(server)).toEqual(['200 Bearer #1']);
});

test('a token keeps the members that the test gave it, through refreshes too', async () => {
  const token = { accessToken: 'one', refreshToken: 'renew', scope: 'a b', idToken: 'who' };
  const authorizer = fakeAuthorizer({ token });
  expect(authorizer.token).toMatchObject(token);
  authorizer.expire();
  const next = await authorizer.getToken();
  expect(next).toMatchObject({ refreshToken: 'renew', scope: 'a b', idToken: 'who' });
  expect(next.accessToken).not.toBe('one');
  expect(authorizer.issued).toEqual(['one', next.accessToken]);
});

test('after expire() twenty requests share one refresh (C2)', async () => {
  const authorizer = fakeAuthorizer();
  const { client, api: server } = await attached(authorizer);
  authorizer.expire();
  expect(authorizer.authenticated).toBe(false);
  expect(authorizer.accepts(`${authorizer.accessToken}`)).toBe(false);
  await Promise.all(Array.from({ length: 20 }, () => client.get('/items')));
  expect(new Set(sent(server))).toEqual(new Set(['200 Bearer #2']));
  expect(authorizer.issued).toHaveLength(2);
});

test('after reject() the token is not sent any more, ten times in a row (C3)', async () => {
  const events: AuthEvent[] = [];
  const authorizer = fakeAuthorizer({ observer: (event) => events.push(event) });
  const { client, api: server } = await attached(authorizer);
  for (let round = 0; round < 10; round += 1) {
    authorizer.reject();
    await client.get('/items');
  }
  expect(sent(server)).toEqual(Array.from({ length: 10 }, (_, round) => `200 Bearer #${round + 2}`));
  expect(events.flatMap((event) => (event.type === 'acquiring' ? [event.reason] : []))).toEqual(
    Array.from({ length: 10 }, () => 'unauthorized'),
  );
});

test('a token that is rejected while a request is under way is refreshed within its timeout (C4)', async () => {
  const authorizer = fakeAuthorizer();
  const { client, api: server } = await attached(authorizer);
  const held = server.hangNext();
  const answer = client.get('/items', { timeout: 60_000 });
  await held.arrived;
  authorizer.reject();
  held.release();
  expect((await answer).status).toBe(200);
  expect(sent(server)).toEqual(['401 Bearer #1', '200 Bearer #2']);
});

test('an API that rejects the token on the wire costs one refresh and one retry (C7)', async () => {
  const authorizer = fakeAuthorizer();
  const { client, api: server } = await attached(authorizer);
  server.rejectNext();
  await client.post('/items', { a: 1 });
  expect(sent(server)).toEqual(['401 Bearer #1', '200 Bearer #2']);
});

test('after signOut() requests fail as after a logout elsewhere, until somebody signs in (C17)', async () => {
  const authorizer = fakeAuthorizer();
  const { client, api: server } = await attached(authorizer);
  const [before = ''] = authorizer.issued;
  await authorizer.signOut();
  expect(authorizer.token).toBeUndefined();
  expect(authorizer.accepts(before)).toBe(false);
  for (let round = 0; round < 2; round += 1)
    await expect(client.get('/items')).rejects.toMatchObject({ kind: 'session', code: 'logged_out' });
  expect(server.calls).toEqual([]);
  await authorizer.signIn();
  await client.get('/items');
  expect(sent(server)).toEqual(['200 Bearer #2']);
});

test('a request that waits for a refresh at signOut() fails as well (C17)', async () => {
  const authorizer = fakeAuthorizer();
  authorizer.expire();
  const waiting = authorizer.getToken();
  const signedOut = authorizer.signOut();
  await expect(waiting).rejects.toMatchObject({ kind: 'session', code: 'logged_out' });
  await signedOut;
  expect(authorizer.token).toBeUndefined();
});

test('after logout() nobody is signed in, until somebody signs in (C17)', async () => {
  const authorizer = fakeAuthorizer();
  await authorizer.logout();
  await expect(authorizer.getToken()).rejects.toMatchObject({ kind: 'session', code: 'logged_out' });
  await authorizer.signIn();
  await expect(authorizer.getToken()).resolves.toBe(authorizer.token);
  expect(authorizer.accepts(`${authorizer.issued[0]}`)).toBe(false);
});

test('failWith() without a failure is a mistake of the test', () => {
  expect(() => fakeAuthorizer().failWith(undefined as never)).toThrow(/must be an error/);
});

test('a session that ended ends once, and setToken begins the next (C18)', async () => {
  const authorizer = fakeAuthorizer();
  await authorizer.signOut();
  await authorizer.setToken({ accessToken: 'of-the-next', refreshToken: 'renew' });
  authorizer.expire();
  expect((await authorizer.getToken()).refreshToken).toBe('renew');
});

test('a token that the program brings with setToken is accepted, expires and is rejected as others are (C18)', async () => {
  const authorizer = fakeAuthorizer();
  await authorizer.signIn({ accessToken: 'from-a-form', refreshToken: 'renew' });
  expect(authorizer.accepts('from-a-form')).toBe(true);
  authorizer.expire();
  expect((await authorizer.getToken()).accessToken).not.toBe('from-a-form');
  expect(authorizer.accepts('from-a-form')).toBe(false);
});

describe('a failure that the test asks for', () => {
  const kinds = ['credentials', 'session', 'unavailable', 'configuration'] as const;
  test.each(kinds)('%s is what every request meets, with no token before', async (kind) => {
    const authorizer = fakeAuthorizer({ failWith: kind });
    const { client, api: server } = await attached(authorizer);
    expect(authorizer.token).toBeUndefined();
    const error: unknown = await client.get('/items').catch((reason: unknown) => reason);
    expect(isAuthenticationError(error) && error.kind).toBe(kind);
    expect(server.calls).toEqual([]);
  });

  test('can be an error of the source, which is read as any (C5)', async () => {
    const failWith = Object.assign(new Error('refused'), {
      response: { status: 400, data: { error: 'invalid_grant' } },
    });
    await expect(fakeAuthorizer({ failWith }).getToken()).rejects.toMatchObject({ kind: 'credentials' });
    const own = new AuthenticationError('mine', { code: 'throttled', kind: 'unavailable' });
    await expect(fakeAuthorizer({ failWith: own }).getToken()).rejects.toMatchObject({
      message: 'mine',
      code: 'throttled',
    });
  });

  test.each(kinds)(
    '%s spares a live token, ends expired ones, and recover() leaves no cool-down (C5)',
    async (kind) => {
      const authorizer = fakeAuthorizer();
      authorizer.failWith(kind);
      await expect(authorizer.getToken()).resolves.toBe(authorizer.token);
      authorizer.expire();
      for (let round = 0; round < 3; round += 1) await expect(authorizer.getToken()).rejects.toMatchObject({ kind });
      authorizer.recover();
      expect((await authorizer.getToken()).accessToken).toBe(authorizer.issued[1]);
    },
  );
});

test('time is the clock of the test, where it gives one (C1)', async () => {
  const clock = manualClock();
  const authorizer = fakeAuthorizer({ clock, lifetimeS: 60 });
  const first = await authorizer.getToken();
  await clock.advance(60_000);
  expect(authorizer.authenticated).toBe(false);
  const second = await authorizer.getToken();
  expect(second.accessToken).not.toBe(first.accessToken);
  expect(second.expiresAt?.getTime()).toBe(clock.now() + 60_000);
});

test('it prints no token (C11)', () => {
  const authorizer = fakeAuthorizer();
  expect(inspect(authorizer, { showHidden: true, depth: 9 })).not.toContain(authorizer.accessToken);
  expect(JSON.stringify(authorizer)).not.toContain(authorizer.accessToken);
});

test.each<[string, object, RegExp]>([
  ['an unknown name', { tokens: 'x' }, /did you mean token\?/],
  ['a number as token', { token: 7 }, /must be an access token/],
  ['null as token', { token: null }, /must be an access token/],
  ['a kind that there is not', { failWith: 'network' }, /one of the kinds credentials/],
  ['null to fail with', { failWith: null }, /must be an error/],
  ['no lifetime', { lifetimeS: 0 }, /lifetimeS/],
  ['a token that cannot be sent', { token: 'two words' }, /cannot be sent|blank/],
  ['initialToken, which is called token here', { initialToken: { accessToken: 'a' } }, /knows no option initialToken/],
])('%s is refused', (_, options, words) => {
  expect(() => fakeAuthorizer(options as FakeAuthorizerOptions)).toThrow(words);
});
