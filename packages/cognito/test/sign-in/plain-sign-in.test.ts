// A user name and a password become tokens: what is sent for it, and what is made of the answer.
import { createHmac } from 'node:crypto';
import { jwtClaims } from '@axios-authorizer/core/extend';
import { another, asked, clientId, front, textsOf, world } from '../stage.js';

const secret = 'the-secret-of-the-app-client';
const both = ['InitiateAuth USER_SRP_AUTH', 'RespondToAuthChallenge PASSWORD_VERIFIER'];

function secretHash(username: string): string {
  return createHmac('sha256', secret)
    .update(username + clientId)
    .digest('base64');
}

it('takes two requests, and the pool knows the token (G1)', async () => {
  const { pool, authorizer } = await world();
  const { accessToken } = await authorizer.getToken();
  expect(asked(pool)).toEqual(both);
  expect(pool.requests).toHaveLength(2);
  expect(pool.valid(accessToken)).toBe(true);
});

it('the token says who, when it ends and what renews it (G3)', async () => {
  const { pool, clock, authorizer } = await world({ pool: { accessTokenSeconds: 600 } });
  const token = await authorizer.getToken();
  const claims = jwtClaims(token.accessToken);
  expect(token).toEqual({
    accessToken: expect.any(String) as string,
    idToken: expect.any(String) as string,
    refreshToken: expect.any(String) as string,
    username: 'alice',
    tokenType: 'Bearer',
    issuedAt: new Date(clock.now()),
    expiresAt: new Date(clock.now() + 600_000),
  });
  expect(claims).toMatchObject({ token_use: 'access', username: 'alice', client_id: clientId });
  expect(pool.validId(String(token.idToken))).toBe(true);
  expect(authorizer.username).toBe('alice');
});

it('before the first token nobody is signed in (G3)', async () => {
  const { authorizer } = await world();
  expect([authorizer.username, authorizer.authenticated, authorizer.clientId]).toEqual([undefined, false, clientId]);
});

it('by an alias: the token says the internal name (G2, G3)', async () => {
  const { pool, authorizer } = await world({
    user: { internalUsername: 'f0e1d2c3-alice' },
    options: { username: 'alice@example.org' },
  });
  expect((await authorizer.getToken()).username).toBe('f0e1d2c3-alice');
  const [begun, proven] = pool.operations.map(textsOf);
  expect([begun?.['USERNAME'], proven?.['USERNAME']]).toEqual(['alice@example.org', 'f0e1d2c3-alice']);
});

it('the secret hash is over the alias at first, over the internal name from then on (G2)', async () => {
  const { pool, authorizer } = await world({
    user: { internalUsername: 'f0e1d2c3-alice', mfa: 'SMS_MFA' },
    client: { clientSecret: secret },
    options: { username: 'alice@example.org', onChallenge: () => pool.code('alice') },
  });
  await authorizer.getToken();
  const hashes = pool.operations.map((operation) => textsOf(operation)['SECRET_HASH']);
  const [byAlias, byName] = [secretHash('alice@example.org'), secretHash('f0e1d2c3-alice')];
  expect(hashes).toEqual([byAlias, byName, byName]);
});

it('a wrong client secret is said at once, and sent once (G4)', async () => {
  const { pool, options } = await world({ client: { clientSecret: secret } });
  const wrong = another({ clientInfo: { clientId, clientSecret: 'another-secret' }, options });
  await expect(wrong.getToken()).rejects.toMatchObject({
    kind: 'credentials',
    exception: 'NotAuthorizedException',
    operation: 'InitiateAuth',
    message: expect.stringContaining('Unable to verify secret hash for client') as string,
  });
  expect(pool.operations).toHaveLength(1);
});

it('without a secret no hash is sent, and without metadata none (G2)', async () => {
  const { pool, authorizer } = await world();
  await authorizer.getToken();
  const [begun, proven] = pool.operations;
  expect(Object.keys(textsOf(begun)).toSorted()).toEqual(['SRP_A', 'USERNAME']);
  expect(Object.keys(begun?.body ?? {}).toSorted()).toEqual(['AuthFlow', 'AuthParameters', 'ClientId']);
  expect(Object.keys(proven?.body ?? {}).toSorted()).toEqual(['ChallengeName', 'ChallengeResponses', 'ClientId']);
});

it('client metadata go along with each step of the sign-in (G2)', async () => {
  const clientMetadata = { tenant: 'north', reason: 'a test' };
  const { pool, authorizer } = await world({
    user: { mfa: 'SMS_MFA' },
    options: { clientMetadata, onChallenge: () => pool.code('alice') },
  });
  await authorizer.getToken();
  expect(pool.operations.map(({ body }) => body['ClientMetadata'])).toEqual([
    clientMetadata,
    clientMetadata,
    clientMetadata,
  ]);
});

it('each sign-in draws its own random number (G1)', async () => {
  const { pool, authorizer, clientInfo, options } = await world();
  await authorizer.getToken();
  await another({ clientInfo, options }).getToken();
  const values = pool.operations.filter(({ name }) => name === 'InitiateAuth').map((begun) => textsOf(begun)['SRP_A']);
  expect(new Set(values).size).toBe(2);
});

it('tokens are got by whoever has the pool right: another pool id proves nothing (G1)', async () => {
  const { authorizer } = await world({ options: { userPoolId: 'eu-west-1_AnotherPool' } });
  await expect(authorizer.getToken()).rejects.toMatchObject({ code: 'wrong_credentials' });
});

it('a token in hand is handed out without asking the pool (G1)', async () => {
  const { pool, authorizer } = await world();
  const first = await authorizer.getToken();
  expect(await authorizer.getToken()).toBe(first);
  expect(pool.operations).toHaveLength(2);
});

it('an API behind the pool takes the client’s requests: one sign-in for a hundred at once (G1)', async () => {
  const { api, client } = await front(await world());
  const answers = await Promise.all(Array.from({ length: 100 }, (_, id) => client.get(`/things/${id}`)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(api.bearers())).toEqual(new Set([client.authorizer.accessToken]));
});
