// What goes over the wire when a server, or a network, does not do what it should.
import { Authorizer, AuthenticationError } from '@axios-authorizer/core';

import { setImmediate as turn } from 'node:timers/promises';
import { memoryTokenStore } from '@axios-authorizer/core';
import { createSmartBackendClient, SMARTBackendAuth } from '../../src/index.js';
import { authorize, clientId, esKey, failureOf, loopback, registration, smartServer, world } from '../stage.js';

it('a document with a token endpoint that cannot be used is not kept (S1)', async () => {
  const { server, auth } = await world();
  server.nextDiscovery({ json: { token_endpoint: `${server.tokenUrl}#fragment` } });
  await authorize(auth).catch(() => undefined);
  await expect(authorize(auth)).resolves.toMatchObject({ tokenType: 'Bearer' });
});

it('a document that lists no algorithm of ours is not kept for ever (S1, S3)', async () => {
  const { server, auth } = await world();
  const alg = 'token_endpoint_auth_signing_alg_values_supported';
  server.nextDiscovery({ json: { token_endpoint: server.tokenUrl, [alg]: ['RS256'] } });
  await authorize(auth).catch(() => undefined);
  await expect(authorize(auth)).resolves.toMatchObject({ tokenType: 'Bearer' });
});

it('a header of the transport does not follow a redirect to another origin (C9)', async () => {
  const other = await loopback((_, response) => void response.end('{}'));
  const base = await loopback((_, response) => void response.writeHead(302, { location: `${other.origin}/x` }).end());
  const transport = { headers: { 'X-Api-Key': 'gateway-key' } };
  const auth = new SMARTBackendAuth({ baseUrl: base.origin, clientId, scope: 'system/*.rs', keys: esKey, transport });
  await failureOf(auth.configuration());
  expect(other.requests[0]?.headers['x-api-key']).toBeUndefined();
});

it('an answer that is cut off in the middle is a network failure, which passes (C5)', async () => {
  const { options } = await world();
  const cut = await loopback((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"access_token":');
    setImmediate(() => response.destroy());
  });
  const auth = new SMARTBackendAuth({ ...options, tokenUrl: `${cut.origin}/token` });
  expect(await failureOf(authorize(auth))).toMatchObject({ kind: 'unavailable', transient: true });
});

it('a signal ends the wait for a signer that never answers (C4)', async () => {
  const signer = { alg: 'ES384' as const, kid: 'a', sign: () => new Promise<Uint8Array>(() => undefined) };
  const auth = new SMARTBackendAuth({
    baseUrl: 'https://ehr.example.org/fhir',
    tokenUrl: 'https://ehr.example.org/token',
    clientId,
    scope: 'system/*.rs',
    keys: signer,
  });
  const abort = new AbortController();
  const outcome: unknown[] = [];
  authorize(auth, abort.signal).then(
    (value) => outcome.push(value),
    (error: unknown) => outcome.push(error),
  );
  await turn();
  abort.abort();
  for (let turns = 0; turns < 50; turns += 1) await turn();
  expect(outcome).toHaveLength(1);
});

it('a signer says itself whether its failure passes', async () => {
  const busy = new AuthenticationError('KMS is busy', { code: 'source_failed', kind: 'unavailable', transient: true });
  const signer = { alg: 'ES384' as const, kid: 'a', sign: () => Promise.reject(busy) };
  const { options } = await world();
  expect(await failureOf(authorize(new SMARTBackendAuth({ ...options, keys: signer })))).toMatchObject({
    transient: true,
  });
});

it('a token of one client is not handed to the server of another by a store that both were given (C9)', async () => {
  const store = memoryTokenStore();
  const [one, two] = [
    await smartServer({ clients: [registration(esKey)] }),
    await smartServer({ clients: [registration(esKey)] }),
  ];
  const [a, b] = [one, two].map(({ baseUrl }) =>
    createSmartBackendClient({ baseUrl, clientId, scope: 'system/*.rs', keys: esKey, store }),
  );
  await a?.get('/Patient');
  await b?.get('/Patient');
  expect(two.bearers()).not.toContain(one.issued[0]);
});

it('a token whose exp is beyond all dates is taken, without a known end', async () => {
  const { server, auth } = await world();
  const jwt = `e30.${Buffer.from('{"exp":1e300}').toString('base64url')}.c2ln`;
  server.nextToken({ json: { access_token: jwt, token_type: 'bearer' } });
  await expect(new Authorizer(auth).getToken()).resolves.toMatchObject({ accessToken: jwt });
});

it('an Age beyond all dates is nonsense and ignored', async () => {
  const { server, auth } = await world();
  server.nextToken({ status: 401, json: { error: 'unauthorized_client' }, headers: { age: '1e30' } });
  const { serverDate } = (await failureOf(authorize(auth))) as unknown as { serverDate?: Date };
  expect(serverDate === undefined || !Number.isNaN(serverDate.getTime())).toBe(true);
});
