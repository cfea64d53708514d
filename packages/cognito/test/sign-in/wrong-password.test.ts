// Wrong passwords lead to lockouts, and each further try prolongs them: how often is a password tried that was refused?
import { alice, another, asked, failureOf, front, minuteMs, world } from '../stage.js';
import type { Failure, World } from '../stage.js';

const oneAttempt = ['InitiateAuth USER_SRP_AUTH', 'RespondToAuthChallenge PASSWORD_VERIFIER'];
const wrong = { options: { password: 'Wrong-Horse-1' } };

it('one attempt, which says what to do (G4)', async () => {
  const { pool, authorizer } = await world(wrong);
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({
    name: 'CognitoError',
    code: 'wrong_credentials',
    kind: 'credentials',
    transient: false,
    exception: 'NotAuthorizedException',
    operation: 'RespondToAuthChallenge',
    status: 400,
    message: expect.stringContaining('Incorrect username or password.') as string,
  });
  expect(asked(pool)).toEqual(oneAttempt);
});

it('a hundred callers at once cost one attempt, and each gets an error of its own (G4)', async () => {
  const { pool, authorizer } = await world(wrong);
  const errors = await Promise.all(Array.from({ length: 100 }, () => failureOf(authorizer.getToken())));
  expect(asked(pool)).toEqual(oneAttempt);
  expect(new Set(errors).size).toBe(100);
  expect(new Set(errors.map(({ cause }) => cause)).size).toBe(1);
  expect(new Set(errors.map(({ code, exception }) => `${code} ${exception}`))).toEqual(
    new Set(['wrong_credentials NotAuthorizedException']),
  );
});

it('a hundred requests of an axios client at once cost one attempt (G4)', async () => {
  const here = await world(wrong);
  const { api, client } = await front(here);
  const errors = await Promise.all(Array.from({ length: 100 }, (_, id) => failureOf(client.get(`/things/${id}`))));
  expect(asked(here.pool)).toEqual(oneAttempt);
  expect(api.requests).toEqual([]);
  expect(new Set(errors.map(({ kind }) => kind))).toEqual(new Set(['credentials']));
});

it('the cool-down holds the next calls without a request, for a minute to the millisecond (G4)', async () => {
  const { pool, clock, authorizer } = await world(wrong);
  await failureOf(authorizer.getToken());
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cooling_down', kind: 'credentials' });
  await clock.advance(minuteMs - 1);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cooling_down', kind: 'credentials' });
  expect(asked(pool)).toEqual(oneAttempt);
  await clock.advance(1);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'wrong_credentials' });
  expect(asked(pool)).toEqual([...oneAttempt, ...oneAttempt]);
});

it('a person’s force passes the cool-down, and a right password ends it (G4)', async () => {
  let password = 'Wrong-Horse-1';
  const { pool, authorizer } = await world({ options: { password: () => password } });
  await failureOf(authorizer.getToken());
  password = alice.password;
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cooling_down' });
  const token = await authorizer.getToken({ force: true });
  expect(await authorizer.getToken()).toBe(token);
  expect(asked(pool)).toEqual([...oneAttempt, ...oneAttempt]);
});

it('a loop that asks every second for a day makes fewer than thirty attempts (G4)', async () => {
  const { pool, clock, authorizer } = await world({ ...wrong, pool: { lockout: false } });
  for (let second = 0; second < 86_400; second += 60) {
    await failureOf(authorizer.getToken());
    await clock.advance(minuteMs);
  }
  expect(pool.count('InitiateAuth')).toBeLessThan(30);
  expect(pool.count('InitiateAuth')).toBeGreaterThan(20);
});

async function attempts(times: number, { authorizer }: World): Promise<readonly Failure[]> {
  const errors: Failure[] = [];
  for (let attempt = 0; attempt < times; attempt += 1)
    errors.push(await failureOf(authorizer.getToken({ force: true })));
  return errors;
}

it('a lockout is told apart from a wrong password, and not tried again (G4)', async () => {
  const here = await world(wrong);
  const codes = (await attempts(5, here)).map(({ code }) => code);
  expect(new Set(codes)).toEqual(new Set(['wrong_credentials']));
  const [locked] = await attempts(1, here);
  expect(locked).toMatchObject({ code: 'locked_out', kind: 'credentials', transient: false });
  expect(locked?.message).toMatch(/Password attempts exceeded.*prolongs/);
  expect(asked(here.pool)).toHaveLength(12);
  expect(await failureOf(here.authorizer.getToken())).toMatchObject({ code: 'cooling_down', kind: 'credentials' });
  expect(asked(here.pool)).toHaveLength(12);
});

it('the right password is refused while the lock lasts, and taken after it (G4)', async () => {
  const here = await world(wrong);
  await attempts(5, here);
  const right = another(here, { password: alice.password });
  expect(await failureOf(right.getToken())).toMatchObject({ code: 'locked_out' });
  await here.clock.advance(minuteMs);
  expect((await right.getToken()).username).toBe('alice');
});
