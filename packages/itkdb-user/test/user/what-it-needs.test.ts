// A factory that is called with nothing, or with a misspelt option: is it said at once, and in words that help?
import { ConfigurationError } from '@axios-authorizer/core';
import {
  createItkdbClient,
  itkdbInterceptors,
  itkdbService,
  paginate,
  Session,
  User,
  UserBearer,
} from '../../src/index.js';

type Factory = (...args: readonly unknown[]) => unknown;

/** As JavaScript calls it, which no compiler holds back. */
function factory(of: unknown): Factory {
  return of as Factory;
}
function constructor(of: new (...args: never[]) => unknown): Factory {
  return (...args) => Reflect.construct(of, args) as unknown;
}
/** What it throws or rejects with; undefined when it does neither. */
async function failureOf(made: () => unknown): Promise<unknown> {
  try {
    await made();
    return undefined;
  } catch (error) {
    return error;
  }
}
const nothings: readonly (readonly [string, readonly unknown[]])[] = [
  ['nothing', []],
  ['{}', [{}]],
  ['null', [null]],
  ['a text', ['text']],
];

const needy: readonly (readonly [string, Factory, RegExp])[] = [
  ['User', constructor(User), /access codes|accessCode1/],
  ['Session', constructor(Session), /access codes|user/],
  ['createItkdbClient', factory(createItkdbClient), /access codes|accessCode1/],
  ['itkdbService', factory(itkdbService), /access codes|accessCode1/],
  ['itkdbInterceptors', factory(itkdbInterceptors), /access codes|accessCode1/],
  ['UserBearer', (given) => constructor(UserBearer)(given === 'text' ? '' : given), /bearer/],
  ['paginate', async (...args) => (factory(paginate)(...args) as AsyncGenerator).next(), /Session/],
];

const names = ['ITKDB_ACCESS_CODE1', 'ITKDB_ACCESS_CODE2', 'ITKDB_AUDREYTWO_API_KEY'] as const;
const before = names.map((name) => [name, process.env[name]] as const);
beforeAll(() => names.forEach((name) => delete process.env[name]));
afterAll(() => before.forEach(([name, value]) => value !== undefined && (process.env[name] = value)));

it.each(
  needy.flatMap(([name, call, words]) => nothings.map(([what, args]) => [name, what, call, args, words] as const)),
)('%s, called with %s, says what it needs (C15)', async (_name, _what, call, args, words) => {
  const failure = await failureOf(() => call(...args));
  expect(failure).toMatchObject({ kind: 'configuration', message: expect.stringMatching(words) as unknown });
});

const codes = { accessCode1: 'one', accessCode2: 'two' };

it.each<readonly [string, () => unknown, RegExp]>([
  ['User', () => constructor(User)({ ...codes, accesscode: 'x' }), /accesscode; did you mean accessCode1\?/],
  [
    'User, in jwtOptions',
    () => constructor(User)({ ...codes, jwtOptions: { leway: 3 } }),
    /leway; did you mean leeway\?/,
  ],
  ['Session', () => constructor(Session)({ saveauth: 'x' }), /saveauth; did you mean saveAuth\?/],
  ['createItkdbClient', () => factory(createItkdbClient)({ ...codes, apiURL: 'x' }), /apiURL; did you mean apiUrl\?/],
  ['itkdbService', () => factory(itkdbService)({ ...codes, auth_url: 'x' }), /auth_url; did you mean authUrl\?/],
  [
    'paginate',
    async () => (factory(paginate)({ request: codes }, {}, { pagesize: 5 }) as AsyncGenerator).next(),
    /pagesize; did you mean pageSize\?/,
  ],
  ['User, of another shape', () => constructor(User)({ ...codes, observer: 5 }), /`observer`/],
])('%s refuses an option that it does not know or cannot use (C15)', async (_name, call, words) => {
  const failure = await failureOf(call);
  expect(failure).toBeInstanceOf(ConfigurationError);
  expect(failure).toMatchObject({ message: expect.stringMatching(words) as unknown });
});
