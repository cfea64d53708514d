// Where the codes, the audience and the URLs come from, and what is refused before anything is sent.
import { ConfigurationError } from '@axios-authorizer/core';
import { leaks } from '@axios-authorizer/test-kit';
import { environment, failureOf, identity, world } from '../stage.js';
import { Session, settings, User, UserBearer } from '../../src/index.js';

const code1 = 'the-first-code-of-all';
const code2 = 'the-second-code-of-all';

function thrown(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It should have failed, and did not');
}

it('without an environment each is the original’s default (I1)', () => {
  expect({ ...settings }).toEqual({
    ITKDB_ACCESS_SCOPE: 'openid https://itkpd.unicornuniversity.net',
    ITKDB_ACCESS_AUDIENCE: 'https://itkpd.unicornuniversity.net',
    ITKDB_AUTH_URL: 'https://uuidentity.plus4u.net/uu-oidc-maing02/bb977a99f4cc4c37a2afce3fd599d0a7/oidc/',
    ITKDB_API_URL: 'https://itkpd.unicornuniversity.net/',
    ITKDB_LEEWAY: '2',
  });
  expect([settings.ITKDB_ACCESS_CODE1, settings.ITKDB_ACCESS_CODE2, settings.ITKDB_AUDREYTWO_API_KEY]).toEqual([
    '',
    '',
    '',
  ]);
});

it('they are read when they are asked for, not when the module is imported (I1)', async () => {
  const { itkdb, options } = await world();
  environment({ ITKDB_ACCESS_CODE1: 'code-1', ITKDB_ACCESS_CODE2: 'code-2', ITKDB_AUTH_URL: itkdb.authUrl });
  const { clock } = options;
  const user = new User({ clock });
  expect(await user.authenticate()).toBe(true);
  expect([user.identity, user.accessCode1, user.accessCode2]).toEqual([identity, 'code-1', 'code-2']);
  environment({ ITKDB_ACCESS_CODE1: 'other' });
  expect([settings.ITKDB_ACCESS_CODE1, new User({ clock }).accessCode1, user.accessCode1]).toEqual([
    'other',
    'other',
    'code-1',
  ]);
});

it('scope, audience, leeway, API URL and static bearer come from the environment as well (I1)', async () => {
  const audience = 'https://example.org';
  const { itkdb, options } = await world({ itkdb: { audience } });
  environment({ ITKDB_ACCESS_SCOPE: 'openid https://example.org', ITKDB_ACCESS_AUDIENCE: audience, ITKDB_LEEWAY: '5' });
  environment({ ITKDB_API_URL: itkdb.apiUrl, ITKDB_AUDREYTWO_API_KEY: 'static' });
  const user = new User(options);
  const answer = await new Session({ user }).get('listInstitutions');
  expect(answer.status).toBe(200);
  expect(JSON.parse(String(itkdb.login.requests[0]?.body))).toMatchObject({ scope: 'openid https://example.org' });
  expect(new UserBearer().bearer).toBe('static');
});

it('what the caller passes wins over the environment (I1)', async () => {
  environment({ ITKDB_ACCESS_CODE1: 'foo', ITKDB_ACCESS_CODE2: 'bar', ITKDB_ACCESS_AUDIENCE: 'https://example.org' });
  environment({ ITKDB_AUTH_URL: 'https://example.org/', ITKDB_LEEWAY: 'nonsense' });
  const { user } = await world({
    user: { audience: 'https://itkpd.unicornuniversity.net', jwtOptions: { leeway: 2 } },
  });
  expect(await user.authenticate()).toBe(true);
});

it('a login service without a slash at its end is the same one (I1, I5)', async () => {
  const { itkdb, options } = await world();
  const user = new User({ ...options, prefixUrl: itkdb.issuer });
  expect(await user.authenticate()).toBe(true);
});

it('printing the settings shows no code and no key (C11)', () => {
  const key = 'the-static-bearer-token';
  environment({ ITKDB_ACCESS_CODE1: code1, ITKDB_ACCESS_CODE2: code2, ITKDB_AUDREYTWO_API_KEY: key });
  expect([settings.ITKDB_ACCESS_CODE1, settings.ITKDB_ACCESS_CODE2, settings.ITKDB_AUDREYTWO_API_KEY]).toEqual([
    code1,
    code2,
    key,
  ]);
  expect(leaks(settings, [code1, code2, key])).toEqual([]);
  expect(leaks({ settings, list: [settings] }, [code1, code2, key])).toEqual([]);
  expect(leaks({ ...settings }, [code1, code2, key])).toEqual([]);
});

it.each([
  ['the first', { accessCode1: '', accessCode2: code2 }],
  ['the second', { accessCode1: code1, accessCode2: '' }],
])('one access code without the other is a ConfigurationError: %s is empty (I1, I5)', (_which, given) => {
  const error = thrown(() => new User(given));
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.message).toContain('access codes is empty');
  expect(leaks(error, [code1, code2])).toEqual([]);
});

it('one code in the environment and none beside it is refused as well (I1)', () => {
  environment({ ITKDB_ACCESS_CODE1: code1 });
  expect(thrown(() => new Session())).toMatchObject({ name: 'ConfigurationError' });
});

it('no codes and no place where a login may lie is a ConfigurationError that names the variables (I1, I5)', () => {
  for (const make of [() => new User(), () => new User({ accessCode1: '', accessCode2: '' }), () => new Session()]) {
    const error = thrown(make);
    expect(error).toMatchObject({ name: 'ConfigurationError' });
    expect(error.message).toContain('ITKDB_ACCESS_CODE1, ITKDB_ACCESS_CODE2');
  }
});

it.each([
  ['http to another machine', { prefixUrl: 'http://example.org/oidc/' }],
  ['no URL', { prefixUrl: 'not a url' }],
  ['another scheme', { prefixUrl: 'ftp://example.org/oidc/' }],
])('a login service that is %s gets no codes (I1)', async (_what, given) => {
  const { options } = await world();
  const work = Promise.resolve().then(() => new User({ ...options, ...given, maxRetries: 0 }).authenticate());
  const error = await failureOf(work);
  expect(error).toMatchObject({ name: 'ConfigurationError' });
  expect(leaks(error, ['code-1', 'code-2'])).toEqual([]);
});

it.each([-1, NaN, Infinity])('a leeway of %p is refused (I1)', async (leeway) => {
  const { options } = await world();
  const error = thrown(() => new User({ ...options, jwtOptions: { leeway } }));
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.message).toContain('jwtOptions.leeway');
});

it('a leeway in the environment that is no number is refused, by its name (I1)', async () => {
  environment({ ITKDB_LEEWAY: 'two' });
  expect((await failureOf(world())).message).toContain('ITKDB_LEEWAY');
});
