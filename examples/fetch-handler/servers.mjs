// What the handler needs, on this machine: an authorization server, an API, and the sessions of Ada and Bob.
import { memoryTokenStore } from '@axios-authorizer/core';
import { startApi, startTokenEndpoint } from '@axios-authorizer/testing';

export async function startServers() {
  const endpoint = await startTokenEndpoint({ rotateRefreshTokens: true });
  const api = await startApi({ accepts: endpoint, routes: { 'GET /orders': { json: ['a chair'] } } });
  const sessions = new Map([
    ['ada', await signedIn('ada')],
    ['bob', await signedIn('bob')],
  ]);
  const { url: tokenUrl, clientId, clientSecret } = endpoint;
  return {
    endpoint,
    api,
    sessions,
    settings: { apiUrl: api.url, tokenUrl, clientId, clientSecret, storeOf: (id) => sessions.get(id) },
    close: () => Promise.all([endpoint.close(), api.close()]),
  };
}

/** The store of a session that began a while ago: its access token has expired. */
async function signedIn(name) {
  const store = memoryTokenStore();
  const token = { accessToken: `expired-of-${name}`, refreshToken: `refresh-of-${name}`, expiresAt: new Date(0) };
  await store.save(token, undefined, { newSession: true });
  return store;
}
