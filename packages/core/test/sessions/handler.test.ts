// Does the handler keep the promises of the original's, word by word?
import { AxiosError } from 'axios';
import { ManualClock } from '@axios-authorizer/test-kit';
import {
  AuthenticationError,
  Authorizer,
  isAuthenticationError,
  memoryTokenStore,
  RefreshableJWTHandler,
} from '../../src/index.js';
import { failureOf } from '../endpoint/stage.js';
import { handlerOver, hourMs } from './jwt-source.js';
import type { AuthEvent, ExpiringJWT, RefreshableJWTHandlerOptions } from '../../src/index.js';

it('nothing is fetched before it is asked for (sessions)', () => {
  const { handler, asked } = handlerOver([hourMs]);
  expect([handler.authenticated, handler.jwt, handler.expires, asked()]).toEqual([false, undefined, undefined, 0]);
  expect(handler.authorizer).toBeInstanceOf(Authorizer);
});

it('authenticate fetches once, then the token serves until a minute before its end (sessions)', async () => {
  const { handler, clock, asked } = handlerOver([hourMs], { refreshAheadMs: 0 });
  const expires = new Date(clock.now() + hourMs);
  await handler.authenticate();
  await handler.authenticate();
  expect(asked()).toBe(1);
  expect([handler.authenticated, handler.jwt, handler.expires]).toEqual([true, 'jwt-1', expires]);
  await clock.advance(hourMs - 60_000);
  await expect(handler.getValidToken()).resolves.toBe('jwt-1');
  await clock.advance(1);
  expect(handler.authenticated).toBe(false);
  await expect(handler.getValidToken()).resolves.toBe('jwt-2');
});

it('a JWT with its end is taken as it is (sessions)', async () => {
  const expires = new Date(Date.UTC(2027, 0, 1));
  const { handler, asked } = handlerOver([hourMs], { jwt: 'given', expires });
  expect([handler.authenticated, handler.jwt]).toEqual([true, 'given']);
  await expect(handler.getValidTokenWithExpiry()).resolves.toEqual(['given', expires]);
  expect(asked()).toBe(0);
});

it.each([{ jwt: 'given' }, { expires: new Date(Date.UTC(2027, 0, 1)) }])(
  'half a pair is dropped, and the observer hears of it (sessions)',
  async (half) => {
    const events: AuthEvent[] = [];
    const { handler } = handlerOver([hourMs], { ...half, observer: (event) => events.push(event) });
    expect(events).toMatchObject([{ type: 'notice' }]);
    expect(handler.authenticated).toBe(false);
    await expect(handler.getValidToken()).resolves.toBe('jwt-1');
  },
);

it('force fetches although a valid token is held (sessions)', async () => {
  const { handler } = handlerOver([hourMs]);
  await handler.authenticate();
  await handler.authenticate({ force: true });
  expect(handler.jwt).toBe('jwt-2');
  await expect(handler.getValidToken({ force: true })).resolves.toBe('jwt-3');
  await expect(handler.getValidTokenWithExpiry({ force: true })).resolves.toEqual(['jwt-4', expect.any(Date)]);
});

it('getValidToken authenticates by itself, once for all callers (C2)', async () => {
  const { handler, asked } = handlerOver([hourMs]);
  const tokens = await Promise.all(Array.from({ length: 10 }, () => handler.getValidToken()));
  expect(new Set(tokens)).toEqual(new Set(['jwt-1']));
  expect(asked()).toBe(1);
});

it('a source need not be asynchronous (sessions)', async () => {
  const expires = new Date(Date.UTC(2100, 0, 1));
  const handler = new RefreshableJWTHandler({ getToken: () => ['at-once', expires] });
  await expect(handler.getValidTokenWithExpiry()).resolves.toEqual(['at-once', expires]);
});

it('requestHeaders throws before there is a token, and holds it afterwards (sessions)', async () => {
  const { handler } = handlerOver([hourMs]);
  const early = await failureOf(Promise.resolve().then(() => handler.requestHeaders));
  expect(early).toBeInstanceOf(AuthenticationError);
  expect(early).toMatchObject({ code: 'not_authenticated', kind: 'session' });
  await handler.authenticate();
  expect(handler.requestHeaders).toEqual({ Authorization: 'Bearer jwt-1' });
});

it('requestHeaders throws again within a minute of the end (sessions)', async () => {
  const { handler, clock } = handlerOver([hourMs]);
  await handler.authenticate();
  await clock.advance(hourMs - 59_999);
  expect(() => handler.requestHeaders).toThrow(AuthenticationError);
});

it.each<[what: string, thrown: unknown]>([
  ['an error', new Error('the vault is closed')],
  ['a word', 'the vault is closed'],
  ['an axios error', new AxiosError('the vault is closed', 'ERR_BAD_REQUEST')],
])('%s thrown by the source is wrapped, with a cause (sessions)', async (_, thrown) => {
  // oxlint-disable-next-line prefer-promise-reject-errors -- whatever a user's code throws
  const getToken = (): Promise<never> => Promise.reject(thrown);
  const error = await failureOf(new RefreshableJWTHandler({ getToken }).authenticate());
  expect(error).toBeInstanceOf(AuthenticationError);
  expect(error).toMatchObject({ code: 'source_failed', kind: 'unavailable' });
  const shared: unknown = (error as { cause?: unknown }).cause;
  expect(isAuthenticationError(shared)).toBe(true);
  const root = (shared as { cause?: unknown }).cause;
  expect(typeof thrown === 'object' ? root : { message: root }).toMatchObject({ message: 'the vault is closed' });
});

