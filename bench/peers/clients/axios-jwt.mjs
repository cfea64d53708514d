import { applyAuthTokenInterceptor, setAuthTokens } from 'axios-jwt';
import { axiosFor, bareAxios, requestTokens, senderOf } from './axios-client.mjs';

export const axiosJwt = {
  name: 'axios-jwt',
  packageName: 'axios-jwt',
  used: '`applyAuthTokenInterceptor` with a storage in memory; token request by hand, with rotation as its README says',
  retries401: false,
  bundle: `import axios from 'axios';
    import { applyAuthTokenInterceptor, getBrowserLocalStorage } from 'axios-jwt';
    export const client = axios.create({ baseURL: API_URL });
    applyAuthTokenInterceptor(client, { requestRefresh: () => axios.post(TOKEN_URL), getStorage: getBrowserLocalStorage });`,
  bare: bareAxios,
  async open(world) {
    const client = axiosFor(world);
    const kept = new Map();
    const storage = {
      get: async (key) => kept.get(key),
      set: async (key, value) => void kept.set(key, value),
      remove: async (key) => void kept.delete(key),
    };
    const requestRefresh = (refreshToken) => requestTokens(world, refreshToken);
    applyAuthTokenInterceptor(client, { requestRefresh, getStorage: () => storage });
    await setAuthTokens({ accessToken: world.start.accessToken, refreshToken: world.start.refreshToken });
    return { send: senderOf(client) };
  },
};
