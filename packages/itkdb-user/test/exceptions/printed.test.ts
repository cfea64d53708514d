// Printed in every way in which a program, a logger or a crash reporter would: does anything show a code or a token?
import { leaks } from '@axios-authorizer/test-kit';
import { createItkdbClient, itkdbInterceptors, itkdbService, LoginError, UserBearer } from '../../src/index.js';
import { failureOf, loopback, world } from '../stage.js';
import type { Answer } from '@axios-authorizer/test-kit';
import type { World } from '../stage.js';

const codes = { accessCode1: 'first-secret-code-of-all', accessCode2: 'second-secret-code-of-all' } as const;
const users = [{ ...codes, identity: '12-3456-1', name: 'Test User' }];

function secretWorld(user: object = {}): Promise<World> {
  return world({ itkdb: { users }, user: { ...codes, ...user } });
}

/** The codes, and whatever the user holds. */
function secretsOf({ user }: World): readonly string[] {
  const held = [user.bearer, user.accessToken ?? '', user.bearer.split('.')[2] ?? ''];
  return [...Object.values(codes), ...held.filter((text) => text !== '')];
}

it('the probe sees what is there: a login shows its token to who prints it (C11)', async () => {
  const here = await secretWorld();
  await here.user.authenticate();
  expect(secretsOf(here)).toHaveLength(5);
  expect(leaks({ ...here.user.authorizer.token }, secretsOf(here))).not.toEqual([]);
  expect(leaks({ ...codes }, secretsOf(here))).not.toEqual([]);
});

it('user, session, client, interceptors and service show none, before and after a login (C11)', async () => {
  const here = await secretWorld();
  const { prefixUrl: _database, ...options } = here.options;
  const given = { ...options, apiUrl: here.itkdb.apiUrl, authUrl: here.itkdb.authUrl };
  const client = createItkdbClient(given);
  const parts: unknown[] = [
    here.user,
    here.session,
    here.session.defaults,
    client,
    client.user,
    here.session.authorizer,
  ];
  parts.push(itkdbInterceptors(given), itkdbService(given));
  expect(parts.flatMap((part) => leaks(part, Object.values(codes)))).toEqual([]);
  await Promise.all([here.session.get('listInstitutions'), client.get('listInstitutions')]);
  const secrets = [...secretsOf(here), client.user.bearer];
  expect(parts.flatMap((part) => leaks(part, secrets))).toEqual([]);
  expect(leaks(parts, secrets)).toEqual([]);
});

it('an answer shows none, nor do the events (C11)', async () => {
  const here = await secretWorld();
  const answer = await here.session.get('getComponent', { data: { component: 'c0' } });
  expect(leaks(answer, secretsOf(here))).toEqual([]);
  expect(leaks(here.events, secretsOf(here))).toEqual([]);
});

it.each(['status/400', 'status/404', 'status/415', 'status/418', 'status/500', 'status/503', 'forbidden', 'nonsense'])(
  'the exception of %s shows none (I4, C11)',
  async (url) => {
    const here = await secretWorld();
    const error = await failureOf(here.session.get(url, { data: { a: 1 } }));
    expect(leaks(error, secretsOf(here))).toEqual([]);
    expect(leaks({ error, list: [error] }, secretsOf(here))).toEqual([]);
  },
);

it.each<[what: string, answer: Answer]>([
  ['a cut connection', { reset: true }],
  ['a refusal that a new login does not end', { status: 401 }],
])('the error of %s shows none (C11)', async (_what, answer) => {
  const here = await secretWorld();
  await here.user.authenticate();
  const before = secretsOf(here);
  here.itkdb.nextApi(answer, answer);
  const error = await failureOf(here.session.get('listInstitutions'));
  expect(leaks(error, [...before, ...secretsOf(here)])).toEqual([]);
});

it.each<[what: string, answer: Answer | undefined]>([
  ['wrong codes', undefined],
  ['a page', { text: '<html/>' }],
  ['500', { status: 500, json: { uuAppErrorMap: { 'a/b/c': { message: 'Odd.' } } } }],
  ['a cut connection', { reset: true }],
])('the failure of a login by %s shows none (I4, C11)', async (_what, answer) => {
  const here = await secretWorld({
    maxRetries: 0,
    ...(answer === undefined && { accessCode2: 'mistyped-secret-code' }),
  });
  here.itkdb.nextLogin(answer);
  const error = await failureOf(here.session.get('listInstitutions'));
  expect(leaks(error, [...secretsOf(here), 'mistyped-secret-code'])).toEqual([]);
  expect(leaks(here.events, [...secretsOf(here), 'mistyped-secret-code'])).toEqual([]);
});

it.each([200, 400, 401, 403, 500])(
  'a login service that says back what it was sent, with %i, shows none through us (C11)',
  async (status) => {
    const echo = await loopback(({ body }, response) => {
      const told = { message: `You sent ${body.toString()}`, paramMap: { missingKeyMap: { [body.toString()]: {} } } };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ uuAppErrorMap: { [`a/b/${codes.accessCode1}`]: told }, error_description: body.toString() }),
      );
    });
    const here = await secretWorld({ prefixUrl: `${echo.origin}/`, maxRetries: 0 });
    const error = await failureOf(here.user.authenticate());
    expect(error).toBeInstanceOf(LoginError);
    expect(leaks(error, Object.values(codes))).toEqual([]);
    expect(leaks(here.events, Object.values(codes))).toEqual([]);
  },
);

it('a database that says back the bearer shows none through the exception’s message (I4, C11)', async () => {
  const here = await secretWorld();
  await here.user.authenticate();
  const message = `You sent Bearer ${here.user.bearer}`;
  here.itkdb.nextApi({ status: 400, json: { uuAppErrorMap: { 'a/b/c': { message } } } });
  const error = await failureOf(here.session.get('listInstitutions'));
  expect(leaks(error, secretsOf(here))).toEqual([]);
});

it('a static bearer shows in no exception (C11)', async () => {
  const { itkdb } = await secretWorld();
  const bearer = itkdb.tokenWith({ exp: 1 });
  const client = createItkdbClient({ user: new UserBearer(bearer), apiUrl: itkdb.apiUrl });
  const error = await failureOf(client.get('listInstitutions'));
  expect(error).toMatchObject({ name: 'Forbidden' });
  expect(leaks([error, client, client.user], [bearer])).toEqual([]);
  expect(leaks(error, [bearer])).toEqual([]);
});

it('the program’s own error of one empty code shows not the other (C11)', async () => {
  const error = await failureOf(secretWorld({ accessCode1: '' }));
  expect(error).toMatchObject({ name: 'ConfigurationError' });
  expect(leaks(error, Object.values(codes))).toEqual([]);
});
