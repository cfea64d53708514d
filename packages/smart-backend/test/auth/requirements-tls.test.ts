// All exchanges go over TLS 1.2 or newer, to servers that prove who they are (requirements 230, 232 and 318 of SMART 2.2).
import { Agent } from 'node:https';
import { authorize, failureOf, world } from '../stage.js';
import { loopbackCertificate } from './requirements-certificate.js';
import type { World } from '../stage.js';
import type { SmartServer } from '@axios-authorizer/test-kit';

const certificate = loopbackCertificate();
const trusting = new Agent({ ca: certificate.cert });
/** TLS 1.1 needs hashes that OpenSSL's default level no longer has. */
const outdated = { ...certificate, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;

type Ask = (stage: World) => Promise<unknown>;

async function tlsWorld(httpsAgent: Agent | undefined, tls = certificate): Promise<World> {
  const transport = httpsAgent === undefined ? {} : { httpsAgent };
  return world({ server: { tls }, options: { transport }, config: transport });
}

const exchanges: readonly (readonly [what: string, ask: Ask])[] = [
  ['the SMART configuration', ({ auth }) => auth.configuration()],
  ['the token endpoint', ({ server, options, auth }) => authorize(new (classOf(auth))({ ...options, tokenUrl: server.tokenUrl }))],
  ['the FHIR API', ({ options, client }) => apiWith(client, options)],
];
