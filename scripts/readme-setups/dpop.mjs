// The service of samples with bound tokens: oidc-provider, which wants a nonce in each proof, and an API that takes bound tokens only.
import { startLoopback, startOidcProvider } from '@axios-authorizer/test-kit';
import { EmbeddedJWK, jwtVerify } from 'jose';

/** @returns the environment of the sample, and what ends the servers */
export async function start() {
  const idp = await startOidcProvider({ dpopNonces: true });
  const api = await startLoopback(async ({ method, headers }, response) => {
    const proof = await jwtVerify(headers.dpop ?? '', EmbeddedJWK, { typ: 'dpop+jwt' }).catch(() => undefined);
    const isGood = /^DPoP ./.test(headers.authorization) && proof?.payload.htm === method && proof.payload.ath;
    response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' }).end('{}');
  });
  const { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET } = idp.clients.basic;
  const env = { API_URL: api.origin, TOKEN_URL: idp.tokenUrl, CLIENT_ID, CLIENT_SECRET };
  return { env, stop: () => Promise.all([idp.stop(), api.stop()]) };
}
