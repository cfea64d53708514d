import { createAuthRefresh } from 'axios-auth-refresh';
import { axiosFor, handWrittenRefresh } from './axios-world.mjs';

export const axiosAuthRefresh = candidate('axios-auth-refresh (defaults)', {});
export const axiosAuthRefreshShared = candidate('axios-auth-refresh (deduplicateRefresh: false)', {
  deduplicateRefresh: false,
});

function candidate(name, options) {
  return {
    name,
    create(world, start) {
      const client = axiosFor(world);
      const refresh = handWrittenRefresh(world, start);
      let { accessToken } = start;
      client.interceptors.request.use((config) => {
        config.headers.Authorization = `Bearer ${accessToken}`;
        return config;
      });
      const renew = async () => {
        ({ accessToken } = await refresh());
      };
      createAuthRefresh(client, renew, options);
      return { send: () => client.get('/things') };
    },
  };
}
