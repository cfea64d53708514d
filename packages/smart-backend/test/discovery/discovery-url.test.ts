// Where is the SMART configuration looked for? The pairs are those of the IG, "Using well-known".
import { ConfigurationError } from '@axios-authorizer/core';
import { SMARTBackendAuth } from '../../src/index.js';
import { authorize, clientId, esKey, world } from '../stage.js';
import type { Transport } from '@axios-authorizer/core';

const base = { clientId, scope: 'system/*.rs', keys: esKey };

/** Keeps which URLs were asked for, and sends nothing. */
function recording(urls: string[]): Transport {
  return {
    adapter: (config) => {
      urls.push(String(config.url));
      const data = JSON.stringify({ token_endpoint: 'https://ehr.example.com/auth/token' });
      return Promise.resolve({ status: 200, statusText: 'OK', headers: {}, config, data });
    },
  };
}

it.each([
  ['https://fhir.ehr.example.com', 'https://fhir.ehr.example.com/.well-known/smart-configuration'],
  ['https://fhir.ehr.example.com/', 'https://fhir.ehr.example.com/.well-known/smart-configuration'],
  ['https://www.ehr.example.com/apis/fhir', 'https://www.ehr.example.com/apis/fhir/.well-known/smart-configuration'],
  ['https://www.ehr.example.com/apis/fhir/', 'https://www.ehr.example.com/apis/fhir/.well-known/smart-configuration'],
  ['https://www.ehr.example.com/apis/fhir//', 'https://www.ehr.example.com/apis/fhir/.well-known/smart-configuration'],
  ['https://ehr.example.com:8443/r4/t%20n', 'https://ehr.example.com:8443/r4/t%20n/.well-known/smart-configuration'],
])('for %s it is looked for under its path: %s (S1)', async (baseUrl, expected) => {
  const urls: string[] = [];
  const auth = new SMARTBackendAuth({ ...base, baseUrl, transport: recording(urls) });
  expect((await auth.configuration()).tokenUrl).toBe('https://ehr.example.com/auth/token');
  expect(urls).toEqual([expected]);
});

it('the document is asked for as JSON, without credentials, below the base (S1)', async () => {
  const { server, auth } = await world();
  await authorize(auth);
  const [request] = server.requests;
  expect(request).toMatchObject({ method: 'GET', url: '/fhir/.well-known/smart-configuration' });
  expect(request?.headers.accept).toBe('application/json');
  expect(request?.headers).not.toHaveProperty('authorization');
  expect(request?.body).toHaveLength(0);
});

it.each([
  ['nothing', ''],
  ['no scheme', 'ehr.example.com/fhir'],
  ['another scheme', 'ftp://ehr.example.com/fhir'],
  ['a query', 'https://ehr.example.com/fhir?tenant=1'],
  ['a fragment', 'https://ehr.example.com/fhir#r4'],
  ['what was not read', undefined as never],
])('a base URL with %s is a ConfigurationError when the source is made (S1)', (_, baseUrl) => {
  expect(() => new SMARTBackendAuth({ ...base, baseUrl })).toThrow(ConfigurationError);
});

it('a base URL unencrypted beyond this machine is not asked (S1)', () => {
  const urls: string[] = [];
  const baseUrl = 'http://ehr.example.com/fhir';
  const made = (): unknown => new SMARTBackendAuth({ ...base, baseUrl, transport: recording(urls) });
  expect(made).toThrow(ConfigurationError);
  expect(made).toThrow('plain http');
  expect(urls).toEqual([]);
});
