import { Readable } from 'node:stream';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import { requestTokens } from './axios-client.mjs';

/** A 401 in the form that this policy acts on (continuous access evaluation). */
const CLAIMS = Buffer.from('{"access_token":{"nbf":{"essential":true}}}').toString('base64');

export const azure = {
  name: '@azure/core-rest-pipeline',
  packageName: '@azure/core-rest-pipeline',
  used: '`bearerTokenAuthenticationPolicy` in the pipeline of `createPipelineFromOptions`; credential by hand; the API sends the claims challenge that it acts on',
  retries401: true,
  challenge: `Bearer realm="", error="insufficient_claims", claims="${CLAIMS}"`,
  bundle: `import { bearerTokenAuthenticationPolicy, createDefaultHttpClient, createPipelineFromOptions } from '@azure/core-rest-pipeline';
    const credential = { getToken: async () => fetch(TOKEN_URL).then((response) => response.json()) };
    export const pipeline = createPipelineFromOptions({});
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: 'app' }));
    export const httpClient = createDefaultHttpClient();`,
  bare(world) {
    const headers = { authorization: `Bearer ${world.start.accessToken}` };
    return {
      name: 'the same pipeline with a fixed header',
      send: senderOf(createPipelineFromOptions({}), world, headers),
    };
  },
  open(world) {
    const pipeline = createPipelineFromOptions({});
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential: credentialFor(world), scopes: 'bench' }));
    return { send: senderOf(pipeline, world) };
  },
};

/** Gives the token of the beginning first, if it is still good. */
function credentialFor(world) {
  let tokens = world.start;
  let isFirst = tokens.expiresAt > Date.now();
  return {
    getToken: async () => {
      if (!isFirst) tokens = await requestTokens(world, tokens.refreshToken);
      isFirst = false;
      return { token: tokens.accessToken, expiresOnTimestamp: tokens.expiresAt };
    },
  };
}

/** The policy insists on https: the pipeline sees https, and its last step sends http to loopback. */
function senderOf(pipeline, world, more = {}) {
  const client = world.isInstant ? instantClient : loopbackClient();
  return async ({ url = '/things', method = 'GET', body } = {}) => {
    const headers = createHttpHeaders({ ...more, ...(world.apiKey && { 'X-Api-Key': world.apiKey }) });
    const secure = new URL(url, world.apiUrl).href.replace(/^http:/, 'https:');
    const request = createPipelineRequest({ url: secure, method, headers, ...contentOf(body, headers) });
    const response = await pipeline.sendRequest(client, request);
    // as the clients do that are built on it
    if (response.status < 400) return response;
    throw new RestError(`status ${response.status}`, { statusCode: response.status, request, response });
  };
}

function contentOf(body, headers) {
  if (body === undefined) return {};
  if (body.kind === 'form') return { formData: Object.fromEntries(body.make()) };
  if (body.kind === 'stream') return { body: () => Readable.from(body.make()) };
  headers.set('content-type', 'application/json');
  return { body: JSON.stringify(body.make()) };
}

function loopbackClient() {
  const client = createDefaultHttpClient();
  return {
    sendRequest: async (request) => {
      const asked = request.url;
      Object.assign(request, { url: asked.replace(/^https:/, 'http:'), allowInsecureConnection: true });
      try {
        return await client.sendRequest(request);
      } finally {
        Object.assign(request, { url: asked, allowInsecureConnection: false });
      }
    },
  };
}

const instantClient = {
  sendRequest: async (request) => ({ request, status: 200, headers: createHttpHeaders(), bodyAsText: '{}' }),
};
