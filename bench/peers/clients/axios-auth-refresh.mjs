import { createAuthRefresh } from 'axios-auth-refresh';
import { axiosFor, bareAxios, requestTokens, senderOf } from './axios-client.mjs';

export const axiosAuthRefresh = adapter('axios-auth-refresh', 'as its README recommends', {});
export const axiosAuthRefreshShared = adapter(
  'axios-auth-refresh, deduplicateRefresh: false',
  'with `deduplicateRefresh: false`, which its README does not recommend',
  { deduplicateRefresh: false },
);

function adapter(name, used, options) {
  return {
    name,
    packageName: 'axios-auth-refresh',
    used: `\`createAuthRefresh\` ${used}; request interceptor and token request by hand`,
    retries401: true,
    bundle: `import axios from 'axios';
      import { createAuthRefresh } from 'axios-auth-refresh';
      export const client = axios.create({ baseURL: API_URL });
      createAuthRefresh(client, async () => { await axios.post(TOKEN_URL); });`,
    bare: bareAxios,
    open(world) {
      const client = axiosFor(world);
      let tokens = world.start;
      client.interceptors.request.use((request) => {
        request.headers.Authorization = `Bearer ${tokens.accessToken}`;
        return request;
      });
      const refreshAuthLogic = async (failedRequest) => {
        tokens = await requestTokens(world, tokens.refreshToken);
        failedRequest.response.config.headers.Authorization = `Bearer ${tokens.accessToken}`;
      };
      createAuthRefresh(client, refreshAuthLogic, options);
      return { send: senderOf(client) };
    },
  };
}