it('the source is asked once when it throws: only its owner knows whether it may be repeated (C5)', async () => {
  let asked = 0;
  const getToken = (): Promise<never> => {
    asked += 1;
    return Promise.reject(new Error('no'));
  };
  await failureOf(new RefreshableJWTHandler({ getToken }).authenticate());
  expect(asked).toBe(1);
});

it('a token that cannot be sent in a header is a ConfigurationError (C10)', async () => {
  const handler = new RefreshableJWTHandler({ getToken: () => ['two\nlines', new Date(Date.UTC(2100, 0, 1))] });
  const error = await failureOf(handler.authenticate());
  expect(error).toMatchObject({ name: 'ConfigurationError', kind: 'configuration' });
});

it('the hook hears why it is asked, and gets a signal that ends it (sessions)', async () => {
  const asked: unknown[] = [];
  const handler = new RefreshableJWTHandler({
    getToken: ({ reason, signal }) => {
      asked.push(reason, signal.aborted);
      return ['the-jwt', new Date(Date.now() + hourMs)];
    },
  });
  await handler.authenticate();
  expect(asked).toEqual(['missing', false]);
});

it('a JWT whose end is not known is good until a server rejects it (sessions)', async () => {
  const handler = new RefreshableJWTHandler({ getToken: () => ['the-jwt', undefined] });
  await expect(handler.getValidTokenWithExpiry()).resolves.toEqual(['the-jwt', undefined]);
  expect([handler.authenticated, handler.requestHeaders]).toEqual([true, { Authorization: 'Bearer the-jwt' }]);
});

/** A handler with a JWT of an hour, whose source fails from now on unless it is told otherwise. */
async function failing(options: Partial<RefreshableJWTHandlerOptions> = {}): Promise<{
  readonly handler: RefreshableJWTHandler;
  readonly source: { works: boolean };
  readonly asked: readonly string[];
}> {
  const clock = new ManualClock();
  const source = { works: true };
  const asked: string[] = [];
  const getToken = (): ExpiringJWT => {
    asked.push('asked');
    if (!source.works) throw new Error('the vault is closed');
    return [`jwt-${asked.length}`, new Date(clock.now() + hourMs)];
  };
  const handler = new RefreshableJWTHandler({ clock, getToken, ...options });
  await handler.authenticate();
  source.works = false;
  return { handler, source, asked };
}

it.each<readonly [string, (handler: RefreshableJWTHandler) => Promise<unknown>]>([
  ['authenticate', (handler) => handler.authenticate({ force: true })],
  ['getValidToken', (handler) => handler.getValidToken({ force: true })],
  ['getValidTokenWithExpiry', (handler) => handler.getValidTokenWithExpiry({ force: true })],
])('a forced %s that fails drops the token that was held (sessions)', async (_name, force) => {
  const { handler, source } = await failing();
  await failureOf(force(handler));
  expect([handler.authenticated, handler.jwt, handler.expires]).toEqual([false, undefined, undefined]);
  expect(() => handler.requestHeaders).toThrow(AuthenticationError);
  expect([handler.authorizer.authenticated, handler.authorizer.token]).toEqual([false, undefined]);
  source.works = true;
  await expect(handler.getValidToken({ force: true })).resolves.toBe('jwt-3');
  expect([handler.authenticated, handler.jwt]).toEqual([true, 'jwt-3']);
});

it('a token that a failed force dropped does not come back from the store (sessions)', async () => {
  const { handler } = await failing({ store: memoryTokenStore() });
  await failureOf(handler.authenticate({ force: true }));
  await failureOf(handler.getValidToken());
  expect([handler.authenticated, handler.jwt]).toEqual([false, undefined]);
});

it('a force that fails takes nothing from one that was queued behind it (C2)', async () => {
  let calls = 0;
  const getToken = (): ExpiringJWT => {
    calls += 1;
    if (calls === 2) throw new Error('the vault is closed');
    return [`jwt-${calls}`, new Date(Date.UTC(2100, 0, 1))];
  };
  const handler = new RefreshableJWTHandler({ getToken });
  await handler.authenticate();
  await Promise.all([failureOf(handler.authenticate({ force: true })), handler.authenticate({ force: true })]);
  expect([handler.authenticated, handler.jwt]).toEqual([true, 'jwt-3']);
});

it('without force, a source that fails leaves a valid token alone (sessions)', async () => {
  const { handler, asked } = await failing();
  await expect(handler.getValidToken()).resolves.toBe('jwt-1');
  expect(asked).toHaveLength(1);
});

it('a forced getToken of an Authorizer that fails leaves the token that is held (C1)', async () => {
  let works = true;
  const source = (): Promise<string> => (works ? Promise.resolve('token') : Promise.reject(new Error('no')));
  const authorizer = new Authorizer(source, { clock: new ManualClock() });
  await authorizer.getToken();
  works = false;
  await failureOf(authorizer.getToken({ force: true }));
  expect([authorizer.authenticated, authorizer.accessToken]).toEqual([true, 'token']);
});
