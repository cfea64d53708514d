// Sessions of cognito-local's pools: begun there, they are resumed, renewed the old way, used at an API and ended here.
import { createCognitoClient } from '../../src/index.js';
import { cognitoVerifier } from '../../src/node/verify.js';
import { failureOf, loopback, notices } from '../stage.js';
import { authorizerOf, localPool, password, plainTokens } from './pool.js';
import type { LocalPool } from './pool.js';
import { startCognitoLocal } from './server.js';
import type { CognitoLocal } from './server.js';
import type { AuthEvent } from '@axios-authorizer/core';

let local: CognitoLocal;
let pool: LocalPool;

beforeAll(async () => {
  local = await startCognitoLocal();
  pool = await localPool(local);
});

afterAll(() => local.stop());

/** Of access tokens unless told otherwise. The emulator names the port that it was told to listen on in its tokens: 0. */
function verifier(tokenUse: 'access' | 'id' = 'access'): ReturnType<typeof cognitoVerifier> {
  const { userPoolId, clientId } = pool;
  const jwksUri = `${local.endpoint}${userPoolId}/.well-known/jwks.json`;
  return cognitoVerifier({ userPoolId, clientId, tokenUse, jwksUri, issuer: `http://127.0.0.1:0/${userPoolId}` });
}

it('SRP is what the emulator does not know: that is said as such, once (G1, G4)', async () => {
  const authorizer = authorizerOf(pool, { username: 'alice@example.org', password });
  const failure = await failureOf(authorizer.getToken());
  expect(failure).toMatchObject({ code: 'unsupported_operation', kind: 'configuration', operation: 'InitiateAuth' });
  expect(failure.message).toContain('USER_SRP_AUTH');
});

it('a session is resumed from its refresh token: the pool id names no region, the endpoint is enough (G3)', async () => {
  const { refresh: refreshToken } = await plainTokens(pool);
  const authorizer = authorizerOf(pool, { initialToken: { refreshToken } });
  const token = await authorizer.getToken();
  expect(pool.userPoolId).toMatch(/^local_/);
  expect(token.refreshToken).toBe(refreshToken);
  const claims = await verifier()(token.accessToken);
  expect(claims).toMatchObject({ username: token.username, client_id: pool.clientId, token_use: 'access' });
});

it('a session is renewed again and again, each time with another token (G3)', async () => {
  const { refresh: refreshToken } = await plainTokens(pool);
  const authorizer = authorizerOf(pool, { initialToken: { refreshToken } });
  const tokens = [];
  for (let turn = 0; turn < 3; turn += 1) tokens.push((await authorizer.getToken({ force: true })).accessToken);
  expect(new Set(tokens).size).toBe(3);
});

it('the end of a renewed token is known, though the emulator does not state it (G3)', async () => {
  const { refresh: refreshToken } = await plainTokens(pool);
  const { issuedAt, expiresAt } = await authorizerOf(pool, { initialToken: { refreshToken } }).getToken();
  expect(Number(expiresAt) - Number(issuedAt)).toBe(86_400_000);
});

it('tokenUse id hands out an id token of the pool (G5)', async () => {
  const { refresh: refreshToken } = await plainTokens(pool);
  const authorizer = authorizerOf(pool, { tokenUse: 'id', initialToken: { refreshToken } });
  const { Authorization = '' } = authorizer.headersFor(await authorizer.getToken());
  const claims = await verifier('id')(Authorization.replace('Bearer ', ''));
  expect(claims).toMatchObject({ email: 'alice@example.org', aud: pool.clientId, token_use: 'id' });
});

it('an API that verifies its tokens takes a client’s requests (G1, G5)', async () => {
  const verify = verifier();
  const api = await loopback(async ({ headers }, response) => {
    const isGood = await verify(String(headers.authorization).replace('Bearer ', '')).then(
      () => headers['x-api-key'] === 'the-key',
      () => false,
    );
    response.writeHead(isGood ? 200 : 401).end();
  });
  const { refresh: refreshToken } = await plainTokens(pool);
  const { userPoolId, clientId } = pool;
  const clientInfo = { clientId, apiKey: 'the-key' };
  const options = { clientInfo, userPoolId, endpoint: local.endpoint, initialToken: { refreshToken } };
  const client = createCognitoClient(options, { baseURL: api.origin });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, id) => client.get(`/things/${id}`)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(api.requests.map(({ headers }) => headers.authorization)).size).toBe(1);
});

it('logout revokes: the refresh token is good for nobody afterwards (G3)', async () => {
  const { refresh: refreshToken } = await plainTokens(pool);
  const authorizer = authorizerOf(pool, { initialToken: { refreshToken } });
  await authorizer.getToken();
  await authorizer.logout();
  const resumed = authorizerOf(pool, { initialToken: { refreshToken } });
  expect(await failureOf(resumed.getToken())).toMatchObject({ code: 'session_over', kind: 'session' });
});

it('other sessions of the user outlive that (G3)', async () => {
  const [one, two] = [await plainTokens(pool), await plainTokens(pool)];
  await authorizerOf(pool, { initialToken: { refreshToken: one.refresh } }).logout();
  const authorizer = authorizerOf(pool, { initialToken: { refreshToken: two.refresh } });
  expect((await authorizer.getToken()).refreshToken).toBe(two.refresh);
});

it('everywhere: the emulator does not know GlobalSignOut, which is told to the observer alone (G3)', async () => {
  const events: AuthEvent[] = [];
  const { refresh: refreshToken } = await plainTokens(pool);
  const authorizer = authorizerOf(pool, {
    signOut: 'everywhere',
    initialToken: { refreshToken },
    observer: (event) => events.push(event),
  });
  await authorizer.getToken();
  await authorizer.logout();
  expect(notices({ events })).toEqual([expect.stringContaining('GlobalSignOut')]);
  expect(authorizer.token).toBeUndefined();
});

it('a refresh token of nobody: the session is over (G3)', async () => {
  const authorizer = authorizerOf(pool, { initialToken: { refreshToken: 'of-nobody' } });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'session_over', kind: 'session' });
});

it('another app client is told as a mistake of the program, and keeps the refresh token (G4)', async () => {
  const { refresh: refreshToken } = await plainTokens(pool);
  const stranger = authorizerOf({ ...pool, clientId: 'nobody' }, { initialToken: { refreshToken } });
  expect(await failureOf(stranger.getToken())).toMatchObject({ exception: 'ResourceNotFoundException' });
  const again = authorizerOf(pool, { initialToken: { refreshToken } });
  expect((await again.getToken()).refreshToken).toBe(refreshToken);
});
