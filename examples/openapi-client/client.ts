// The client of the shop's API: its types are generated from openapi.yaml, its requests carry the token of this program.
import { Authorizer, clientCredentialsSource, clientSecretBasic } from '@axios-authorizer/core';
import type { Observer } from '@axios-authorizer/core';
import { authorizedFetch } from '@axios-authorizer/core/fetch';
import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type { paths } from './schema.js';

export interface ShopSettings {
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly observer?: Observer;
}

export function createShopClient({ baseUrl, tokenUrl, clientId, clientSecret, observer }: ShopSettings): Client<paths> {
  const clientAuth = clientSecretBasic({ clientId, clientSecret });
  const authorizer = new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth }), { observer });
  const apiFetch = authorizedFetch(authorizer, { allow: baseUrl });
  return createClient<paths>({
    baseUrl,
    // The body of a Request can be read once; as bytes it can be sent again after a 401.
    fetch: async (request) => apiFetch(request, request.body ? { body: await request.arrayBuffer() } : {}),
  });
}
