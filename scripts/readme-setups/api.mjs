// The service that most samples talk to: a token endpoint, and an API that lets its tokens in.
import { startLoopback, startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @returns the environment of the sample, and what ends the servers */
export async function start() {
  const idp = await startTokenEndpoint({ refreshTokens: 'rotating' });
  const metadata = await startLoopback((_, response) => response.end(JSON.stringify(described(metadata.origin, idp))));
  const api = await startResourceServer({ accepts: (bearer) => bearer !== undefined && idp.valid(bearer) });
  const folder = await mkdtemp(join(tmpdir(), 'axios-authorizer-sample-'));
  const stop = () => Promise.all([idp.stop(), metadata.stop(), api.stop(), rm(folder, { recursive: true })]);
  const urls = {
    API_URL: api.origin,
    ISSUER: metadata.origin,
    TOKEN_URL: idp.url,
    INTROSPECTION_URL: `${idp.origin}/introspect`,
    REVOCATION_URL: `${idp.origin}/revoke`,
  };
  const secrets = {
    CLIENT_ID: 'my-client',
    CLIENT_SECRET: 'my-secret',
    API_KEY: 'my-key',
    REFRESH_TOKEN: 'my-refresh-token',
  };
  return { env: { ...urls, ...secrets, TOKEN_FILE: join(folder, 'tokens', 'token.json') }, stop };
}

/** What the token endpoint would say of itself (RFC 8414). */
function described(issuer, idp) {
  return { issuer, token_endpoint: idp.url, introspection_endpoint: `${idp.origin}/introspect` };
}
