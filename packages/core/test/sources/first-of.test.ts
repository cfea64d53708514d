// Several places where a token may come from: which one is asked, and which one does the token stay with?
import { ManualClock } from '@axios-authorizer/test-kit';
import {
  AuthenticationError,
  Authorizer,
  ConfigurationError,
  firstOf,
  memoryTokenStore,
  refreshTokenSource,
  clientSecretBasic,
} from '../../src/index.js';
import type { GetToken, SourcedToken, Token, TokenSource } from '../../src/index.js';
import { failureOf } from '../lifecycle/stage.js';

const nobody = (): Promise<never> =>
  Promise.reject(new AuthenticationError('nobody is signed in', { code: 'not_authenticated', kind: 'session' }));

/** A source that notes what it is asked. */
class Noting implements TokenSource {
  readonly asked: string[] = [];
  isSignedIn = true;
  failure: Error | undefined;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }
  authorize(): Promise<Token> {
    return this.#answer('authorize');
  }
  refresh({ accessToken, ...more }: Token): Promise<Token> {
    return this.#answer(`refresh ${accessToken}${'source' in more ? ` of ${String(more.source)}` : ''}`);
  }
  async revoke({ accessToken }: Token): Promise<void> {
    await this.#answer(`revoke ${accessToken}`);
  }
  async #answer(what: string): Promise<Token> {
    this.asked.push(what);
    if (this.failure !== undefined) throw this.failure;
    if (!this.isSignedIn) return nobody();
    const serial = `${this.#name}${this.asked.length}`;
    return { accessToken: serial, refreshToken: `r-${serial}`, expiresAt: new Date(3_600_000) };
  }
}

function two(): { a: Noting; b: Noting; auth: Authorizer<Token & SourcedToken>; clock: ManualClock } {
  const [a, b, clock] = [new Noting('a'), new Noting('b'), new ManualClock(0)];
  return { a, b, clock, auth: new Authorizer(firstOf({ a, b }), { clock, maxRetries: 0 }) };
}

it('the first that has a token gives it, and the others are not asked (C27)', async () => {
  const { a, b, auth } = two();
  expect(await auth.getToken()).toMatchObject({ accessToken: 'a1', source: 'a' });
  expect([a.asked, b.asked]).toEqual([['authorize'], []]);
});

it('where nobody is signed in, the next one is asked (C27)', async () => {
  const { a, b, auth } = two();
  a.isSignedIn = false;
  expect(await auth.getToken()).toMatchObject({ accessToken: 'b1', source: 'b' });
  expect([a.asked, b.asked]).toEqual([['authorize'], ['authorize']]);
});

it.each([
  ['an outage', new AuthenticationError('away', { code: 'network', kind: 'unavailable', transient: true }), 'network'],
  [
    'refused credentials',
    new AuthenticationError('no', { code: 'token_endpoint', kind: 'credentials' }),
    'token_endpoint',
  ],
  ['an error of a program', new ConfigurationError('wrong'), 'configuration'],
  ['an unknown error', new RangeError('oh'), 'source_failed'],
  ['a session that is over', new AuthenticationError('over', { code: 'logged_out', kind: 'session' }), 'logged_out'],
])('%s does not pass on to the next (C27)', async (_what, failure, code) => {
  const { a, b, auth } = two();
  a.failure = failure;
  expect(await failureOf(auth.getToken())).toMatchObject({ code });
  expect(b.asked).toEqual([]);
});

it('when none has a token, the error says what each said, and nothing cools down (C5, C27)', async () => {
  const { a, b, auth } = two();
  a.isSignedIn = b.isSignedIn = false;
  const error = await failureOf(auth.getToken());
  expect(error).toMatchObject({ code: 'not_authenticated', kind: 'session' });
  expect(error.message).toContain('a: nobody is signed in; b: nobody is signed in');
  b.isSignedIn = true;
  expect(await auth.getToken()).toMatchObject({ source: 'b' });
});

it('only the source of a token refreshes and revokes it, and gets it as it made it (C27)', async () => {
  const { a, b, auth } = two();
  a.isSignedIn = false;
  await auth.getToken();
  a.isSignedIn = true;
  expect(await auth.getToken({ force: true })).toMatchObject({ accessToken: 'b2', source: 'b' });
  await auth.logout();
  expect(b.asked).toEqual(['authorize', 'refresh b1', 'revoke b2']);
  expect(a.asked).toEqual(['authorize']);
});

it('when its source says that nobody is signed in any more, all are asked from the first (C27)', async () => {
  const { a, auth } = two();
  await auth.getToken();
  a.isSignedIn = false;
  expect(await auth.getToken({ force: true })).toMatchObject({ accessToken: 'b1', source: 'b' });
  expect(a.asked).toEqual(['authorize', 'refresh a1', 'authorize']);
});

it('an outage of its source at a refresh asks nobody else, and the held token lives on (C1, C27)', async () => {
  const { a, b, auth } = two();
  await auth.getToken();
  a.failure = new AuthenticationError('away', { code: 'network', kind: 'unavailable' });
  await failureOf(auth.getToken({ force: true }));
  expect(await auth.getToken()).toMatchObject({ accessToken: 'a1' });
  expect(b.asked).toEqual([]);
});

