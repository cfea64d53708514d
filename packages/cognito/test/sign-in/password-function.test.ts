// A password need not be kept: a function is asked for it when a sign-in needs it. How often, and what if it has none?
import { cognitoError } from '@axios-authorizer/test-kit';
import { alice, asked, failureOf, passing, world } from '../stage.js';

interface Person {
  /** How often the person was asked. */
  calls: number;
  readonly password: () => Promise<string>;
}

function person(): Person {
  const asking: Person = {
    calls: 0,
    password: () => {
      asking.calls += 1;
      return Promise.resolve(alice.password);
    },
  };
  return asking;
}

it.each<[what: string, password: () => string | Promise<string>]>([
  ['at once', () => alice.password],
  ['later', async () => Promise.resolve(alice.password)],
])('a function may answer %s (G3)', async (_, password) => {
  const { authorizer } = await world({ options: { password } });
  expect((await authorizer.getToken()).username).toBe('alice');
});

it('a function is asked once for a sign-in, and not before one is needed (G3)', async () => {
  const alone = person();
  const { authorizer } = await world({ options: { password: alone.password } });
  expect(alone.calls).toBe(0);
  await Promise.all(Array.from({ length: 20 }, () => authorizer.getToken()));
  await authorizer.getToken();
  expect(alone.calls).toBe(1);
});

it('a refresh does not ask it (G3)', async () => {
  const alone = person();
  const { pool, authorizer } = await world({ options: { password: alone.password } });
  await authorizer.getToken();
  await authorizer.getToken({ force: true });
  expect(asked(pool).at(-1)).toBe('GetTokensFromRefreshToken');
  expect(alone.calls).toBe(1);
});

it('a person is asked anew once the session is over (G3)', async () => {
  const alone = person();
  const { pool, authorizer } = await world({ options: { password: alone.password } });
  await authorizer.getToken();
  pool.revokeAll();
  await authorizer.getToken({ force: true });
  expect(alone.calls).toBe(2);
});

it('a person is asked once for a sign-in that is throttled on the way (G3, G4)', async () => {
  const alone = person();
  const { pool, clock, authorizer } = await world({ options: { password: alone.password } });
  pool.next('InitiateAuth', cognitoError('TooManyRequestsException', 'Rate exceeded'));
  await passing(clock, authorizer.getToken());
  expect(asked(pool)).toHaveLength(3);
  expect(alone.calls).toBe(1);
});

it('what it said is not kept when the sign-in has failed, whyever (G3)', async () => {
  const alone = person();
  const { pool, clock, authorizer } = await world({ options: { password: alone.password } });
  pool.throttle(4);
  await passing(clock, failureOf(authorizer.getToken()));
  expect(alone.calls).toBe(1);
  await authorizer.getToken({ force: true });
  expect(alone.calls).toBe(2);
});

const closed = new Error('The dialog was closed');

it.each<[what: string, password: () => string | Promise<string>]>([
  ['at once', () => fail(closed)],
  ['later', () => Promise.reject(closed)],
])('when it throws %s, nothing is sent, and the person has cancelled (G7)', async (_, password) => {
  const { pool, authorizer } = await world({ options: { password } });
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({ code: 'sign_in_cancelled', kind: 'session' });
  expect(error.message).toContain(closed.message);
  expect(pool.requests).toEqual([]);
});

function fail(error: Error): never {
  throw error;
}

it.each([
  ['nothing', undefined],
  ['an empty text', ''],
])('when it answers %s, nothing is sent (G3)', async (_, answer) => {
  const password = (): string => answer as string;
  const { pool, authorizer } = await world({ options: { password } });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'not_authenticated', kind: 'session' });
  expect(pool.requests).toEqual([]);
});

it('a person has longer than a server to answer (G3)', async () => {
  const { clock, authorizer } = await world({
    options: {
      password: async () => {
        await clock.advance(2 * 60_000);
        return alice.password;
      },
    },
  });
  expect((await authorizer.getToken()).username).toBe('alice');
});
