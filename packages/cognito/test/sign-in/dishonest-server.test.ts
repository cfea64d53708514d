// Answers that no honest pool gives: numbers that would give the password away, challenges with gaps, pages, nothing.
import { N } from '../../src/srp/group.js';
import { asked, failureOf, world } from '../stage.js';
import type { World } from '../stage.js';

const honest = { SRP_B: 'abcdef0123', SALT: '5b08acc213a5bf07da1b195060c40eb7', SECRET_BLOCK: 'c2VjcmV0' };
const names = { USER_ID_FOR_SRP: 'alice', USERNAME: 'alice' };
const begin = 'InitiateAuth USER_SRP_AUTH';
const prove = 'RespondToAuthChallenge PASSWORD_VERIFIER';

type Numbers = Readonly<Record<string, unknown>>;

/** A world whose pool begins with these numbers. */
async function beginning(numbers: Numbers): Promise<World> {
  const here = await world();
  const ChallengeParameters = { ...names, ...honest, ...numbers };
  here.pool.next('InitiateAuth', { json: { ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters } });
  return here;
}

it('the numbers of the tests are sent a proof, when nothing is wrong with them (G1)', async () => {
  const { pool, authorizer } = await beginning({});
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'wrong_credentials' });
  expect(asked(pool)).toEqual([begin, prove]);
});

it.each<[what: string, B: string]>([
  ['0', '0'],
  ['many zeros', '0'.repeat(768)],
  ['N', N.toString(16)],
  ['N in capitals', N.toString(16).toUpperCase()],
  ['N after a zero', `0${N.toString(16)}`],
  ['2 N', (2n * N).toString(16)],
  ['N squared', (N * N).toString(16)],
])('a B of %s is refused after one request (G1)', async (_, SRP_B) => {
  const { pool, authorizer } = await beginning({ SRP_B });
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({ code: 'srp_refused', transient: false });
  expect(error.message).toContain('B is 0');
  expect(asked(pool)).toEqual([begin]);
});

it.each<[what: string, B: string]>([
  ['letters', 'a signed value'],
  ['a UUID', '0e8d3ab3-3b4e-4c9e-8c1f-5b6a7d8e9f00'],
  ['0x before it', '0xabcdef'],
  ['a minus before it', '-abcdef'],
  ['blanks around it', ' abcdef '],
  ['a line break after it', 'abcdef\n'],
])('a B with %s is no number, and refused after one request (G1)', async (_, SRP_B) => {
  const { pool, authorizer } = await beginning({ SRP_B });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'srp_refused', transient: false });
  expect(asked(pool)).toEqual([begin]);
});

it.each<[what: string, numbers: Numbers]>([
  ['SRP_B', { SRP_B: undefined }],
  ['SALT', { SALT: undefined }],
  ['SECRET_BLOCK', { SECRET_BLOCK: undefined }],
  ['any text in SRP_B', { SRP_B: '' }],
  ['any text in SALT', { SALT: '' }],
  ['any text in SECRET_BLOCK', { SECRET_BLOCK: '' }],
  ['a text as SRP_B', { SRP_B: 7 }],
  ['hex in SALT', { SALT: 'salt' }],
  ['base64 in SECRET_BLOCK', { SECRET_BLOCK: '{}' }],
])('a challenge without %s gets no proof, which would count as a wrong password (G1)', async (_, numbers) => {
  const { pool, authorizer } = await beginning(numbers);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ name: 'AuthenticationError', code: 'srp_refused' });
  expect(asked(pool)).toEqual([begin]);
});

it.each<[what: string, answer: object]>([
  ['a page', { text: '<!doctype html><title>Welcome to the hotel</title>' }],
  ['a page that calls itself JSON', { text: '<html>', headers: { 'content-type': 'application/json' } }],
  ['nothing', { text: '' }],
  ['a list', { json: [] }],
  ['a text in JSON', { json: 'hello' }],
  ['null', { json: null }],
  ['half an object', { text: '{"ChallengeName":' }],
])('%s for an answer is told with its status, not repeated and not shown (G4)', async (_, answer) => {
  const { pool, authorizer } = await world();
  pool.next('InitiateAuth', { status: 200, ...answer });
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({ name: 'CognitoError', status: 200, transient: false, operation: 'InitiateAuth' });
  expect(error.message).toContain('200');
  expect(error.message).not.toMatch(/hotel|html|hello/);
  expect(asked(pool)).toEqual([begin]);
});

it.each<[what: string, result: object]>([
  ['neither a challenge nor a result', {}],
  ['an empty result', { AuthenticationResult: {} }],
  ['an access token that is no text', { AuthenticationResult: { AccessToken: 7, ExpiresIn: 3600 } }],
  ['an empty access token', { AuthenticationResult: { AccessToken: '', ExpiresIn: 3600 } }],
  ['null for a result', { AuthenticationResult: null }],
])('an answer with %s holds no token (G4)', async (_, json) => {
  const { pool, authorizer } = await world();
  pool.next('RespondToAuthChallenge', { json });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'invalid_response', kind: 'unavailable' });
  expect(authorizer.token).toBeUndefined();
  expect(asked(pool)).toEqual([begin, prove]);
});

it('an endless answer is not read to its end (G4)', async () => {
  const { pool, authorizer } = await world();
  pool.next('InitiateAuth', { trickle: 50_000_000 });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'invalid_response', kind: 'unavailable' });
});

it('a redirect is not followed (G4)', async () => {
  const { pool, authorizer } = await world();
  pool.next('InitiateAuth', { status: 307, headers: { location: pool.endpoint } });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ name: 'CognitoError', status: 307 });
  expect(asked(pool)).toEqual([begin]);
});
