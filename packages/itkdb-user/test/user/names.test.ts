// The names under which the original tells who is logged in, before and after a login.
import { inspect } from 'node:util';
import { codes, identity, lifeMs, world } from '../stage.js';

it('before a login nothing is held, and nothing was sent (I1)', async () => {
  const { user, itkdb } = await world();
  expect([user.accessToken, user.bearer, user.expiresAt, user.expiresIn]).toEqual([undefined, '', undefined, 0]);
  expect([user.idToken, user.identity, user.name]).toEqual([{}, '', '']);
  expect([user.isAuthenticated(), user.isExpired()]).toEqual([false, true]);
  expect([user.accessCode1, user.accessCode2, user.authExpiryThreshold]).toEqual(['code-1', 'code-2', 15]);
  expect(itkdb.login.requests).toEqual([]);
});

it('after a login each name tells of it (I1)', async () => {
  const { user, itkdb, clock } = await world();
  expect(await user.authenticate()).toBe(true);
  expect(user.accessToken).toMatch(/^[0-9a-f]{48}$/);
  expect(user.bearer.split('.')).toHaveLength(3);
  expect(itkdb.valid(user.bearer)).toBe(true);
  expect(user.expiresAt).toEqual(new Date(clock.now() + lifeMs));
  expect([user.expiresIn, user.identity, user.name]).toEqual([1_800, identity, 'Test User']);
  const exp = (clock.now() + lifeMs) / 1000;
  expect(user.idToken).toMatchObject({
    name: 'Test User',
    uuidentity: identity,
    iss: itkdb.issuer,
    exp,
    iat: exp - 1_800,
  });
  expect([user.isAuthenticated(), user.isExpired()]).toEqual([true, false]);
});

it('the bearer that is sent is the id token, never the access token (I1)', async () => {
  const { user, session, itkdb } = await world();
  await session.get('listInstitutions');
  expect(itkdb.api.bearers()).toEqual([user.bearer]);
  expect(user.bearer).not.toBe(user.accessToken);
});

it('an ended login stays known, as the original keeps it, and is expired (I1)', async () => {
  const { user, clock } = await world();
  await user.authenticate();
  clock.set(clock.now() + 2 * lifeMs);
  expect([user.isAuthenticated(), user.isExpired(), user.expiresIn, user.name]).toEqual([true, true, 0, 'Test User']);
});

it('authenticate() with a good login sends nothing (I1)', async () => {
  const { user, itkdb } = await world();
  for (let count = 0; count < 3; count += 1) expect(await user.authenticate()).toBe(true);
  expect(itkdb.logins).toBe(1);
});

it('toString() tells the name and the seconds left, and printing a user shows neither code nor token (I1, C11)', async () => {
  const { user } = await world();
  expect(String(user)).toBe('User(name=, expiresIn=0s)');
  await user.authenticate();
  expect(String(user)).toBe('User(name=Test User, expiresIn=1800s)');
  const shown = [inspect(user, { depth: 10, showHidden: true }), JSON.stringify(user)].join('\n');
  for (const secret of [...Object.values(codes), user.bearer, String(user.accessToken)])
    expect(shown).not.toContain(secret);
});

it('the user of a cache is told by identity and audience, never by the codes (I3)', async () => {
  const { user } = await world();
  await user.authenticate();
  expect(JSON.parse(user.cacheKey)).toEqual([identity, 'https://itkpd.unicornuniversity.net']);
});

it('a logout forgets the login, and the next request logs in again (I1)', async () => {
  const { user, session, itkdb } = await world();
  await session.get('listInstitutions');
  await user.authorizer.logout();
  expect([user.isAuthenticated(), user.bearer]).toEqual([false, '']);
  await session.get('listInstitutions');
  expect(itkdb.logins).toBe(2);
});
