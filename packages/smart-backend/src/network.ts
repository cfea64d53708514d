// A hospital's proxy and its CA stand between the program and everything: the SMART configuration, the token endpoint and the
// FHIR API. So they are said once, as `transport`, and the client takes over how requests leave, but not what they hold.
import type { Transport } from '@axios-authorizer/core';

/** Members of an axios config that say how a request leaves. Headers and limits of token requests are nobody else's. */
const NETWORK = [
  'adapter',
  'proxy',
  'httpAgent',
  'httpsAgent',
  'lookup',
  'family',
  'socketPath',
  'transport',
  'fetchOptions',
  'env',
] as const;

/** The part of `transport` that holds for FHIR requests as well. */
export function networkOf(transport: Transport = {}): Pick<Transport, (typeof NETWORK)[number]> {
  return Object.fromEntries(NETWORK.filter((name) => name in transport).map((name) => [name, transport[name]]));
}
