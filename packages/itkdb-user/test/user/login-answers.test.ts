// What the login service answers instead of a login, and what becomes of it: whose fault it is, whether it is tried again,
// and what the person is told.
import { failureOf, minuteMs, passing, world } from '../stage.js';
import type { Answer } from '@axios-authorizer/test-kit';

it.each(['uu-oidc-main/notAuthenticated', 'uu-oidc-main/grantToken/identityNotAuthenticated'] as const)(
  'wrong codes, which the service calls %s, are wrong_access_codes (I1)',
  async (wrongCodesKey) => {
    const { user, itkdb } = await world({ itkdb: { wrongCodesKey }, user: { accessCode1: 'foo' } });
    const error = await failureOf(user.authenticate());
    expect(error).toMatchObject({ name: 'LoginError', code: 'wrong_access_codes', kind: 'credentials', status: 401 });
    expect(error.message).toContain(`${wrongCodesKey}: Identity is not authenticated.`);
    expect(error.message).toContain('ITKDB_ACCESS_CODE1');
    expect(Object.keys(error.errorMap)).toEqual([wrongCodesKey]);
    expect(itkdb.login.requests).toHaveLength(1);
  },
);

it('wrong codes are tried once for a hundred callers, and not again for a minute (I1)', async () => {
  const { user, session, itkdb, clock } = await world({ user: { accessCode2: 'bar' } });
  const callers = Array.from({ length: 50 }, () => [user.authenticate(), session.get('listInstitutions')]).flat();
  const errors = await Promise.all(callers.map(failureOf));
  expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['wrong_access_codes']));
  expect(new Set(errors).size).toBe(100);
  expect(itkdb.login.requests).toHaveLength(1);
  clock.set(clock.now() + minuteMs - 1);
  expect((await failureOf(session.get('listInstitutions'))).kind).toBe('credentials');
  expect(itkdb.login.requests).toHaveLength(1);
  clock.set(clock.now() + 1);
  expect((await failureOf(session.get('listInstitutions'))).code).toBe('wrong_access_codes');
  expect([itkdb.login.requests.length, itkdb.api.requests.length]).toEqual([2, 0]);
});

it('an account that needs a browser gets the sentence that says what to do (I1)', async () => {
  const users = [{ accessCode1: 'code-1', accessCode2: 'code-2', identity: '1-1-1', name: 'A', needsBrowser: true }];
  const { user, itkdb } = await world({ itkdb: { users } });
  const errors = await Promise.all([user.authenticate(), user.authenticate()].map(failureOf));
  expect(errors[0]).toMatchObject({
    code: 'browser_login_required',
    kind: 'credentials',
    transient: false,
    status: 500,
  });
  expect(errors[0]?.message).toContain('asks for a second factor in a browser');
  expect(errors[0]?.message).toContain('Turn the access codes on in its profile, or use another account');
  expect(itkdb.login.requests).toHaveLength(1);
});

it('a 503 is tried again, after the time that the service asks for (I1)', async () => {
  const { user, itkdb, clock } = await world();
  itkdb.nextLogin({ status: 503, headers: { 'retry-after': '7' } });
  const work = user.authenticate();
  await clock.sleeping(2);
  await clock.advance(6_999);
  expect(itkdb.login.requests).toHaveLength(1);
  await clock.advance(1);
  expect(await work).toBe(true);
  expect(itkdb.logins).toBe(1);
});

it.each<[what: string, answer: Answer]>([
  ['503 with a page', { status: 503, text: '<html>Service Unavailable</html>' }],
  ['502', { status: 502 }],
  ['429', { status: 429 }],
  ['500 of another kind', { status: 500, json: { uuAppErrorMap: { 'uu-app-server/internalServerError': {} } } }],
  ['a cut connection', { reset: true }],
  ['a lost answer', { lost: true }],
])('after %s the login is tried again and succeeds (I1)', async (_what, answer) => {
  const { user, itkdb, clock } = await world();
  const answers = answer.status === 429 ? [answer] : [answer, answer]; // 10 s are waited after a second 429
  itkdb.nextLogin(...answers);
  expect(await passing(clock, user.authenticate())).toBe(true);
  expect(itkdb.login.requests.filter(({ method }) => method === 'POST')).toHaveLength(answers.length + 1);
});

