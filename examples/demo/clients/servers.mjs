// A token endpoint and an API that accepts its tokens for as long as they live, and one client of both: ours, or plain axios
// with interceptors written by hand, which has servers of its own.

import { clientCredentialsSource, clientSecretPost } from '@axios-authorizer/core';
import { systemClock } from '@axios-authorizer/core/extend';
import { startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import { connect } from '../load.mjs';
import { connectByHand } from './by-hand.mjs';

export async function startService(journal, { tokens, api, client: options, pace, fault }) {
  const servers = await startServers({ tokens, api });
  const { endpoint, origin } = servers;
  const clientAuth = clientSecretPost({ clientId: journal.name, clientSecret: crypto.randomUUID() });
  const source = clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth });
  return serviceOf(connect({ origin, source, journal, pace, fault, ...options }), servers);
}

export async function startByHand(journal, { tokens, api, client: options, pace }) {
  const servers = await startServers({ tokens, api });
  const { endpoint, origin } = servers;
  return serviceOf(connectByHand({ origin, tokenUrl: endpoint.url, journal, pace, ...options }), servers);
}

async function startServers({ tokens, api }) {
  const endpoint = await startTokenEndpoint({ clock: systemClock, ...tokens });
  const accepts = (bearer) => bearer !== undefined && endpoint.valid(bearer);
  const resource = await startResourceServer({ accepts, ...api });
  return { endpoint, origin: resource.origin, stop: () => Promise.all([endpoint.stop(), resource.stop()]) };
}

function serviceOf({ client, close }, { endpoint, stop }) {
  return {
    endpoint,
    client,
    stop: async () => {
      close();
      await stop();
    },
  };
}

/** When each token call came in. */
export function callTimes({ endpoint }) {
  return endpoint.requests.map(({ at }) => at);
}
