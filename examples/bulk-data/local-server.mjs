// A server to try it on: the strict SMART server of the test-kit, on this machine, with a key that lives as long as this
// process does. So that there is something to see it revokes all tokens when the second file is on its way.

import { generateKeyPair, publicJwks, SupportedAlg } from '@axios-authorizer/smart-backend';
import { startSmartServer } from '@axios-authorizer/test-kit';

const clientId = 'bulk-data-example';

const files = [
  { type: 'Patient', count: 2_000 },
  { type: 'Encounter', count: 12_000 },
  { type: 'Condition', count: 8_000 },
  { type: 'Observation', count: 50_000 },
  { type: 'Observation', count: 23_456 },
];

export async function startLocalServer() {
  const keys = await generateKeyPair(SupportedAlg.ES384);
  const revokeOnce = (download) => (download === 1 ? server.revokeAll() : undefined);
  const server = await startSmartServer({
    clients: [{ clientId, jwks: await publicJwks(keys), scopes: ['system/*.rs'] }],
    bulk: { files, polls: 1, retryAfter: '1', hold: revokeOnce },
  });
  return { baseUrl: server.baseUrl, clientId, keys, stop: () => server.stop() };
}
