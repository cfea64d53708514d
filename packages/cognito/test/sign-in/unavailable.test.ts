// A pool that is busy, broken, silent or out of reach: everything is HTTP 400, so the names say which of it passes.
import { cognitoError, until } from '@axios-authorizer/test-kit';
import { another, asked, failureOf, loopback, passing, textsOf, world } from '../stage.js';
import type { CognitoPool } from '@axios-authorizer/test-kit';

type Script = Parameters<CognitoPool['next']>[1];

const begin = 'InitiateAuth USER_SRP_AUTH';
const prove = 'RespondToAuthChallenge PASSWORD_VERIFIER';

it('a throttled sign-in is tried again after a while, and succeeds (G4)', async () => {
  const { pool, clock, authorizer } = await world();
  pool.throttle(1);
  const before = clock.now();
  const waiting = authorizer.getToken();
  await clock.sleeping(2);
  expect(asked(pool)).toEqual([begin]);
  expect((await passing(clock, waiting)).username).toBe('alice');
  expect(asked(pool)).toEqual([begin, begin, prove]);
  expect(clock.now()).toBeGreaterThan(before);
});

it('a sign-in that is throttled all the time gives up after three more tries: try later (G4)', async () => {
  const { pool, clock, authorizer } = await world();
  pool.throttle(99);
  const error = await passing(clock, failureOf(authorizer.getToken()));
  expect(error).toMatchObject({ code: 'throttled', kind: 'unavailable', transient: true, status: 400 });
  expect(error).toMatchObject({ exception: 'TooManyRequestsException' });
  expect(asked(pool)).toEqual([begin, begin, begin, begin]);
});

it('maxRetries 0 does not try again (G4)', async () => {
  const { pool, authorizer } = await world({ options: { maxRetries: 0 } });
  pool.throttle(1);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'throttled' });
  expect(asked(pool)).toEqual([begin]);
});

it.each<[what: string, answer: Script]>([
  ['TooManyRequestsException', cognitoError('TooManyRequestsException', 'Rate exceeded')],
  ['ThrottlingException', cognitoError('ThrottlingException', 'Rate exceeded')],
  ['InternalErrorException', cognitoError('InternalErrorException', 'Something went wrong')],
  ['InternalErrorException with 500', cognitoError('InternalErrorException', 'Something went wrong', 500)],
  ['a page of a gateway with 502', { status: 502, text: '<html><h1>Bad Gateway</h1></html>' }],
  ['nothing with 503', { status: 503 }],
  ['nothing with 429', { status: 429 }],
  ['a cut connection', { reset: true }],
])('%s passes at the beginning as at the proof (G4)', async (_, answer) => {
  const { pool, clock, authorizer } = await world();
  pool.next('InitiateAuth', answer);
  pool.next('RespondToAuthChallenge', answer);
  expect((await passing(clock, authorizer.getToken())).username).toBe('alice');
  expect(asked(pool)).toEqual([begin, begin, prove, begin, prove]);
});

it('each try draws a new random number (G1)', async () => {
  const { pool, clock, authorizer } = await world();
  pool.throttle(3);
  await passing(clock, authorizer.getToken());
  const begun = pool.operations.filter(({ name }) => name === 'InitiateAuth');
  expect(new Set(begun.map((operation) => textsOf(operation)['SRP_A'])).size).toBe(4);
});

it('a lost answer to the proof costs one more sign-in, no lockout (G4)', async () => {
  const { pool, clock, authorizer } = await world();
  pool.next('RespondToAuthChallenge', { lost: true });
  expect((await passing(clock, authorizer.getToken())).username).toBe('alice');
  expect(asked(pool)).toEqual([begin, prove, begin, prove]);
});

it.each(['InitiateAuth', 'RespondToAuthChallenge'])(
  'a silent %s ends after timeoutMs, and the next call starts afresh (G4)',
  async (operation) => {
    const { pool, clock, authorizer } = await world({ options: { timeoutMs: 20_000 } });
    pool.next(operation, { hang: true });
    const error = failureOf(authorizer.getToken());
    await until(() => pool.count(operation) === 1, operation);
    await clock.advance(20_000);
    expect(await error).toMatchObject({ code: 'timeout', kind: 'unavailable', transient: true });
    expect((await authorizer.getToken()).username).toBe('alice');
  },
);

it('a silent pool is not waited for longer than half a minute, unless a person is asked (G4)', async () => {
  const { pool, clock, authorizer } = await world();
  pool.next('InitiateAuth', { hang: true });
  const error = failureOf(authorizer.getToken());
  await until(() => pool.count('InitiateAuth') === 1, 'InitiateAuth');
  await clock.advance(30_000);
  expect(await error).toMatchObject({ code: 'timeout' });
});

it('a pool that cannot be reached is unavailable, and no password is at fault (G4)', async () => {
  const gone = await loopback(() => undefined);
  await gone.stop();
  const here = await world();
  const offline = another(here, { endpoint: `${gone.origin}/` });
  const error = await passing(here.clock, failureOf(offline.getToken()));
  expect(error).toMatchObject({ code: 'network', kind: 'unavailable', transient: true });
});

it('a caller who leaves does not end the sign-in for the others (C4)', async () => {
  const { pool, authorizer } = await world();
  const leaving = new AbortController();
  const left = failureOf(authorizer.getToken({ signal: leaving.signal }));
  const stays = authorizer.getToken();
  leaving.abort();
  expect((await left).name).toBe('CanceledError');
  expect((await stays).username).toBe('alice');
  expect(asked(pool)).toEqual([begin, prove]);
});
