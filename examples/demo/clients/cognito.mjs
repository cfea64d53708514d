// A person of a Cognito user pool whose code is asked for once. Access tokens live two seconds and the refresh token is
// replaced with each use; the pool is throttled for a while, and every access token is revoked at once. The API wants an
// API key besides, and the password is not needed again.

import { Agent } from 'node:http';
import { createCognitoClient } from '@axios-authorizer/cognito';
import { startCognitoApi, startCognitoPool } from '@axios-authorizer/test-kit';
import { CALM_MS, LIMIT_MS, steadyLoad } from '../load.mjs';

const THROTTLE_AT = 0.3;
const REVOKE_AT = 0.6;
const CLIENT_ID = 'demo-app';
const API_KEY = crypto.randomUUID();

export const cognito = {
  name: 'cognito',
  title: 'a Cognito user pool that throttles',
  about:
    'Elsewhere a throttled or revoked session sends the person back to the password and the code; here there is one sign-in, requests wait until the pool answers again, and the rest are refreshes.',
  setting: 'SRP sign-in with a code by SMS, tokens of 2 s, rotating refresh tokens, X-Api-Key, 40 requests/s',
  async start(journal, { seconds, pace }) {
    const user = { username: 'ada', password: crypto.randomUUID(), mfa: 'SMS_MFA' };
    const pool = await startCognitoPool({
      clients: [{ clientId: CLIENT_ID }],
      users: [user],
      accessTokenSeconds: pace.seconds(2),
      refreshRotation: { graceSeconds: pace.seconds(10) },
    });
    const api = await startCognitoApi(pool, { apiKey: API_KEY });
    const { client, close } = connectTo(pool, api, { user, journal, pace });
    return {
      run: () => {
        const disturbed = disturb(pool, { journal, seconds, pace });
        return steadyLoad(client, journal, { perSecond: 40, seconds, pace, disturbed });
      },
      promises: () => promises(pool, { api, journal }),
      stop: async () => {
        close();
        await Promise.all([pool.stop(), api.stop()]);
      },
    };
  },
};

function connectTo(pool, { origin }, { user: { username, password }, journal, pace }) {
  // all that waited while the pool was throttled are sent at once: none should wait for a socket while its token expires
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 250 });
  const client = createCognitoClient(
    {
      clientInfo: { clientId: CLIENT_ID, apiKey: API_KEY },
      userPoolId: pool.poolId,
      endpoint: pool.endpoint,
      username,
      password,
      onChallenge: () => pool.code(username),
      observer: journal.observe,
    },
    { baseURL: origin, httpAgent, timeout: pace.ms(LIMIT_MS) },
  );
  return { client, close: () => httpAgent.destroy() };
}

async function disturb(pool, { journal, seconds, pace }) {
  await pace.sleep(seconds * 1000 * THROTTLE_AT);
  pool.throttle(1); // it does not say for how long: the client waits five seconds
  journal.note('the pool throttles its next operation');
  await pace.sleep(seconds * 1000 * (REVOKE_AT - THROTTLE_AT));
  await journal.newToken(pace.ms(CALM_MS));
  pool.revokeAccessTokens();
  journal.note('the pool revokes every access token');
}

function promises(pool, { api, journal }) {
  const [signIns, codes] = ['InitiateAuth', 'RespondToAuthChallenge'].map((name) => pool.count(name));
  const refreshes = pool.count('GetTokensFromRefreshToken');
  const withKey = api.requests.every(({ headers }) => headers['x-api-key'] === API_KEY);
  return [
    {
      says: 'one sign-in, one password proven and one code; the rest are refreshes',
      kept: signIns === 1 && codes === 2 && refreshes >= journal.tokens.length - 1,
      seen: `${signIns} sign-ins, ${codes} answers, ${refreshes} refreshes`,
    },
    { says: 'every request carries the API key', kept: withKey, seen: `${api.requests.length} requests` },
    {
      says: 'each request whose token was revoked is retried with a new one',
      kept: journal.retried > 0 && journal.retried === journal.rejections.length,
      seen: `${journal.retried} of ${journal.rejections.length}`,
    },
  ];
}
