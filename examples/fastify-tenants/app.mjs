// A service for several tenants: it answers each of them with what the API behind it says to that tenant's token.
import axios from 'axios';
import {
  attachAuth,
  Authorizer,
  AuthorizerPool,
  clientCredentialsSource,
  clientSecretBasic,
  isAuthenticationError,
} from '@axios-authorizer/core';
import Fastify from 'fastify';

/** `tenants`: { [name]: { tokenUrl, revocationUrl, clientId, clientSecret } } */
export function buildApp({ apiUrl, tenants, logger = false }) {
  const app = Fastify({ logger });
  const pool = new AuthorizerPool((tenant) => authorizerFor(tenants[tenant]));
  const api = axios.create({ baseURL: apiUrl, timeout: 10_000 });
  // A request that names no tenant has no key: it fails before it is sent, and never gets the token of somebody else.
  attachAuth(api, pool, { key: ({ tenant }) => tenant });

  app.decorate('api', api);
  app.decorateRequest('tenant', '');
  app.addHook('onRequest', async (request) => {
    request.tenant = tenantOf(request, tenants);
  });
  app.get('/orders', async ({ tenant }) => (await app.api.get('/orders', { tenant })).data);
  app.setErrorHandler(answerError);
  app.addHook('onClose', () => pool.logoutAll());
  return app;
}

/** The gateway sets the header; it knows who is calling. */
function tenantOf({ headers }, tenants) {
  const tenant = headers['x-tenant'];
  if (tenant === undefined) throw httpError(400, 'The header X-Tenant is missing');
  if (!Object.hasOwn(tenants, tenant)) throw httpError(403, 'This tenant is not known');
  return tenant;
}

function httpError(statusCode, message) {
  return Object.assign(new Error(message), { statusCode });
}

function authorizerFor({ clientId, clientSecret, ...urls }) {
  const clientAuth = clientSecretBasic({ clientId, clientSecret });
  return new Authorizer(clientCredentialsSource({ ...urls, clientAuth }));
}

/** Whoever called cannot fix our token: a 401 of the API or of the token endpoint is not theirs. */
function answerError(error, request, reply) {
  request.log.error(error);
  if (isAuthenticationError(error) && error.kind === 'unavailable') {
    reply.header('Retry-After', Math.ceil((error.retryAfterMs ?? 1000) / 1000));
    return reply.code(503).send({ error: 'Try again later' });
  }
  const isOurs = isAuthenticationError(error) || axios.isAxiosError(error);
  return reply.code(isOurs ? 502 : (error.statusCode ?? 500)).send({ error: isOurs ? 'Bad gateway' : error.message });
}
