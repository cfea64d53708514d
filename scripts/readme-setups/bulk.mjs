// The service of samples about bulk data: a FHIR server that keeps the status and files of exports beside its base.
import { startWith } from './smart.mjs';

/** @returns the environment of the sample, and what ends the server */
export async function start() {
  const { env, stop } = await startWith({ bulk: { place: 'beside' } });
  return { env: { ...env, BULK_URL: new URL('/bulk', env.FHIR_BASE_URL).href }, stop };
}
