// The session is over: does the caller learn why, although nobody can be signed in anew without a person?
import { ManualClock } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer, passwordSource, refreshTokenSource } from '../../src/index.js';
import type { AuthEvent, Token, TokenSource } from '../../src/index.js';
import { at, failureOf, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();
const refusal = { status: 400, json: { error: 'invalid_grant', error_description: 'issued to another client' } };

it.each([
  ['a refresh token alone', { refreshToken: 'mine' }],
  ['an expired token', { accessToken: 'old', refreshToken: 'mine', expiresAt: new Date(0) }],
])('why %s was refused is the error, where nobody can sign in by itself (C5)', async (_what, initialToken) => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.always(refusal);
  const events: AuthEvent[] = [];
  const observer = (event: AuthEvent): void => void events.push(event);
  const auth = new Authorizer(refreshTokenSource(at(idp, clock)), { clock, initialToken, observer });
  expect(await failureOf(auth.getToken())).toMatchObject({
    kind: 'session',
    status: 400,
    error: 'invalid_grant',
    errorDescription: 'issued to another client',
  });
  const notices = events.filter(({ type }) => type === 'notice');
  expect(notices).toEqual([
    expect.objectContaining({ message: expect.stringContaining('issued to another client') as unknown }),
  ]);
});

it('that is still the error when the cool-down is over and somebody asks again (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.always(refusal);
  const auth = new Authorizer(refreshTokenSource(at(idp, clock)), { clock, initialToken: { refreshToken: 'mine' } });
  await failureOf(auth.getToken());
  for (let hour = 0; hour < 3; hour += 1) {
    clock.set(clock.now() + 3_600_000);
    expect(await failureOf(auth.getToken())).toMatchObject({ error: 'invalid_grant' });
  }
  expect(idp.calls).toBe(1);
});

it('a sign-in that fails as well is the error, and why the refresh token was refused is its cause (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.next(refusal, { status: 400, json: { error: 'invalid_grant', error_description: 'wrong password' } });
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
  const auth = new Authorizer(source, { clock, initialToken: { refreshToken: 'mine' } });
  const failure = await failureOf(auth.getToken());
  expect(failure).toMatchObject({ kind: 'credentials', errorDescription: 'wrong password' });
  expect(causes(failure)).toContain('issued to another client');
});

it('the causes that a sign-in’s failure has already stay in front of it (C5)', async () => {
  const clock = new ManualClock();
  const over = new AuthenticationError('revoked by an administrator', { code: 'token_endpoint', kind: 'session' });
  const source: TokenSource = {
    authorize: () => Promise.reject(new Error('no', { cause: new Error('the disk is full') })),
    refresh: () => Promise.reject(over),
  };
  const auth = new Authorizer(source, { clock, initialToken: { refreshToken: 'mine' } });
  const found = causes(await failureOf(auth.getToken()));
  expect(found.indexOf('revoked')).toBeGreaterThan(found.indexOf('the disk is full'));
});

it('a sign-in that succeeds clears it: later failures have nothing to do with it (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100 });
  idp.next(refusal, {}, { status: 400, json: { error: 'invalid_grant', error_description: 'wrong password' } });
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
  const auth = new Authorizer(source, { clock, initialToken: { refreshToken: 'mine' } });
  await auth.getToken();
  clock.set(clock.now() + 100_000);
  expect(causes(await failureOf(auth.getToken()))).not.toContain('issued to another client');
});

/** The messages of an error and its causes, in order. */
function causes(error: unknown): string {
  const { message = '', cause } = error as Partial<Error>;
  return cause === undefined ? message : `${message} | ${causes(cause)}`;
}

it('nobody signed in and nothing refused is told as that (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const auth = new Authorizer<Token>(refreshTokenSource(at(idp, clock)), { clock });
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'not_authenticated', kind: 'session' });
});
