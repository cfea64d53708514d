// The clients of one application, one for each service that it calls. The rest of the application imports nothing else.
import {
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  composeClients,
  transientRetry,
} from '@axios-authorizer/core';

/** Each of `orders` and `reports`: { baseURL, tokenUrl, clientId, clientSecret, apiKey? } */
export function createClients({ orders, reports }) {
  return composeClients(
    {
      orders: { config: { baseURL: orders.baseURL }, authorizer: authorizerFor(orders) },
      reports: {
        config: { baseURL: reports.baseURL, timeout: 60_000 },
        authorizer: authorizerFor(reports),
        options: { retry: transientRetry({ retries: 2 }) },
      },
    },
    { timeout: 10_000, headers: { 'User-Agent': 'shop/1.0' } },
  );
}

function authorizerFor({ tokenUrl, clientId, clientSecret, apiKey }) {
  const clientAuth = clientSecretBasic({ clientId, clientSecret });
  return new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth }), { apiKey });
}