it('an outage ends after the tries that are allowed, with the last answer told (I1)', async () => {
  const { user, itkdb, clock } = await world({ user: { maxRetries: 2 } });
  itkdb.nextLogin(...Array.from({ length: 9 }, () => ({ status: 503, text: '<html>secret page</html>' })));
  const error = await passing(clock, failureOf(user.authenticate()));
  expect(error).toMatchObject({ code: 'login_refused', kind: 'unavailable', transient: true, status: 503 });
  expect(error.message).not.toContain('secret page');
  expect(itkdb.login.requests).toHaveLength(3);
});

it.each<[what: string, answer: Answer]>([
  ['a page', { text: '<html>Welcome</html>' }],
  ['nothing', { text: '' }],
  ['a list', { json: [] }],
  ['no id_token', { json: { access_token: 'x', expires_in: 1800 } }],
  ['an id_token that is no text', { json: { access_token: 'x', id_token: 5 } }],
  ['no access_token', { json: { id_token: 'a.b.c' } }],
  ['a body without end', { trickle: 50_000_000 }],
])('200 with %s is no login, is asked once, and is not the caller’s fault (I1, C15)', async (_what, answer) => {
  const { user, itkdb, clock } = await world();
  itkdb.nextLogin(...Array.from({ length: 5 }, () => answer));
  const error = await passing(clock, failureOf(user.authenticate()));
  expect(error).toMatchObject({ kind: 'unavailable', transient: false });
  expect(error.message).not.toContain('request must be fixed');
  expect(itkdb.login.requests).toHaveLength(1);
  expect(user.isAuthenticated()).toBe(false);
});

it.each<[what: string, answer: Answer]>([
  ['400 with the keys that are missing', { status: 400, json: missingScope() }],
  ['404', { status: 404, text: 'Not Found' }],
  ['302 to elsewhere', { status: 302, headers: { location: 'https://example.org/login' } }],
])('%s is the program’s to fix, and is asked once (I1)', async (_what, answer) => {
  const { user, itkdb } = await world();
  itkdb.nextLogin(answer);
  const error = await failureOf(user.authenticate());
  expect(error).toMatchObject({ code: 'login_refused', kind: 'configuration', transient: false });
  expect(error.message).toContain(String(answer.status));
  expect(itkdb.login.requests).toHaveLength(1);
});

function missingScope(): object {
  const paramMap = { missingKeyMap: { '$.scope': {} } };
  return { uuAppErrorMap: { 'uu-oidc-main/grantToken/invalidDtoIn': { message: 'DtoIn is not valid.', paramMap } } };
}

it('200 with an error envelope is told in the service’s words (I1)', async () => {
  const { user, itkdb } = await world();
  itkdb.nextLogin({ json: { uuAppErrorMap: { 'uu-oidc-main/strange': { message: 'Odd.' } } } });
  const error = await failureOf(user.authenticate());
  expect(error).toMatchObject({ code: 'login_refused', status: 200, transient: false });
  expect(error.message).toContain('uu-oidc-main/strange: Odd.');
});

it('the keys that the service misses are told (I1)', async () => {
  const { user, itkdb } = await world();
  itkdb.nextLogin({ status: 400, json: missingScope() });
  expect((await failureOf(user.authenticate())).message).toBe(
    'The login failed with 400: uu-oidc-main/grantToken/invalidDtoIn: DtoIn is not valid. ($.scope)',
  );
});

it('a user who asks while nothing is there logs in once for all (I1)', async () => {
  const { user, session, itkdb } = await world();
  const work = Array.from({ length: 30 }, () => [user.authenticate(), session.get('listInstitutions')]).flat();
  await Promise.all(work);
  expect([itkdb.logins, itkdb.keyReads, itkdb.api.count('listInstitutions')]).toEqual([1, 1, 30]);
});
