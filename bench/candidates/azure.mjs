import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { API_URL } from '../world.mjs';
import { handWrittenRefresh } from './axios-world.mjs';

export const azure = {
  name: '@azure/core-rest-pipeline bearerTokenAuthenticationPolicy',
  create(world, start) {
    const pipeline = createEmptyPipeline();
    const credential = credentialFor(world, start);
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: 'bench' }));
    const client = clientFor(world);
    return {
      send: async () => {
        const { status } = await pipeline.sendRequest(client, createPipelineRequest({ url: `${API_URL}/things` }));
        if (status !== 200) throw new Error(`status ${status}`);
      },
    };
  },
};

/** The world as the pipeline sees it. */
export function clientFor(world) {
  return {
    sendRequest: async (request) => {
      const status = await world.api(request.headers.get('authorization'));
      return { request, status, headers: createHttpHeaders() };
    },
  };
}

/** Hands out the token of the beginning first, if it is still good. */
function credentialFor(world, start) {
  const refresh = handWrittenRefresh(world, start);
  let held = start.expiresAt > Date.now() ? start : undefined;
  return {
    getToken: async () => {
      const { accessToken, expiresAt } = held ?? (await refresh());
      held = undefined;
      return { token: accessToken, expiresOnTimestamp: expiresAt };
    },
  };
}
