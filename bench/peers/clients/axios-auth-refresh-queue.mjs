import { applyAuthTokenInterceptor } from 'axios-auth-refresh-queue';
import { axiosFor, bareAxios, requestTokens, senderOf } from './axios-client.mjs';

export const axiosAuthRefreshQueue = adapter('axios-auth-refresh-queue', 'as its README says', () => ({}));
export const axiosAuthRefreshQueueChecked = adapter(
  'axios-auth-refresh-queue, checkTokenIsValid',
  'with a `checkTokenIsValid` by hand, and a response interceptor that remembers the rejected token for it',
  rememberRejected,
);

/** The callback is not told which token was rejected: an interceptor that runs before it is. */
function rememberRejected(client, held) {
  let rejected;
  client.interceptors.response.use(undefined, (error) => {
    rejected = error.config?.headers.get('Authorization');
    return Promise.reject(error);
  });
  const isNew = () => rejected !== `Bearer ${held.tokens.accessToken}`;
  return { checkTokenIsValid: async () => (isNew() ? held.tokens.accessToken : null) };
}

function adapter(name, used, moreOptions) {
  return {
    name,
    packageName: 'axios-auth-refresh-queue',
    used: `\`applyAuthTokenInterceptor\` ${used}; token request by hand`,
    retries401: true,
    bundle: `import axios from 'axios';
      import { applyAuthTokenInterceptor } from 'axios-auth-refresh-queue';
      export const client = axios.create({ baseURL: API_URL });
      applyAuthTokenInterceptor(client, { requestRefresh: () => axios.post(TOKEN_URL), onSuccess() {}, onFailure() {} });`,
    bare: bareAxios,
    open(world) {
      const client = axiosFor(world);
      const held = { tokens: world.start };
      applyAuthTokenInterceptor(client, {
        headerTokenHandler: (request) => {
          request.headers.Authorization = `Bearer ${held.tokens.accessToken}`;
        },
        getRefreshToken: () => held.tokens.refreshToken,
        requestRefresh: (refreshToken) => requestTokens(world, refreshToken),
        onSuccess: (tokens) => Object.assign(held, { tokens }),
        onFailure: () => undefined,
        ...moreOptions(client, held),
      });
      return { send: senderOf(client) };
    },
  };
}
