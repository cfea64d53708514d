// The service of samples that speak SMART Backend Services: a FHIR server that knows the client, and the client's key.
import { generateKeyPair, publicJwks } from '@axios-authorizer/smart-backend';
import { startSmartServer } from '@axios-authorizer/test-kit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CLIENT_ID = 'my-service';

/** @returns the environment of the sample, and what ends the server */
export function start() {
  return startWith({});
}

/** @param options of the SMART server */
export async function startWith(options) {
  const folder = await mkdtemp(join(tmpdir(), 'axios-authorizer-sample-'));
  const keyDirectory = join(folder, 'registered');
  const keys = await generateKeyPair('ES384', { keyDirectory });
  const server = await startSmartServer({
    ...options,
    clients: [{ clientId: CLIENT_ID, jwks: await publicJwks(keys) }],
  });
  const stop = () => Promise.all([server.stop(), rm(folder, { recursive: true })]);
  const env = {
    FHIR_BASE_URL: server.baseUrl,
    TOKEN_URL: server.tokenUrl,
    CLIENT_ID,
    KEY_FILE: join(keyDirectory, `${keys.kid}.json`),
    KEY_DIRECTORY: join(folder, 'new'),
  };
  return { env, stop };
}
