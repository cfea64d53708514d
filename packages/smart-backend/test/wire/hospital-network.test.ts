// A hospital's proxy and CA, said once: do discovery, token requests and FHIR requests all go through them?
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { Agent } from 'node:https';
import { serverCertificate } from '@axios-authorizer/test-kit';
import { composeClients } from '@axios-authorizer/core';
import {
  buildEhrJwtSession,
  createSmartBackendClient,
  SMARTBackendAuth,
  smartBackendService,
} from '../../src/index.js';
import { afterwards, clientId, esKey, failureOf, world } from '../stage.js';
import type { Transport } from '@axios-authorizer/core';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

interface Proxy {
  readonly transport: Transport;
  /** Where it was asked to open a way to, and by whom. */
  readonly ways: (readonly [target: string | undefined, login: string | undefined])[];
}

const { cert, key } = serverCertificate();

async function hospital(): Promise<Proxy> {
  const ways: Proxy['ways'] = [];
  const proxy = createServer().on('connect', ({ url = '', headers }, socket: Duplex) => {
    ways.push([url, headers['proxy-authorization']]);
    const [host = '', port = ''] = url.split(':');
    const onward = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    for (const one of [socket, onward]) one.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const httpsAgent = new Agent({ ca: cert, keepAlive: false });
  afterwards(() => proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const auth = { username: 'me', password: 'word' };
  return { ways, transport: { httpsAgent, proxy: { protocol: 'http', host: '127.0.0.1', port, auth } } };
}

const tls = { cert, key };
const login = `Basic ${Buffer.from('me:word').toString('base64')}`;

it('one option is the way of discovery, token and FHIR requests (S8)', async () => {
  const { transport, ways } = await hospital();
  const { server, client } = await world({ server: { tls }, options: { transport } });
  expect((await client.get('/Patient/1')).status).toBe(200);
  expect(server.requests.map(({ url }) => url)).toEqual([
    '/fhir/.well-known/smart-configuration',
    '/auth/token',
    '/fhir/Patient/1',
  ]);
  const way = [new URL(server.origin).host, login];
  expect(ways).toEqual([way, way, way]);
});

it('a session and a part of composed clients take the same way (S8)', async () => {
  const { transport, ways } = await hospital();
  const { server, options } = await world({ server: { tls }, options: { transport } });
  const session = buildEhrJwtSession({ ehrSecrets: new SMARTBackendAuth(options) });
  expect((await session.get('/Patient/1')).status).toBe(200);
  const { ehr } = composeClients({ ehr: smartBackendService(options) });
  expect((await ehr.get('/Patient/1')).status).toBe(200);
  expect([server.requests.length, ways.length]).toEqual([6, 6]);
});

it('the axios config of the client stands above it, and headers and limits of token requests stay there (S8)', async () => {
  const { transport, ways } = await hospital();
  const headers = { 'X-Gateway': 'for tokens' };
  const own = { httpsAgent: new Agent({ ca: cert }), proxy: false } as const;
  const { server, client } = await world({
    server: { tls },
    options: { transport: { ...transport, headers, timeout: 4_000, maxContentLength: 5_000 } },
    config: own,
  });
  await client.get('/Patient/1');
  expect(ways).toHaveLength(2);
  expect(server.requests.map((request) => request.headers['x-gateway'])).toEqual([
    'for tokens',
    'for tokens',
    undefined,
  ]);
  expect(client.defaults).toMatchObject(own);
  expect([client.defaults.timeout, client.defaults.maxContentLength]).toEqual([0, -1]);
});

it('without the CA it is discovery that fails, and the message says where the CA goes (S8)', async () => {
  const { transport } = await hospital();
  const { server } = await world({ server: { tls } });
  const { proxy } = transport;
  const client = createSmartBackendClient({
    baseUrl: server.baseUrl,
    clientId,
    scope: 'system/*.rs',
    keys: esKey,
    transport: { ...(proxy && { proxy }) },
  });
  const failure = await failureOf(client.get('/Patient/1'));
  expect(failure).toMatchObject({ code: 'discovery_failed', kind: 'configuration' });
  expect(failure.message).toMatch(/^SMART discovery failed: .*the CA that signed it/);
  expect(failure.message).toContain('transport.httpsAgent');
});
