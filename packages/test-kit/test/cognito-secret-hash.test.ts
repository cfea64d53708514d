// The secret hash: over which name it is made decides, and no hash is as wrong as one too many.

import { startCognitoPool } from '@axios-authorizer/test-kit';
import {
  call,
  claim,
  clientValue,
  fault,
  initiate,
  parametersOf,
  poolName,
  respond,
  secretHash,
  sessionOf,
} from './cognito-client.js';
import type { CognitoPool, CognitoPoolUser } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';

const password = 'Passw0rd!';
const client = { clientId: 'with-secret', clientSecret: 'client secret' };
const alice = { username: 'alice', internalUsername: 'internal-1', password, email: 'a@example.org' };
const refusal = '400 NotAuthorizedException: Unable to verify secret hash for client with-secret';
let pool: CognitoPool;

async function start(more: Partial<CognitoPoolUser> = {}): Promise<void> {
  pool = await startCognitoPool({ clients: [client, { clientId: 'test-client' }], users: [{ ...alice, ...more }] });
}

afterEach(() => pool.stop());

test('the secret hash is over the name as sent first, over the internal one then (G2)', async () => {
  await start();
  const begin = (SECRET_HASH?: string): Promise<Asked> => {
    const AuthParameters = { USERNAME: 'a@example.org', SRP_A: clientValue, SECRET_HASH };
    return call(pool, 'InitiateAuth', { AuthFlow: 'USER_SRP_AUTH', ClientId: client.clientId, AuthParameters });
  };
  expect(fault(await begin())).toBe(refusal);
  expect(fault(await begin(secretHash(client, 'internal-1')))).toBe(refusal);
  const parameters = parametersOf(await begin(secretHash(client, 'a@example.org')));
  const answer = claim(parameters, { group: poolName(pool), id: 'internal-1', password });
  const end = (SECRET_HASH?: string): Promise<Asked> =>
    respond(pool, 'PASSWORD_VERIFIER', { ...answer, SECRET_HASH }, client);
  const aliased = { ...answer, USERNAME: 'a@example.org', SECRET_HASH: secretHash(client, 'a@example.org') };
  expect(fault(await respond(pool, 'PASSWORD_VERIFIER', aliased, client))).toBe(refusal);
  expect(fault(await end())).toBe(refusal);
  expect(fault(await end(secretHash(client, 'a@example.org')))).toBe(refusal);
  expect((await end(secretHash(client, 'internal-1'))).status).toBe(200);
});

test('a client without a secret sends no hash', async () => {
  await start();
  const refused = await initiate(pool, 'alice', { SECRET_HASH: 'AAAA' });
  expect(fault(refused)).toBe('400 NotAuthorizedException: Unable to verify secret hash for client test-client');
});

test('the hash goes with every further answer, over the internal name (G2)', async () => {
  await start({ mfa: 'SMS_MFA' });
  const begun = await call(pool, 'InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: client.clientId,
    AuthParameters: { USERNAME: 'alice', PASSWORD: password, SECRET_HASH: secretHash(client, 'alice') },
  });
  const right = { Session: sessionOf(begun), USERNAME: 'internal-1', SMS_MFA_CODE: pool.code('alice') };
  const answer = (SECRET_HASH?: string): Promise<Asked> => respond(pool, 'SMS_MFA', { ...right, SECRET_HASH }, client);
  expect(fault(await answer())).toBe(refusal);
  expect(fault(await answer(secretHash(client, 'alice')))).toBe(refusal);
  expect((await answer(secretHash(client, 'internal-1'))).status).toBe(200);
});
