// Epic, bulk-data-server and HAPI behind a fixed base keep the status and the files of bulk exports beside the FHIR base. Does
// one option let the token go there, and does the error say so without it?
import { ConfigurationError } from '@axios-authorizer/core';
import { createSmartBackendClient, smartBackendInterceptors, smartBackendService } from '../../src/index.js';
import { failureOf, world } from '../stage.js';
import type { World } from '../stage.js';

const beside = { bulk: { place: 'beside', polls: 1 } } as const;

async function kickedOff({ client }: World): Promise<string> {
  const { headers, status } = await client.get('/$export', { headers: { Prefer: 'respond-async' } });
  expect(status).toBe(202);
  return String(headers['content-location']);
}

it('a status beside the base has no token, and the 401 names the URL and the option (S7, C9)', async () => {
  const stage = await world({ server: beside });
  const statusUrl = await kickedOff(stage);
  expect(statusUrl).toBe(`${stage.server.origin}/bulk/bulkstatus/job-1`);
  const failure = await failureOf(stage.client.get(statusUrl));
  expect(failure.response?.status).toBe(401);
  expect(failure.message).toContain(`No token was sent: ${statusUrl} is not allowed to see it`);
  expect(failure.message).toContain('`allow`');
  expect(failure.cause).toMatchObject({ code: 'not_allowed' });
  expect(stage.server.bearers().at(-1)).toBeUndefined();
});

it('with both paths in `allow` an export runs from the kick-off to the last file (S7)', async () => {
  const stage = await world({ server: beside });
  const { baseUrl, origin } = stage.server;
  const client = createSmartBackendClient({ ...stage.options, allow: [baseUrl, `${origin}/bulk`] });
  const statusUrl = await kickedOff({ ...stage, client });
  expect((await client.get(statusUrl)).status).toBe(202);
  const { data } = await client.get<{ output: { url: string }[] }>(statusUrl);
  const file = await client.get<string>(String(data.output[0]?.url));
  expect(file.data.trim().split('\n')).toHaveLength(3);
  expect((await client.delete(statusUrl)).status).toBe(202);
  expect(stage.server.refused).toBe(0);
});

it.each([
  ['createSmartBackendClient', createSmartBackendClient],
  ['smartBackendService', smartBackendService],
  ['smartBackendInterceptors', smartBackendInterceptors],
] as const)('%s refuses an `allow` without the FHIR base, and shows both paths (S7)', async (_name, make) => {
  const { options, server } = await world();
  const { baseUrl, origin } = server;
  const refused = (allow: string | readonly string[]): unknown => {
    try {
      return make({ ...options, allow });
    } catch (error) {
      return error;
    }
  };
  const failure = refused(`${origin}/bulk`);
  expect(failure).toBeInstanceOf(ConfigurationError);
  expect(String(failure)).toContain(`allow: ["${baseUrl}","${origin}/bulk"]`);
  for (const allow of [
    origin,
    `${origin}/`,
    `${baseUrl}/Patient`,
    [`${origin}/bulk`, `${baseUrl}/`],
    baseUrl.toUpperCase().replace('/FHIR', '/fhir'),
  ])
    expect(refused(allow)).not.toBeInstanceOf(Error);
  expect(refused(`${baseUrl}-files`)).toBeInstanceOf(ConfigurationError);
  expect(refused([])).toBeInstanceOf(ConfigurationError);
});

it('a 401 that stays after the retry says that a fresh token was rejected as well (S7, C8)', async () => {
  const { server, client } = await world();
  server.fault = 'request_expired_token';
  const failure = await failureOf(client.get('/Patient/1'));
  expect(failure.response?.status).toBe(401);
  expect(failure.message).toContain('A fresh token was rejected as well');
  expect(failure.cause).toMatchObject({ code: 'rejected_again' });
  expect(server.calls).toBe(2);
});
