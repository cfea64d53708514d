/* oxlint-disable typescript/no-deprecated -- all of it is; it is what people have */
import {
  CognitoAccessToken,
  CognitoIdToken,
  CognitoRefreshToken,
  CognitoUser,
  CognitoUserPool,
  CognitoUserSession,
} from 'amazon-cognito-identity-js';
import { axiosFor, senderOf } from './axios-client.mjs';

export const cognitoIdentity = {
  name: 'amazon-cognito-identity-js',
  packageName: 'amazon-cognito-identity-js',
  used: '`CognitoUser.getSession` in an axios request interceptor, as its README says',
  opensPool: true,
  retries401: false,
  neverSeesAnswers: true,
  bundle: `import axios from 'axios';
    import { CognitoUserPool } from 'amazon-cognito-identity-js';
    const pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: 'app' });
    export const client = axios.create({ baseURL: API_URL });
    client.interceptors.request.use((request) => new Promise((resolve) => pool.getCurrentUser().getSession(() => resolve(request))));`,
  open(world) {
    const { userPoolId: UserPoolId, endpoint } = world.pool;
    const Storage = inMemory();
    const Pool = new CognitoUserPool({ UserPoolId, ClientId: world.clientId, endpoint, Storage });
    const user = new CognitoUser({ Username: world.username, Pool, Storage });
    user.setSignInUserSession(sessionOf(world.start));
    const session = () =>
      new Promise((resolve, reject) => user.getSession((error, found) => (error ? reject(error) : resolve(found))));
    const client = axiosFor(world);
    const authorize = async (request) => {
      const found = await session();
      request.headers.set('Authorization', `Bearer ${found.getAccessToken().getJwtToken()}`);
      return request;
    };
    // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- an interceptor of axios, not a handler of Express
    client.interceptors.request.use(authorize);
    return { send: senderOf(client) };
  },
};

function sessionOf({ idToken, accessToken, refreshToken }) {
  return new CognitoUserSession({
    IdToken: new CognitoIdToken({ IdToken: idToken }),
    AccessToken: new CognitoAccessToken({ AccessToken: accessToken }),
    RefreshToken: new CognitoRefreshToken({ RefreshToken: refreshToken }),
    ClockDrift: 0,
  });
}

function inMemory() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  };
}
