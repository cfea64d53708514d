// A login that fails is caught as the original's users catch it, whatever it failed with; and who issued a token, under
// which key, is told and can be said.
import { ConfigurationError as CoresConfigurationError } from '@axios-authorizer/core';
import { leaks } from '@axios-authorizer/test-kit';
import { AuthenticationError, exceptions, isResponseException, LoginError, User } from '../../src/index.js';
import { anotherSession, another, codes, failureOf, passing, world } from '../stage.js';
import type { Answer } from '@axios-authorizer/test-kit';
import type { WorldOptions } from '../stage.js';

const wrong: WorldOptions = { user: { accessCode1: 'foo' } };
const badToken: Answer = { json: { access_token: 'x', id_token: 'a.b.c' } };
const page: Answer = { status: 401, text: '<html>code-1 Sign in</html>' };
const tried: WorldOptions = { user: { maxRetries: 0 } };

const failures: readonly (readonly [
  what: string,
  given: WorldOptions,
  answer: Answer | undefined,
  status: number,
  code: string,
])[] = [
  ['wrong codes', wrong, undefined, 401, 'wrong_access_codes'],
  ['an outage', tried, { status: 503 }, 503, 'login_refused'],
  ['no login in a 200', tried, { json: {} }, 200, 'invalid_response'],
  ['an id token that is none', tried, badToken, 200, 'id_token_refused'],
  ['a connection that is cut', tried, { reset: true }, 0, 'network'],
  ['a page of another server', tried, page, 401, 'login_refused'],
];

it.each(failures)(
  '%s is a ResponseException and an ITkDBException, for a user and for a session (I8)',
  async (_what, given, answer, status, code) => {
    const { user, session, itkdb, clock } = await world(given);
    itkdb.nextLogin(answer);
    const errors = [await failureOf(user.authenticate()), await failureOf(session.get('listInstitutions'))];
    for (const error of errors) {
      expect(error).toBeInstanceOf(exceptions.ResponseException);
      expect(error).toBeInstanceOf(exceptions.ITkDBException);
      expect(error).not.toBeInstanceOf(exceptions.BadRequest);
      expect(error).toBeInstanceOf(LoginError);
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(isResponseException(error)).toBe(true);
      expect(error).toMatchObject({ name: 'LoginError', status });
      expect(error.response.status).toBe(status);
      expect(leaks(error, Object.values(codes))).toEqual([]);
    }
    expect(errors[0]?.code).toBe(code);
    expect(clock.sleepers).toBe(0);
  },
);

it('what the program must fix is no ResponseException (I8)', async () => {
  const { options } = await world();
  const error = await Promise.resolve()
    .then(() => new User({ ...options, audience: 5 as unknown as string }))
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CoresConfigurationError);
  expect(error).not.toBeInstanceOf(exceptions.ResponseException);
  expect(error).not.toBeInstanceOf(exceptions.ITkDBException);
});

it.each([undefined, null, {}, 'text', new Error('no'), { errorMap: {}, status: 1, response: {} }])(
  '%p is no ResponseException for instanceof (I8)',
  (value) => {
    expect(value instanceof exceptions.ResponseException).toBe(false);
    expect(new exceptions.DuplicateTestRuns('x') instanceof exceptions.ResponseException).toBe(false);
  },
);

it('a login that is refused is none of the other exceptions (I8)', async () => {
  const { user } = await world(wrong);
  const error = await failureOf(user.authenticate());
  const { Forbidden, BadRequest, ServerError } = exceptions;
  expect([Forbidden, BadRequest, ServerError].some((type) => error instanceof type)).toBe(false);
});

it('a 401 of who is not the login service does not blame the codes, and names the setting (I8)', async () => {
  const { user, itkdb } = await world();
  itkdb.nextLogin({ status: 403, text: '<html>Forbidden</html>' });
  const error = await failureOf(user.authenticate());
  expect(error.message).toMatch(/grantToken answered 403, and not in the words of the login service; .*ITKDB_AUTH_URL/);
  expect(error.message).not.toContain('ITKDB_ACCESS_CODE');
});

it('an issuer that is not expected is named, beside the one that is (I8)', async () => {
  const { user, itkdb } = await world();
  itkdb.nextLogin({ json: { access_token: 'x', id_token: itkdb.tokenWith({ iss: 'https://other.example.org' }) } });
  const error = await failureOf(user.authenticate());
  expect(error.message).toContain(
    `expected: ${itkdb.issuer}, and it was issued by https://other.example.org (option issuer)`,
  );
});

it.each([
  ['that one', 'https://other.example.org'],
  ['one of several', ['https://a.example.org', 'https://other.example.org']],
  ['anybody', false],
] as const)('with the option a token issued by %s is taken (I8)', async (_what, issuer) => {
  const { user, itkdb } = await world({ user: { issuer } });
  itkdb.nextLogin({ json: { access_token: 'x', id_token: itkdb.tokenWith({ iss: 'https://other.example.org' }) } });
  expect(await user.authenticate()).toBe(true);
});

it('an issuer that is not in the list is refused (I8)', async () => {
  const { user } = await world({ user: { issuer: ['https://a.example.org', 'https://b.example.org'] } });
  expect(await failureOf(user.authenticate())).toMatchObject({ code: 'id_token_refused' });
});

it.each([5, true, '', [], [''], [5]])('%j is no issuer (I8)', async (issuer) => {
  const { options } = await world();
  expect(() => new User({ ...options, issuer: issuer as unknown as string })).toThrow(/issuer takes/);
});

it('a token that names no key is taken under any key of the service, as the original takes it (I8)', async () => {
  const { user, itkdb } = await world();
  itkdb.rotateKeys();
  itkdb.nextLogin({ json: { access_token: 'x', id_token: itkdb.tokenWith({}, { kid: null }) } });
  expect(await user.authenticate()).toBe(true);
  const stranger = itkdb.tokenWith({}, { kid: null, signedBy: 'stranger' });
  itkdb.nextLogin({ json: { access_token: 'x', id_token: stranger } });
  expect(await failureOf(user.authorizer.getToken({ force: true }))).toMatchObject({ code: 'id_token_refused' });
});

it('a token without uuidentity is told apart by its sub, in the cache as well (I8)', async () => {
  const here = await world({ session: { cache: 'memory', expiresAfter: { hours: 1 } } });
  const login = (sub: string): Answer => ({
    json: { access_token: 'x', id_token: here.itkdb.tokenWith({ uuidentity: undefined, sub }) },
  });
  here.itkdb.nextLogin(login('one'), login('two'), login('one'));
  const users = [here.user, another(here), another(here)];
  for (const user of users) await user.authenticate();
  const [one, two, again] = users.map(({ cacheKey }) => cacheKey);
  expect([one, one === two, one === again]).toEqual([
    JSON.stringify(['one', 'https://itkpd.unicornuniversity.net']),
    false,
    true,
  ]);
});

it('a failed login of a session is caught in the cool-down, too (I8)', async () => {
  const here = await world(wrong);
  await failureOf(here.session.get('x'));
  const error = await failureOf(anotherSession(here).get('x'));
  expect(error).toMatchObject({ name: 'LoginError', status: 401, kind: 'credentials', code: 'cooling_down' });
  expect(here.itkdb.login.requests).toHaveLength(1);
});

it('an outage that outlasts its tries is caught as well (I8)', async () => {
  const { user, itkdb, clock } = await world({ user: { maxRetries: 1 } });
  itkdb.nextLogin({ reset: true }, { reset: true }, { reset: true });
  expect(await passing(clock, failureOf(user.authenticate()))).toBeInstanceOf(exceptions.ResponseException);
});
