import { Readable } from 'node:stream';
import { attachAuth, Authorizer, publicClient, refreshTokenSource } from '@axios-authorizer/core';
import { axiosFor, bareAxios, senderOf } from './axios-client.mjs';

export const ours = {
  name: '@axios-authorizer/core',
  packageName: '@axios-authorizer/core',
  used: '`refreshTokenSource`, `attachAuth`, no options beyond what is needed',
  isOurs: true,
  retries401: true,
  bundle: `import axios from 'axios';
    import { attachAuth, Authorizer, publicClient, refreshTokenSource } from '@axios-authorizer/core';
    const source = refreshTokenSource({ tokenUrl: TOKEN_URL, clientAuth: publicClient({ clientId: 'app' }) });
    export const client = axios.create({ baseURL: API_URL });
    attachAuth(client, new Authorizer(source));`,
  bare: bareAxios,
  open(world) {
    const { tokenUrl, clientId, apiKey, lifetimeS, start } = world;
    const source = refreshTokenSource({ tokenUrl, clientAuth: publicClient({ clientId }) });
    const expiresAt = new Date(start.expiresAt);
    const issuedAt = new Date(start.expiresAt - lifetimeS * 1000);
    const authorizer = new Authorizer(source, {
      initialToken: { ...start, expiresAt, issuedAt },
      ...(apiKey && { clientInfo: { clientId, apiKey } }),
    });
    const client = axiosFor({ ...world, apiKey: undefined });
    attachAuth(client, authorizer);
    return { send: ourSenderOf(client), close: () => authorizer.close() };
  },
};

/** A stream can be read once: `resendBody` makes it anew. */
export function ourSenderOf(client) {
  const send = senderOf(client);
  return (request = {}) => {
    if (request.body?.kind !== 'stream') return send(request);
    const { url, method, body } = request;
    const make = () => Readable.from(body.make());
    return client.request({ url, method, data: make(), resendBody: make });
  };
}
