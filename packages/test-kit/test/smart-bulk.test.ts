// Does a bulk export go its way: asked for properly, polled, listed, thrown away?

import { ManualClock, startSmartServer } from '@axios-authorizer/test-kit';
import { ask, bearer } from './ask.js';
import { clientId, newKey, tokenOf } from './smart-signer.js';
import type { SmartBulkOptions, SmartServer } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';

interface Manifest {
  readonly output: readonly { readonly type: string; readonly url: string; readonly count: number }[];
}

const key = newKey('ES384');
const clock = new ManualClock();
const now = clock.now();
const proper = { accept: 'application/fhir+json', prefer: 'respond-async' };
let server: SmartServer;
let token: string;

async function start(bulk: SmartBulkOptions = {}): Promise<void> {
  clock.set(now);
  server = await startSmartServer({ clock, bulk, clients: [{ clientId, jwks: { keys: [key.jwk] } }] });
  token = await tokenOf(server, { key, now });
}

function kickOff(path = '/$export', headers: Record<string, string> = proper, method = 'GET'): Promise<Asked> {
  return ask(`${server.baseUrl}${path}`, { method, headers: { ...headers, authorization: `Bearer ${token}` } });
}

/** The status URL of a new export. */
async function exporting(): Promise<string> {
  return String((await kickOff()).headers.get('content-location'));
}

function get(url: string): Promise<Asked> {
  return ask(url, bearer(token));
}

async function manifestOf(statusUrl: string): Promise<Manifest> {
  return JSON.parse((await get(statusUrl)).text) as Manifest;
}

afterEach(() => server.stop());

test.each(['/$export', '/Patient/$export', '/Group/7/$export?_type=Patient&_outputFormat=ndjson'])(
  '%s begins an export with GET and with POST',
  async (path) => {
    await start();
    for (const method of ['GET', 'POST']) {
      const { status, headers } = await kickOff(path, proper, method);
      expect(status).toBe(202);
      expect(headers.get('content-location')).toMatch(new RegExp(`^${server.baseUrl}/bulkstatus/`));
    }
    expect(server.bulk.kickOffs).toBe(2);
  },
);

test.each([
  ['no Prefer', { accept: proper.accept }, 'Prefer'],
  ['another Prefer', { ...proper, prefer: 'return=minimal' }, 'Prefer'],
  ['another Accept', { ...proper, accept: 'application/json' }, 'Accept'],
  ['any Accept', { prefer: proper.prefer }, 'Accept'],
])('%s is refused with an OperationOutcome', async (_, headers: Record<string, string>, name) => {
  await start();
  const { status, json, text } = await kickOff('/$export', headers);
  expect({ status, type: json?.['resourceType'] }).toEqual({ status: 400, type: 'OperationOutcome' });
  expect(text).toContain(name);
  expect(server.bulk.kickOffs).toBe(0);
});

test('another format, another method and another token are refused', async () => {
  await start();
  expect((await kickOff('/$export?_outputFormat=csv')).status).toBe(400);
  expect((await kickOff('/$export', proper, 'PUT')).status).toBe(405);
  token = 'wrong';
  expect((await kickOff()).status).toBe(401);
});

test('Accept and Prefer may name more than that, with parameters', async () => {
  await start();
  const headers = { accept: 'text/html;q=0.1, application/fhir+json;q=0.9', prefer: 'handling=lenient, respond-async' };
  expect((await kickOff('/$export', headers)).status).toBe(202);
});

test('the status is 202 with progress, then the manifest', async () => {
  await start({ polls: 2, files: [{ type: 'Patient', count: 3 }] });
  const url = await exporting();
  for (const progress of ['1 of 3', '2 of 3']) {
    const { status, headers } = await get(url);
    expect([status, headers.get('x-progress'), headers.get('retry-after')]).toEqual([202, progress, '0']);
  }
  clock.set(now + 5000);
  const { status, json, headers } = await get(url);
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(json).toEqual({
    transactionTime: new Date(now).toISOString(),
    request: `${server.baseUrl}/$export`,
    requiresAccessToken: true,
    output: [{ type: 'Patient', url: expect.stringContaining(`${server.baseUrl}/`) as unknown, count: 3 }],
    deleted: [],
    error: [],
  });
  expect(server.bulk.polls).toBe(3);
});

test('Retry-After can be another at each poll, or absent', async () => {
  await start({ polls: 2, retryAfter: (poll) => (poll === 1 ? 'Thu, 01 Jan 2026 00:00:10 GMT' : undefined) });
  const url = await exporting();
  expect((await get(url)).headers.get('retry-after')).toBe('Thu, 01 Jan 2026 00:00:10 GMT');
  expect((await get(url)).headers.has('retry-after')).toBe(false);
});

test('the status needs a live bearer, and an export that is thrown away is gone with its files', async () => {
  await start({ polls: 0 });
  const url = await exporting();
  expect((await ask(url)).status).toBe(401);
  const file = String((await manifestOf(url)).output[0]?.url);
  const remove = { method: 'DELETE', ...bearer(token) };
  expect((await ask(url, remove)).status).toBe(202);
  expect([(await get(url)).status, (await get(file)).status, (await ask(url, remove)).status]).toEqual([404, 404, 404]);
  expect([server.bulk.deletions, server.bulk.downloads]).toEqual([1, 0]);
});

test('beside the base, status and files lie below /bulk and want the same bearer', async () => {
  await start({ place: 'beside', polls: 0 });
  const statusUrl = await exporting();
  expect(statusUrl).toBe(`${server.origin}/bulk/bulkstatus/job-1`);
  expect((await ask(statusUrl)).status).toBe(401);
  const [file] = (await manifestOf(statusUrl)).output;
  expect(file?.url).toBe(`${server.origin}/bulk/bulkfiles/job-1/0.ndjson`);
  expect((await get(String(file?.url))).text.trim().split('\n')).toHaveLength(3);
});
