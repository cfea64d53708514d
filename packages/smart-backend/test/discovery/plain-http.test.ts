// May a FHIR server be plain http beyond this machine, as in a compose file?
import { ConfigurationError } from '@axios-authorizer/core';
import { createSmartBackendClient, SMARTBackendAuth } from '../../src/index.js';
import { authorize, clientId, esKey, failureOf, loopback } from '../stage.js';
import type { LoopbackServer } from '@axios-authorizer/test-kit';
import type { Transport } from '@axios-authorizer/core';
import type { SmartBackendOptions } from '../../src/index.js';

/** Every name is this machine's. */
const transport: Transport = { lookup: (_host, _options, found) => found(null, '127.0.0.1', 4) };

/** A server that calls itself "ehr", for its document, its tokens and its patients. */
async function inCompose(): Promise<{
  server: LoopbackServer;
  options: SmartBackendOptions & { readonly clientId: string };
}> {
  const server = await loopback((request, response) => {
    const token_endpoint = `http://ehr:${new URL(server.origin).port}/token`;
    const answer = request.url === '/token' ? { access_token: 'a', token_type: 'bearer' } : { token_endpoint };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const baseUrl = `${server.origin.replace('127.0.0.1', 'ehr')}/fhir`;
  return { server, options: { baseUrl, clientId, scope: 'system/*.rs', keys: esKey, transport } };
}

it('with allowInsecure discovery, token request and client go over plain http (S1, C15)', async () => {
  const { server, options } = await inCompose();
  const client = createSmartBackendClient({ ...options, allowInsecure: true }, transport);
  await expect(client.get('/Patient')).resolves.toMatchObject({ status: 200 });
  expect(server.requests.map(({ url }) => url)).toEqual([
    '/fhir/.well-known/smart-configuration',
    '/token',
    '/fhir/Patient',
  ]);
  expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer a');
});

it.each(['baseUrl', 'tokenUrl'] as const)(
  'without it a plain %s is refused, and the error names the option (S1, C15)',
  async (name) => {
    const { server, options } = await inCompose();
    const url = `${server.origin.replace('127.0.0.1', 'ehr')}/`;
    const make = (): unknown =>
      new SMARTBackendAuth({ ...options, baseUrl: 'https://ehr.example.org/fhir', [name]: url });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(/allowInsecure/);
  },
);

it('without it a plain token_endpoint in the document is refused as well (S1, C15)', async () => {
  const { server, options } = await inCompose();
  const error = await failureOf(authorize(new SMARTBackendAuth({ ...options, baseUrl: `${server.origin}/fhir` })));
  expect(error).toMatchObject({ kind: 'configuration' });
  expect(String(error)).toContain('allowInsecure');
  expect(server.requests.map(({ url }) => url)).toEqual(['/fhir/.well-known/smart-configuration']);
});
