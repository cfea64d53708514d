// Trouble on demand: answers in place of the pool's own, throttling, and connections cut before or after it has acted.

import { cognitoError, gate, startCognitoPool, until } from '@axios-authorizer/test-kit';
import { ask, outcome } from './ask.js';
import { call, fault, initiate, names, signIn, tokensOf } from './cognito-client.js';
import type { CognitoPool } from '@axios-authorizer/test-kit';

const password = 'Passw0rd!';
const throttled = '400 TooManyRequestsException: Rate exceeded';
let pool: CognitoPool;

beforeEach(async () => {
  const users = [{ username: 'alice', password }];
  pool = await startCognitoPool({ users, refreshRotation: { graceSeconds: 60 } });
});
afterEach(() => pool.stop());

test('answers for one operation leave the others alone, and undefined is a normal one', async () => {
  pool.next('InitiateAuth', cognitoError('InternalErrorException', 'Oops'), undefined, { status: 503, text: '<html>' });
  expect(fault(await call(pool, 'GetUser', {}))).toContain('InvalidParameterException');
  expect(fault(await initiate(pool, 'alice'))).toBe('400 InternalErrorException: Oops');
  expect((await initiate(pool, 'alice')).status).toBe(200);
  expect(await initiate(pool, 'alice')).toMatchObject({ status: 503, text: '<html>' });
  expect((await initiate(pool, 'alice')).status).toBe(200);
  expect(pool.count('InitiateAuth')).toBe(4);
});

test('throttling refuses the next operations, whichever they are (G4)', async () => {
  pool.throttle(2);
  const refused = await initiate(pool, 'alice');
  expect(fault(refused)).toBe(throttled);
  expect(refused.headers.get('x-amzn-errortype')).toBe('TooManyRequestsException:');
  expect(fault(await call(pool, 'GetUser', {}))).toBe(throttled);
  expect((await initiate(pool, 'alice')).status).toBe(200);
});

test('a lost answer was acted on, a reset one was not (G3)', async () => {
  const { RefreshToken } = tokensOf(await signIn(pool, 'alice', { password }));
  const refresh = { ClientId: 'test-client', RefreshToken };
  pool.next('GetTokensFromRefreshToken', { reset: true }, { lost: true });
  expect(await outcome(call(pool, 'GetTokensFromRefreshToken', refresh))).toBe('failed');
  expect(await outcome(call(pool, 'GetTokensFromRefreshToken', refresh))).toBe('failed');
  const third = await call(pool, 'GetTokensFromRefreshToken', refresh);
  expect(tokensOf(third).RefreshToken).not.toBe(RefreshToken);
  expect(names(pool).slice(2)).toEqual(Array(3).fill('GetTokensFromRefreshToken'));
});

test('a lost verifier answer has used the SECRET_BLOCK up', async () => {
  pool.next('RespondToAuthChallenge', { lost: true });
  expect(await outcome(signIn(pool, 'alice', { password }))).toBe('failed');
  const { ChallengeResponses } = pool.operations.at(-1)?.body ?? {};
  const body = { ChallengeName: 'PASSWORD_VERIFIER', ClientId: 'test-client', ChallengeResponses };
  expect(fault(await call(pool, 'RespondToAuthChallenge', body))).toContain('Incorrect username or password.');
});

test('a held answer comes when it is let go, and acts then', async () => {
  const { RefreshToken } = tokensOf(await signIn(pool, 'alice', { password }));
  const { opened, open } = gate();
  pool.next('GetTokensFromRefreshToken', { after: opened });
  const held = call(pool, 'GetTokensFromRefreshToken', { ClientId: 'test-client', RefreshToken });
  await until(() => pool.count('GetTokensFromRefreshToken') === 1, 'the refresh to arrive');
  pool.revokeAll();
  open();
  expect(fault(await held)).toBe('400 NotAuthorizedException: Refresh Token has been revoked');
});

test('the key set has outages of its own', async () => {
  pool.next('jwks', { status: 503 });
  expect((await ask(pool.jwksUrl)).status).toBe(503);
  const read = await ask(pool.jwksUrl);
  expect(read.json?.['keys']).toHaveLength(2);
  expect(read.headers.get('cache-control')).toBe('public, max-age=86400');
  expect(pool.count('jwks')).toBe(2);
  expect(pool.operations).toEqual([]);
});
