// A user who is known by a static bearer: nothing logs in, nothing renews, nothing prints it.
import { ConfigurationError } from '@axios-authorizer/core';
import { leaks } from '@axios-authorizer/test-kit';
import { environment, failureOf, world } from '../stage.js';
import { Session, UserBearer } from '../../src/index.js';
import type { World } from '../stage.js';

async function bearerSession(bearer?: (here: World) => string): Promise<World & { readonly bearer: string }> {
  const here = await world();
  const token = bearer?.(here) ?? here.itkdb.tokenWith({});
  const session = new Session({ user: new UserBearer(token), prefixUrl: here.itkdb.apiUrl });
  return { ...here, session, bearer: token };
}

it('the bearer is sent as it is, and nothing logs in (I1)', async () => {
  const { session, itkdb, bearer } = await bearerSession();
  expect((await session.get('listInstitutions')).status).toBe(200);
  expect(itkdb.api.bearers()).toEqual([bearer]);
  expect(itkdb.login.requests).toEqual([]);
  expect(await session.user.authenticate()).toBe(true);
});

it.each([
  ['401', ({ itkdb }: World) => itkdb.tokenWith({ exp: 1 }), 'Forbidden', 401],
  ['500 for a signature', () => 'garbage', 'ServerError', 500],
])(
  'a bearer that is refused with %s is not renewed: the exception comes at once (I1, I5)',
  async (_how, make, name, status) => {
    const { session, itkdb } = await bearerSession(make);
    expect(await failureOf(session.get('listInstitutions'))).toMatchObject({ name, status });
    expect([itkdb.api.requests.length, itkdb.login.requests.length]).toEqual([1, 0]);
  },
);

it('a rejected bearer is sent again with the next request: nobody else could fix it (I1)', async () => {
  const { session, itkdb } = await bearerSession(() => 'garbage');
  for (let count = 0; count < 3; count += 1) await failureOf(session.get('listInstitutions'));
  expect(itkdb.api.requests).toHaveLength(3);
});

it('a 400 with a static bearer is a BadRequest, where the original fails for want of claims (I5)', async () => {
  const { session } = await bearerSession();
  expect(await failureOf(session.get('getComponent'))).toMatchObject({ name: 'BadRequest', status: 400 });
});

it('an empty bearer is refused when it is made, with the name of its variable (I1)', () => {
  environment({ ITKDB_AUDREYTWO_API_KEY: undefined });
  expect(() => new UserBearer()).toThrow('ITKDB_AUDREYTWO_API_KEY');
  expect(() => new UserBearer('')).toThrow(ConfigurationError);
});

it.each(['a\r\nX-Evil: 1', 'a\nb', 'a\rb', 'a b', ' ', 'a\u0000b', 'ä→'])(
  'the bearer %j is refused when it is made, and not shown (C10)',
  (bearer) => {
    expect(() => new UserBearer(bearer)).toThrow(ConfigurationError);
  },
);

it('the message of a rejected bearer does not hold it (C11)', async () => {
  const error = await failureOf(Promise.resolve().then(() => new UserBearer('the secret\r\nbearer of all')));
  expect(leaks(error, ['the secret', 'bearer of all'])).toEqual([]);
});

it('a bearer’s user prints itself without the bearer, which the original does not, and tells caches apart by a hash (I3, C11)', async () => {
  const { session, bearer } = await bearerSession();
  const user = new UserBearer(bearer);
  expect([String(user), user.bearer]).toEqual(['UserBearer(bearer=[hidden])', bearer]);
  expect(leaks({ user, session, list: [user] }, [bearer])).toEqual([]);
  expect(leaks(user, [bearer])).toEqual([]);
  expect(user.cacheKey).toMatch(/^[\w-]{43}$/);
  expect(new UserBearer('another').cacheKey).not.toBe(user.cacheKey);
});
