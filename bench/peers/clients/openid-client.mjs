import * as oidc from 'openid-client';
import { axiosFor, bareAxios, senderOf } from './axios-client.mjs';

/** How long before expiry the interceptor refreshes: what a careful user writes. */
const marginMs = (lifetimeS) => Math.min(15_000, lifetimeS * 100);

export const openidClient = {
  name: 'openid-client + interceptor by hand',
  packageName: 'openid-client',
  used: '`refreshTokenGrant` behind two axios interceptors of 25 lines, written with care: one refresh at a time, one retry, none of a stream, the rejected token compared with the current one',
  retries401: true,
  bundle: `import axios from 'axios';
    import { Configuration, refreshTokenGrant } from 'openid-client';
    const config = new Configuration({ issuer: API_URL, token_endpoint: TOKEN_URL }, 'app');
    export const client = axios.create({ baseURL: API_URL });
    const refresh = (refreshToken) => refreshTokenGrant(config, refreshToken);
    ${intercept} ${isStream}
    intercept(client, { start: { expiresAt: 0 }, refresh, margin: 15_000 });`,
  bare: bareAxios,
  open(world) {
    const server = { issuer: new URL(world.tokenUrl).origin, token_endpoint: world.tokenUrl };
    const config = new oidc.Configuration(server, world.clientId, undefined, oidc.None());
    // oxlint-disable-next-line typescript/no-deprecated -- for servers on this machine, as here
    oidc.allowInsecureRequests(config);
    const refresh = async (refreshToken) => {
      const answer = await oidc.refreshTokenGrant(config, refreshToken);
      return {
        accessToken: answer.access_token,
        refreshToken: answer.refresh_token ?? refreshToken,
        expiresAt: Date.now() + answer.expires_in * 1000,
      };
    };
    const client = axiosFor(world);
    intercept(client, { start: world.start, refresh, margin: marginMs(world.lifetimeS) });
    return { send: senderOf(client) };
  },
};

function intercept(client, { start, refresh, margin }) {
  let tokens = start;
  let underway;
  const renew = () => {
    underway ??= refresh(tokens.refreshToken)
      .then((next) => (tokens = next))
      .finally(() => (underway = undefined));
    return underway;
  };
  const authorize = async (request) => {
    const { accessToken } = tokens.expiresAt - margin > Date.now() ? tokens : await renew();
    request.headers.set('Authorization', `Bearer ${accessToken}`);
    return request;
  };
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- an interceptor of axios, not a handler of Express
  client.interceptors.request.use(authorize);
  client.interceptors.response.use(undefined, async (error) => {
    if (error.response?.status !== 401 || error.config.isRetry || isStream(error.config.data)) throw error;
    const failed = error.config.headers.get('Authorization');
    if (failed === `Bearer ${tokens.accessToken}`) await renew();
    return client.request({ ...error.config, isRetry: true });
  });
}

function isStream(data) {
  return typeof data?.pipe === 'function';
}
