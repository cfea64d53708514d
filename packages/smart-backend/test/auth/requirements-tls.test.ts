// All exchanges go over TLS 1.2 or newer, to servers that prove who they are (requirements 230, 232 and 318 of SMART 2.2).
import { Agent } from 'node:https';
import { serverCertificate } from '@axios-authorizer/test-kit';
import { SMARTBackendAuth } from '../../src/index.js';
import { authorize, world } from '../stage.js';
import type { Transport } from '@axios-authorizer/core';
import type { Certificate } from '@axios-authorizer/test-kit';
import type { World } from '../stage.js';

const certificate = serverCertificate();
/** TLS 1.1 needs hashes that OpenSSL keeps for its lowest level. */
const ciphers = 'DEFAULT:@SECLEVEL=0';
const outdated = { ...certificate, ciphers, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;

const exchanges = {
  'the SMART configuration': ({ auth }: World): Promise<unknown> => auth.configuration(),
  'the token endpoint': ({ server: { tokenUrl }, options }: World): Promise<unknown> => {
    const { initialToken: _held, ...own } = options;
    return authorize(new SMARTBackendAuth({ ...own, tokenUrl }));
  },
  'the FHIR API': ({ client }: World): Promise<unknown> => client.get('/Patient/1'),
};
type Exchange = keyof typeof exchanges;
const names = Object.keys(exchanges) as readonly Exchange[];

/** A server with TLS, and a client that holds a token already, so that each exchange can be the first. */
function tlsWorld(
  transport: Pick<Transport, 'httpsAgent' | 'adapter'>,
  tls: Certificate = certificate,
): Promise<World> {
  return world({
    server: { tls },
    options: { transport, initialToken: { accessToken: 'held' } },
    config: transport,
  });
}

/** Whether the exchange went well, and how many requests the server saw. */
async function outcome(exchange: Exchange, stage: World): Promise<readonly [well: boolean, requests: number]> {
  const well = await exchanges[exchange](stage).then(
    () => true,
    () => false,
  );
  return [well, stage.server.requests.length];
}

it.each(names)('%s is asked over TLS, of a server whose certificate is trusted (S6)', async (exchange) => {
  const stage = await tlsWorld({ httpsAgent: new Agent({ ca: certificate.cert }) });
  const [well, requests] = await outcome(exchange, stage);
  expect([well, requests > 0, stage.server.origin.startsWith('https:')]).toEqual([true, true, true]);
});

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  it.each(names)('%s of a server that cannot prove who it is is sent nothing (S6)', async (exchange) => {
    expect(await outcome(exchange, await tlsWorld({ adapter }))).toEqual([false, 0]);
  });
});

it.each(names)('%s is not asked over TLS 1.1 (S6)', async (exchange) => {
  const ca = certificate.cert;
  const stage = await tlsWorld({ httpsAgent: new Agent({ ca, ciphers }) }, outdated);
  expect(await outcome(exchange, stage)).toEqual([false, 0]);
  const lowered = await tlsWorld({ httpsAgent: new Agent({ ca, ciphers, minVersion: 'TLSv1' }) }, outdated);
  expect(await outcome(exchange, lowered)).toEqual([true, expect.any(Number)]);
});
