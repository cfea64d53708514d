// A factory that is called with nothing, or with a misspelt option: is it said at once, and in words that help?
import { ConfigurationError } from '@axios-authorizer/core';
import { calledWithNothing, constructing, thrownBy, untyped } from '@axios-authorizer/test-kit';
import type { Needy } from '@axios-authorizer/test-kit';
import {
  createItkdbClient,
  itkdbInterceptors,
  itkdbService,
  paginate,
  Session,
  User,
  UserBearer,
} from '../../src/index.js';

const needy: Needy = [
  ['User', constructing(User), /access codes|accessCode1/],
  ['Session', constructing(Session), /access codes|user/],
  ['createItkdbClient', untyped(createItkdbClient), /access codes|accessCode1/],
  ['itkdbService', untyped(itkdbService), /access codes|accessCode1/],
  ['itkdbInterceptors', untyped(itkdbInterceptors), /access codes|accessCode1/],
  ['UserBearer', (given) => constructing(UserBearer)(given === 'text' ? '' : given), /bearer/],
  ['paginate', async (...args) => (untyped(paginate)(...args) as AsyncGenerator).next(), /Session/],
];

const names = ['ITKDB_ACCESS_CODE1', 'ITKDB_ACCESS_CODE2', 'ITKDB_AUDREYTWO_API_KEY'] as const;
const before = names.map((name) => [name, process.env[name]] as const);
beforeAll(() => names.forEach((name) => delete process.env[name]));
afterAll(() => before.forEach(([name, value]) => value !== undefined && (process.env[name] = value)));

it.each(calledWithNothing(needy))('%s, called with %s, says what it needs (C15)', async (_name, _what, call, words) => {
  const failure = await thrownBy(call);
  expect(failure).toMatchObject({ kind: 'configuration', message: expect.stringMatching(words) as unknown });
});

const codes = { accessCode1: 'one', accessCode2: 'two' };

it.each<readonly [string, () => unknown, RegExp]>([
  ['User', () => constructing(User)({ ...codes, accesscode: 'x' }), /accesscode; did you mean accessCode1\?/],
  [
    'User, in jwtOptions',
    () => constructing(User)({ ...codes, jwtOptions: { leway: 3 } }),
    /leway; did you mean leeway\?/,
  ],
  ['Session', () => constructing(Session)({ saveauth: 'x' }), /saveauth; did you mean saveAuth\?/],
  ['createItkdbClient', () => untyped(createItkdbClient)({ ...codes, apiURL: 'x' }), /apiURL; did you mean apiUrl\?/],
  ['itkdbService', () => untyped(itkdbService)({ ...codes, auth_url: 'x' }), /auth_url; did you mean authUrl\?/],
  [
    'paginate',
    async () => (untyped(paginate)({ request: codes }, {}, { pagesize: 5 }) as AsyncGenerator).next(),
    /pagesize; did you mean pageSize\?/,
  ],
  ['User, of another shape', () => constructing(User)({ ...codes, observer: 5 }), /`observer`/],
])('%s refuses an option that it does not know or cannot use (C15)', async (_name, call, words) => {
  const failure = await thrownBy(call);
  expect(failure).toBeInstanceOf(ConfigurationError);
  expect(failure).toMatchObject({ message: expect.stringMatching(words) as unknown });
});
