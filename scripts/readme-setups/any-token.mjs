// The service of samples that make up their own token: the API lets any bearer in, and still none without.
import { startResourceServer } from '@axios-authorizer/test-kit';

/** @returns the environment of the sample, and what ends the server */
export async function start() {
  const api = await startResourceServer();
  return { env: { API_URL: api.origin }, stop: () => api.stop() };
}
