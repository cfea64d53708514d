// The service of samples that sign in a key service: a FHIR server that knows the client, and the stand-ins of
// kms-stand-ins.mjs as globals of the sample.
import { publicJwks, thumbprint } from '@axios-authorizer/smart-backend';
import { startSmartServer } from '@axios-authorizer/test-kit';
import { generateKeyPairSync } from 'node:crypto';

const CLIENT_ID = 'my-service';

/** @returns the environment of the sample, and what ends the server */
export async function start() {
  const { privateKey, publicKey: publicKeyPem } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const kid = await thumbprint(publicKeyPem);
  const jwks = await publicJwks({ alg: 'RS384', kid, publicKeyPem, sign: () => new Uint8Array() });
  const server = await startSmartServer({ clients: [{ clientId: CLIENT_ID, jwks }] });
  const standIns = new URL('kms-stand-ins.mjs', import.meta.url).href;
  const env = {
    FHIR_BASE_URL: server.baseUrl,
    CLIENT_ID,
    KEY_ID: 'smart-backend',
    STAND_IN_KEY: privateKey,
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${standIns}`.trim(),
  };
  return { env, stop: () => server.stop() };
}