it('a refresh token that is refused for good leads to all of them, from the first (C5, C27)', async () => {
  const { a, b, auth } = two();
  a.isSignedIn = false;
  await auth.getToken();
  b.failure = new AuthenticationError('revoked', { code: 'token_endpoint', kind: 'session' });
  a.isSignedIn = true;
  expect(await auth.getToken({ force: true })).toMatchObject({ accessToken: 'a2', source: 'a' });
  expect(b.asked).toEqual(['authorize', 'refresh b1']);
});

it('a stored token finds its source in another process; one of an unknown name is authorized again (C6, C27)', async () => {
  const store = memoryTokenStore<Token & SourcedToken>();
  const [a, b, clock] = [new Noting('a'), new Noting('b'), new ManualClock(0)];
  a.isSignedIn = false;
  await new Authorizer(firstOf({ a, b }), { store, clock }).getToken();
  expect(await store.load()).toMatchObject({ source: 'b' });
  const later = new ManualClock(3_599_999);
  await new Authorizer(firstOf({ a, b }), { store, clock: later }).getToken();
  expect(b.asked).toEqual(['authorize', 'refresh b1']);
  const other = new Noting('c');
  const unknown = new Authorizer(firstOf({ other }), { store, clock: new ManualClock(0) });
  expect(await unknown.getToken({ force: true })).toMatchObject({ accessToken: 'c1', source: 'other' });
  expect(other.asked).toEqual(['authorize']);
});

it('a function is a source as well, of tokens and of bare texts; it has no refresh, so all are asked again (C27)', async () => {
  let isSignedIn = false;
  const file: GetToken = async () => (isSignedIn ? 'from-file' : nobody());
  const desk: GetToken = async () => ({ accessToken: 'from-desk' });
  const auth = new Authorizer(firstOf({ file, desk }));
  expect(await auth.getToken()).toMatchObject({ accessToken: 'from-desk', source: 'desk' });
  isSignedIn = true;
  expect(await auth.getToken({ force: true })).toMatchObject({ accessToken: 'from-file', source: 'file' });
  await auth.logout();
});

it('one within another keeps both names, and each refreshes what is its own (C27)', async () => {
  const [a, b, c] = [new Noting('a'), new Noting('b'), new Noting('c')];
  a.isSignedIn = b.isSignedIn = false;
  const inner: TokenSource = firstOf({ b, c });
  const auth = new Authorizer(firstOf({ a, inner }), { clock: new ManualClock(0) });
  expect(await auth.getToken()).toMatchObject({ accessToken: 'c1', source: 'inner/c' });
  expect(await auth.getToken({ force: true })).toMatchObject({ accessToken: 'c2', source: 'inner/c' });
  await auth.logout();
  expect(c.asked).toEqual(['authorize', 'refresh c1', 'revoke c2']);
});

it('the source of a token says what its bearer is, when it has expired and whose it is (C17, C27)', async () => {
  const id: TokenSource = {
    authorize: async () => ({ accessToken: 'access', idToken: 'the-id' }),
    bearer: ({ idToken = '' }) => idToken,
    expired: ({ accessToken }) => accessToken === 'old',
    identity: () => 'ada',
  };
  const plain = new Noting('plain');
  const both = firstOf({ id, plain });
  const ofId = { accessToken: 'old', idToken: 'the-id', source: 'id' };
  const ofPlain = { accessToken: 'x', issuedAt: new Date(0), expiresAt: new Date(100_000), source: 'plain' };
  expect([both.bearer?.(ofId), both.bearer?.(ofPlain)]).toEqual(['the-id', 'x']);
  expect([both.identity?.(ofId), both.identity?.(ofPlain)]).toEqual(['ada', undefined]);
  expect(both.expired?.(ofId, new Date(0))).toBe(true);
  expect([89_999, 90_000].map((now) => both.expired?.(ofPlain, new Date(now)))).toEqual([false, true]);
  expect('expired' in firstOf({ plain })).toBe(false);
});

it('a refresh token source without a token passes on, as it is said in the README (C27)', async () => {
  const clientAuth = clientSecretBasic({ clientId: 'client', clientSecret: 'secret' });
  const session = refreshTokenSource({ tokenUrl: 'https://idp.example/token', clientAuth });
  const auth = new Authorizer(firstOf({ session, other: async () => 'other-token' }));
  expect(await auth.getToken()).toMatchObject({ accessToken: 'other-token', source: 'other' });
});

it.each([
  ['nothing', undefined, 'needs one object'],
  ['no sources', {}, 'needs one object'],
  ['a list', [], 'needs one object'],
  ['a name with a slash', { 'a/b': async () => 'x' }, 'without a slash'],
  ['a number as name, which JavaScript would put first', { a: async () => 'x', 1: async () => 'y' }, 'no number'],
  ['what is no source', { a: 'x' }, '`a` is no token source'],
  ['null', { a: null }, '`a` is no token source'],
])('firstOf of %s is a ConfigurationError (C27)', (_what, sources, message) => {
  expect(() => firstOf(sources as unknown as Record<string, TokenSource>)).toThrow(ConfigurationError);
  expect(() => firstOf(sources as unknown as Record<string, TokenSource>)).toThrow(message);
});
