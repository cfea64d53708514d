// What it costs an API to verify an access token of a user pool: ours beside aws-jwt-verify, on the same tokens and in turns.
// A token that comes for the first time is one thing, one that comes again another: ours remembers its signature.

import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { cognitoVerifier } from '@axios-authorizer/cognito/verify';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { BATCH, measure } from './measure.mjs';

const POOL = { userPoolId: 'eu-west-1_BenchPool', clientId: 'bench-app', tokenUse: 'access' };
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL.userPoolId}`;

/** @returns microseconds for one token, by candidate */
export async function runVerify(rounds) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench-key', alg: 'RS256', use: 'sig' }] };
  const [first, ...tokens] = Array.from({ length: BATCH + 1 }, (_, index) => tokenBy(privateKey, index));
  const server = createServer((_, response) => response.end(JSON.stringify(jwks)));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const jwksUri = `http://127.0.0.1:${server.address().port}/`;
  /** One that has read the key set, and seen none of the tokens. */
  const fresh = async () => {
    const verify = cognitoVerifier({ ...POOL, jwksUri });
    await verify(first);
    return verify;
  };
  const reference = CognitoJwtVerifier.create(POOL);
  reference.cacheJwks(jwks);
  const known = await fresh();
  try {
    const times = await measure(
      [
        { name: 'aws-jwt-verify', batch: batchOf(tokens, async () => (token) => reference.verify(token)) },
        { name: '@axios-authorizer/cognito, new tokens', batch: batchOf(tokens, fresh) },
        { name: '@axios-authorizer/cognito, tokens that come again', batch: batchOf(tokens, async () => known) },
      ],
      rounds,
    );
    return times.map(({ name, ns }, index) => ({ name, which: ['reference', 'first', 'again'][index], us: ns / 1000 }));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function batchOf(tokens, prepare) {
  return async () => {
    const verify = await prepare();
    const startedAt = performance.now();
    for (const token of tokens) await verify(token);
    return performance.now() - startedAt;
  };
}

function tokenBy(privateKey, index) {
  const iat = Math.floor(Date.now() / 1000);
  const times = { auth_time: iat, iat, exp: iat + 3600 };
  const who = {
    sub: `0f6c2e4a-${index}`,
    username: 'ada',
    client_id: POOL.clientId,
    scope: 'openid profile things/read',
  };
  const claims = {
    ...who,
    iss: ISSUER,
    token_use: 'access',
    ...times,
    jti: `jti-${index}`,
    'cognito:groups': ['staff'],
  };
  const input = [{ kid: 'bench-key', alg: 'RS256' }, claims].map(part).join('.');
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

function part(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
