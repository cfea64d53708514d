// The same for the clients of AWS Cognito: a user pool of test-kit on loopback in place of the token endpoint.

import { startCognitoPool } from '@axios-authorizer/test-kit';
import { apiWorld, DEFAULTS } from './world.mjs';

const [CLIENT_ID, USERNAME, PASSWORD] = ['bench', 'ada', 'Correct-Horse-1'];
/** What asks the pool for tokens; which of the two refreshes depends on the client. */
const REFRESHES = ['GetTokensFromRefreshToken', 'InitiateAuth'];
/** Answers that are laid out in advance: more than any scenario asks for. */
const MANY = 5000;
const PAST_MS = 3_600_000;

/** @param options as of `openWorld` */
export async function openPool(options = {}) {
  const settings = { ...DEFAULTS, ...options };
  const { pool, start } = await signedInPool(settings);
  const callsBefore = count(pool);
  return {
    ...(await apiWorld(settings, pool)),
    pool: { userPoolId: pool.poolId, endpoint: pool.endpoint },
    clientId: CLIENT_ID,
    username: USERNAME,
    start,
    tokenCalls: () => count(pool) - callsBefore,
    tokenRequests: () => pool.requests.slice(callsBefore),
    secrets: () => [start.accessToken, start.refreshToken, start.idToken],
  };
}

async function signedInPool(settings) {
  const { lifetimeS, start: how } = settings;
  const time = { offsetMs: how === 'expired' ? -PAST_MS - lifetimeS * 1000 : 0 };
  const pool = await startCognitoPool({
    accessTokenSeconds: lifetimeS,
    clients: [{ clientId: CLIENT_ID }],
    users: [{ username: USERNAME, password: PASSWORD }],
    clock: { now: () => Date.now() + time.offsetMs },
  });
  const start = { ...(await signIn(pool)), expiresAt: Date.now() + time.offsetMs + lifetimeS * 1000 };
  time.offsetMs = 0;
  if (how === 'revoked') pool.revokeAccessTokens();
  prepare(pool, settings);
  return { pool, start };
}

async function signIn({ endpoint }) {
  const operation = 'AWSCognitoIdentityProviderService.InitiateAuth';
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': operation },
    body: JSON.stringify({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: CLIENT_ID,
      AuthParameters: { USERNAME, PASSWORD },
    }),
  });
  const { AuthenticationResult: result } = await response.json();
  return { accessToken: result.AccessToken, idToken: result.IdToken, refreshToken: result.RefreshToken };
}

function prepare(pool, { tokenMs, down }) {
  const failure = { status: 503, json: { __type: 'ServiceUnavailableException', message: 'down' } };
  const answer = down ? failure : { delayMs: tokenMs };
  for (const operation of REFRESHES) pool.next(operation, ...Array.from({ length: MANY }, () => answer));
}

function count(pool) {
  return REFRESHES.reduce((sum, operation) => sum + pool.count(operation), 0);
}
