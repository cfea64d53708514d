// createSmartBackendClient: an axios client that is told nothing about tokens.
import { Authorizer, ConfigurationError } from '@axios-authorizer/core';
import { createSmartBackendClient, SMARTBackendAuth } from '../../src/index.js';
import { clientId, esKey, failureOf, loopback, registration, smartServer, world } from '../stage.js';
import type { SmartServer } from '@axios-authorizer/test-kit';

function acceptsOf({ requests }: SmartServer): readonly unknown[] {
  return requests.filter(({ url }) => /Patient/.test(url)).map(({ headers }) => headers.accept);
}

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  it('a request is relative to the FHIR base and carries a token of its service (S1)', async () => {
    const { server, client } = await world({ config: { adapter }, options: { transport: { adapter } } });
    const { data } = await client.get<{ readonly resourceType: string }>('/Patient', { params: { _count: 10 } });
    expect(data.resourceType).toBe('Bundle');
    expect(server.requests.at(-1)?.url).toBe('/fhir/Patient?_count=10');
    expect(server.bearers()).toEqual([server.issued[0]]);
  });

  it('a rejected token is replaced by a new assertion, and the request sent again (S2)', async () => {
    const { server, client } = await world({ config: { adapter } });
    await client.get('/Patient/1');
    server.revokeAll();
    expect((await client.get('/Patient/1')).status).toBe(200);
    expect([server.calls, server.refused, server.served]).toEqual([2, 1, 2]);
  });

  it('two hundred requests at once cost one reading and one assertion (S2)', async () => {
    const { server, client } = await world({ config: { adapter } });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, id) => client.get(`/Patient/${id}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect([server.discoveries, server.calls, server.assertions.length, server.served]).toEqual([1, 1, 1, 200]);
  });
});

it('FHIR JSON is asked for unless the client or a request says otherwise (S1)', async () => {
  const plain = await world();
  await plain.client.get('/Patient/1');
  await plain.client.get('/Patient/1', { headers: { Accept: 'application/fhir+ndjson' } });
  expect(acceptsOf(plain.server)).toEqual(['application/fhir+json', 'application/fhir+ndjson']);
  const other = await world({ config: { headers: { Accept: 'application/fhir+xml' } } });
  await other.client.get('/Patient/1');
  expect(acceptsOf(other.server)).toEqual(['application/fhir+xml']);
});

it('further headers of the client leave FHIR JSON asked for (S1)', async () => {
  const { server, client } = await world({ config: { headers: { 'X-Program': 'the-program' } } });
  await client.get('/Patient/1');
  expect(server.requests.at(-1)?.headers).toMatchObject({
    'x-program': 'the-program',
    accept: 'application/fhir+json',
  });
});

it('authorizer and source are in reach, and further defaults are kept (S1)', async () => {
  const { server, client } = await world({ config: { timeout: 9_000 } });
  expect(client.authorizer).toBeInstanceOf(Authorizer);
  expect(client.auth).toBeInstanceOf(SMARTBackendAuth);
  expect(client.authorizer.clientId).toBe(clientId);
  expect(client.defaults).toMatchObject({ baseURL: server.baseUrl, timeout: 9_000 });
  await client.get('/Patient/1');
  expect(client.authorizer.accessToken).toBe(server.issued[0]);
});

it('a FHIR base with a slash at its end is the same base (S1)', async () => {
  const { server, options } = await world();
  const client = createSmartBackendClient({ ...options, baseUrl: `${server.baseUrl}/` });
  await client.get('/Patient/1');
  await client.get('Patient/1');
  expect(server.served).toBe(2);
});

it('an absolute URL of a stranger gets no token, and costs no assertion (S5)', async () => {
  const stranger = await loopback((_, response) => void response.writeHead(401).end());
  const { server, client } = await world();
  const reference = `${stranger.origin}/fhir/Patient/1`;
  expect((await client.get(reference, { validateStatus: null })).status).toBe(401);
  expect(stranger.requests[0]?.headers).not.toHaveProperty('authorization');
  expect(server.requests).toEqual([]);
});

it('a neighbour of the FHIR base on the same server gets no token (S5)', async () => {
  const { server, client } = await world();
  await client.get(`${server.origin}/fhir2/Patient`, { validateStatus: null });
  await client.get(`${server.origin}/admin`, { validateStatus: null });
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  expect(server.calls).toBe(0);
});

it('a request that says authorizer: false carries no token (S5)', async () => {
  const { server, client } = await world();
  expect((await client.get('/Patient/1', { authorizer: false, validateStatus: null })).status).toBe(401);
  expect(server.bearers()).toEqual([undefined]);
  expect(server.calls).toBe(0);
});

it('a FHIR base unencrypted beyond this machine is a ConfigurationError when the client is made (S1)', () => {
  const options = { baseUrl: 'http://ehr.example.com/fhir', clientId, scope: 'system/*.rs', keys: esKey };
  expect(() => createSmartBackendClient(options)).toThrow(ConfigurationError);
});

it('the server of the tests does refuse: another client id, another key (S2)', async () => {
  const { options } = await world();
  const server = await smartServer({ clients: [registration(esKey)] });
  const stranger = createSmartBackendClient({
    ...options,
    baseUrl: server.baseUrl,
    clientId: 'nobody',
    clock: undefined,
  });
  expect(await failureOf(stranger.get('/Patient/1'))).toMatchObject({ code: 'client_unknown', status: 401 });
  expect([server.calls, server.served]).toEqual([1, 0]);
});
