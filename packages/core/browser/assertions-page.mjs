// Runs inside the browser, bundled with core's build: a page that proves who it is by assertions, one of them signed with a key that
// no script can read.
import { Authorizer, clientCredentialsSource, clientSecretJwt, privateKeyJwt } from '@axios-authorizer/core';

const algorithms = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  RS256: {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  },
};

async function clientOf({ alg, clientId, clientSecret }) {
  if (clientSecret) return { clientAuth: clientSecretJwt({ clientId, clientSecret, alg }) };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithms[alg], false, ['sign', 'verify']);
  const exported = await crypto.subtle.exportKey('jwk', privateKey).catch((error) => error.name);
  const clientAuth = privateKeyJwt({ clientId, key: privateKey, kid: 'of-the-page' });
  return { clientAuth, exported, jwk: await crypto.subtle.exportKey('jwk', publicKey) };
}

async function run({ tokenUrl, ...client }) {
  const { clientAuth, exported, jwk } = await clientOf(client);
  try {
    const { accessToken } = await new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth })).getToken();
    return { accessToken, exported, jwk };
  } catch (error) {
    return { message: error.message };
  }
}

async function work() {
  for (;;) {
    const task = await (await fetch('/task')).json();
    await fetch('/outcome', { method: 'POST', body: JSON.stringify(await run(task)) });
  }
}

void work();
