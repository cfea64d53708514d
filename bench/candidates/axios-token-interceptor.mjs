import tokenInterceptor from 'axios-token-interceptor';
import { axiosFor, handWrittenRefresh } from './axios-world.mjs';

export const axiosTokenInterceptor = {
  name: 'axios-token-interceptor + tokenCache',
  create(world, start) {
    const client = axiosFor(world);
    const refresh = handWrittenRefresh(world, start);
    let held = start.expiresAt > Date.now() ? start : undefined;
    const obtain = () => {
      const first = held;
      held = undefined;
      return first ? Promise.resolve(first) : refresh();
    };
    const getMaxAge = ({ expiresAt }) => expiresAt - Date.now();
    const getToken = tokenInterceptor.tokenCache(obtain, { getMaxAge });
    const headerFormatter = ({ accessToken }) => `Bearer ${accessToken}`;
    client.interceptors.request.use(tokenInterceptor({ getToken, headerFormatter }));
    return { send: () => client.get('/things') };
  },
};
