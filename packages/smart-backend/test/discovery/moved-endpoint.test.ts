// A token endpoint moves while a service runs: is the new one found within the same call?
import { SMARTBackendAuth } from '../../src/index.js';
import { authorize, failureOf, formOf, jtisOf, loopback, world } from '../stage.js';
import type { LookupAddress } from 'node:dns';
import type { LoopbackServer } from '@axios-authorizer/test-kit';
import type { World } from '../stage.js';

const movedStatuses = [301, 302, 303, 307, 308, 404, 410];

interface Moved extends World {
  readonly old: LoopbackServer;
}

/** What was read first names a server that is no longer it. */
async function moved(status: number): Promise<Moved> {
  const stage = await world();
  const location = `${stage.server.origin}/elsewhere`;
  const old = await loopback((_, response) => void response.writeHead(status, { location }).end());
  stage.server.nextDiscovery({ json: { token_endpoint: `${old.origin}/token` } });
  return { ...stage, old };
}

it.each(movedStatuses)(
  'after %i the document is read again, and the new endpoint gets an assertion of its own (S1)',
  async (status) => {
    const { server, auth, old } = await moved(status);
    expect((await authorize(auth)).accessToken).toBe(server.issued.at(-1));
    expect([server.discoveries, old.requests.length, server.calls]).toEqual([2, 1, 1]);
    expect(server.assertions[0]?.claims['aud']).toBe(server.tokenUrl);
    const [first] = old.requests;
    expect(first && formOf(first).get('client_assertion')).toBeTruthy();
    expect(server.requests.filter(({ url }) => url === '/elsewhere')).toEqual([]);
    await authorize(auth);
    expect([server.discoveries, old.requests.length]).toEqual([2, 1]);
  },
);

it('the new endpoint is found through a client, within one request (S1)', async () => {
  const { server, client } = await moved(404);
  expect((await client.get('/Patient/1')).status).toBe(200);
  expect(server.discoveries).toBe(2);
});

it.each(movedStatuses)(
  'after %i of an endpoint that did not move, the error is thrown after one reading (S1)',
  async (status) => {
    const { server, auth } = await world();
    server.alwaysToken({ status, headers: { location: '/elsewhere' } });
    const error = await failureOf(authorize(auth));
    expect(error).toMatchObject({ name: 'TokenEndpointError', code: 'token_endpoint', kind: 'configuration', status });
    expect([server.discoveries, server.calls]).toEqual([2, 1]);
  },
);

it.each([400, 401, 403, 405, 429, 500, 503])('after %i the document is not read again (S1)', async (status) => {
  const { server, auth } = await world();
  server.alwaysToken({ status, json: { error: 'invalid_request' } });
  expect(await failureOf(authorize(auth))).toMatchObject({ status });
  expect([server.discoveries, server.calls]).toEqual([1, 1]);
});

it('an endpoint that moves in circles is followed once in a call (S1)', async () => {
  const { server, auth, old } = await moved(404);
  server.nextDiscovery(undefined, { json: { token_endpoint: `${old.origin}/token` } });
  server.alwaysToken({ status: 404 });
  expect(await failureOf(authorize(auth))).toMatchObject({ status: 404 });
  expect([server.discoveries, old.requests.length, server.calls]).toEqual([2, 1, 1]);
});

it.each([{ status: 503 }, { status: 404 }, { text: 'out of order' }, { json: {} }, { reset: true as const }])(
  'an outage of discovery (%j) keeps what was read before (S1)',
  async (answer) => {
    const { server, auth } = await world();
    await authorize(auth);
    server.nextToken({ status: 404 });
    server.nextDiscovery(answer);
    expect(await failureOf(authorize(auth))).toMatchObject({ code: 'token_endpoint', status: 404 });
    expect((await authorize(auth)).accessToken).toBe(server.issued.at(-1));
    expect(server.discoveries).toBe(2);
  },
);

it('with tokenUrl there is nothing to read again (S1)', async () => {
  const { server, options } = await world();
  server.alwaysToken({ status: 404 });
  const auth = new SMARTBackendAuth({ ...options, tokenUrl: server.tokenUrl });
  expect(await failureOf(authorize(auth))).toMatchObject({ status: 404 });
  expect([server.discoveries, server.calls]).toEqual([0, 1]);
});

function unknownHost(_host: string, _options: object, done: (error: Error, address: LookupAddress[]) => void): void {
  done(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []);
}

it.each([
  ['http', { adapter: 'http', lookup: unknownHost }],
  ['fetch', { adapter: 'fetch' }],
] as const)('after a host that has no address the document is read again, over %s (S1)', async (_, transport) => {
  const { server, auth } = await world({ options: { transport: transport as object } });
  server.nextDiscovery({ json: { token_endpoint: 'https://moved-away.invalid/token' } });
  expect((await authorize(auth)).accessToken).toBe(server.issued.at(-1));
  expect([server.discoveries, server.calls]).toEqual([2, 1]);
});

it('a server that is down is not a server that has moved (S1)', async () => {
  const { server, auth } = await world();
  const gone = await loopback(() => undefined);
  await gone.stop();
  server.nextDiscovery({ json: { token_endpoint: `${gone.origin}/token` } });
  expect(await failureOf(authorize(auth))).toMatchObject({ code: 'network', kind: 'unavailable', transient: true });
  expect(server.discoveries).toBe(1);
});

it('a new endpoint on a machine with a wrong clock is retried twice in one call (S1, S2b)', async () => {
  const { server, auth, clock } = await moved(410);
  const serverDate = new Date(clock.now() + 600_000).toUTCString();
  server.nextToken({ status: 401, headers: { date: serverDate }, json: { error: 'invalid_client' } });
  server.alwaysToken({ json: { access_token: 'a', token_type: 'bearer', expires_in: 300 } });
  await expect(authorize(auth)).resolves.toMatchObject({ accessToken: 'a' });
  expect(server.calls).toBe(2);
  expect(new Set(jtisOf(server)).size).toBe(2);
});
