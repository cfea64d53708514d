// The service of samples that sign in to a user pool, and an API behind it that wants a token and an API key.
import { startCognitoApi, startCognitoPool, startLoopback } from '@axios-authorizer/test-kit';

const CLIENT_ID = 'my-client';
const API_KEY = 'my-key';
const REDIRECT_URI = 'https://app.example.org/callback';
const users = [
  { username: 'ada', password: 'Difference-1' },
  { username: 'grace', password: 'Compiler-2', phone: '+15550100', mfa: 'SMS_MFA', firstFactors: ['EMAIL_OTP'] },
];

/** @returns the environment of the sample, and what ends the servers */
export async function start() {
  const hostedUi = { redirectUris: [REDIRECT_URI], username: 'ada' };
  const pool = await startCognitoPool({ users, clients: [{ clientId: CLIENT_ID }], hostedUi });
  const api = await startCognitoApi(pool, { apiKey: API_KEY });
  const phone = await startLoopback((_, response) => void response.end(pool.code('grace')));
  const env = {
    USER_POOL_ID: pool.poolId,
    COGNITO_ENDPOINT: pool.endpoint,
    ISSUER: pool.issuer,
    DOMAIN: pool.origin,
    REDIRECT_URI,
    API_URL: api.origin,
    PHONE_URL: phone.origin,
    CLIENT_ID,
    API_KEY,
    COGNITO_USERNAME: 'ada',
    COGNITO_PASSWORD: 'Difference-1',
  };
  return { env, stop: () => Promise.all([pool.stop(), api.stop(), phone.stop()]) };
}
