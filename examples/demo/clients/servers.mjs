// A token endpoint and an API that accepts its tokens for as long as they live, and one client of both.

import { clientCredentialsSource, clientSecretPost } from '@axios-authorizer/core';
import { systemClock } from '@axios-authorizer/core/extend';
import { startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import { connect } from '../load.mjs';

export async function startService(journal, { tokens, api, client: options, pace, fault }) {
  const endpoint = await startTokenEndpoint({ clock: systemClock, ...tokens });
  const accepts = (bearer) => bearer !== undefined && endpoint.valid(bearer);
  const resource = await startResourceServer({ accepts, ...api });
  const clientAuth = clientSecretPost({ clientId: journal.name, clientSecret: crypto.randomUUID() });
  const source = clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth });
  const { client, close } = connect({ origin: resource.origin, source, journal, pace, fault, ...options });
  return {
    endpoint,
    client,
    stop: async () => {
      close();
      await Promise.all([endpoint.stop(), resource.stop()]);
    },
  };
}
