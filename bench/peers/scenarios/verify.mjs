import { generateKeyPairSync, sign } from 'node:crypto';
import { startLoopback } from '@axios-authorizer/test-kit';
import { BATCH, measure } from '../../measure.mjs';
import { spread } from '../report/words.mjs';

const POOL = { userPoolId: 'eu-west-1_BenchPool', clientId: 'bench', tokenUse: 'access' };
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL.userPoolId}`;
const KID = 'bench-key';

export const verify = {
  name: 'verify',
  title: 'Verifying a token of a user pool',
  about: () =>
    'For the API behind AWS Cognito: RS256, iss, exp, token_use and client_id, with the key set at hand; tokens that come for the first time, and tokens that come again, as they do in an API.',
  size: { full: { rounds: 100, warmUp: 100, repeats: 3 }, smoke: { rounds: 1, warmUp: 0 } },
  columns: ['µs, a new token', 'µs, one that comes again'],
  measuresAll: true,
  isQuietAboutOthers: true,
  appliesTo: ({ isVerifier }) => (isVerifier ? true : 'they send tokens and verify none.'),
  async run(clients, { rounds, warmUp }) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' }] };
    const [known, ...tokens] = Array.from({ length: BATCH + 1 }, (_, index) => tokenBy(privateKey, index));
    const server = await startLoopback((_, response) => void response.end(JSON.stringify(jwks)));
    const world = { pool: POOL, jwks, jwksUri: `${server.origin}/`, known };
    const runs = [];
    for (const { name, openVerifier } of clients) {
      const verifier = await openVerifier(world);
      runs.push({ name: `${name}, new`, batch: batchOf(tokens, () => openVerifier(world)) });
      runs.push({ name: `${name}, again`, batch: batchOf(tokens, async () => verifier) });
    }
    const times = await measure(runs, rounds, warmUp);
    await server.stop();
    const usOf = (name) => times.find((time) => time.name === name).ns / 1000;
    return clients.map(({ name }) => ({ newUs: usOf(`${name}, new`), againUs: usOf(`${name}, again`) }));
  },
  cells: ({ newUs, againUs }) => [{ text: spread(newUs, 0) }, { text: spread(againUs, 0) }],
  better: {
    value: ({ newUs }) => newUs.median,
    tolerance: 1,
    why: { 'aws-jwt-verify': 'a new token costs ours a hash more, by which it is known when it comes again.' },
  },
};

function batchOf(tokens, prepare) {
  return async () => {
    const verifyToken = await prepare();
    const startedAt = performance.now();
    for (const token of tokens) await verifyToken(token);
    return performance.now() - startedAt;
  };
}

function tokenBy(privateKey, index) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    sub: `user-${index}`,
    username: 'ada',
    client_id: POOL.clientId,
    iss: ISSUER,
    token_use: 'access',
    scope: 'openid things/read',
    iat,
    exp: iat + 3600,
    jti: `jti-${index}`,
  };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ kid: KID, alg: 'RS256' })}.${part(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}
