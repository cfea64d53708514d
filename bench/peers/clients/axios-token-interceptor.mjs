import tokenProvider from 'axios-token-interceptor';
import { axiosFor, bareAxios, requestTokens, senderOf } from './axios-client.mjs';

export const axiosTokenInterceptor = {
  name: 'axios-token-interceptor',
  packageName: 'axios-token-interceptor',
  used: '`tokenCache` with `getMaxAge`, as its README says; token request by hand',
  retries401: false,
  bundle: `import axios from 'axios';
    import tokenProvider from 'axios-token-interceptor';
    const getToken = tokenProvider.tokenCache(() => axios.post(TOKEN_URL), { getMaxAge: (body) => body.expires_in * 1000 });
    export const client = axios.create({ baseURL: API_URL });
    client.interceptors.request.use(tokenProvider({ getToken }));`,
  bare: bareAxios,
  open(world) {
    const client = axiosFor(world);
    let tokens = world.start;
    let isFirst = tokens.expiresAt > Date.now();
    const obtain = async () => {
      if (!isFirst) tokens = await requestTokens(world, tokens.refreshToken);
      isFirst = false;
      return tokens;
    };
    const getToken = tokenProvider.tokenCache(obtain, { getMaxAge: ({ expiresAt }) => expiresAt - Date.now() });
    const headerFormatter = ({ accessToken }) => `Bearer ${accessToken}`;
    client.interceptors.request.use(tokenProvider({ getToken, headerFormatter }));
    return { send: senderOf(client) };
  },
};
