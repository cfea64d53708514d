// Do the files of an export come as they are told, from here or elsewhere, with a bearer or to anyone?

import { gate, ManualClock, startSmartServer, until } from '@axios-authorizer/test-kit';
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

/** The status URL of a new export. */
async function exporting(): Promise<string> {
  const headers = { ...proper, authorization: `Bearer ${token}` };
  const { headers: answered } = await ask(`${server.baseUrl}/$export`, { headers });
  return String(answered.get('content-location'));
}

function get(url: string): Promise<Asked> {
  return ask(url, bearer(token));
}

async function manifestOf(statusUrl: string): Promise<Manifest> {
  return JSON.parse((await get(statusUrl)).text) as Manifest;
}

async function firstFile(): Promise<string> {
  return String((await manifestOf(await exporting())).output[0]?.url);
}

afterEach(() => server.stop());

test('files are as many lines of ndjson as the manifest counts, however many', async () => {
  await start({
    polls: 0,
    files: [
      { type: 'Patient', count: 2 },
      { type: 'Observation', count: 1201 },
    ],
  });
  const { output } = await manifestOf(await exporting());
  const files = await Promise.all(output.map(({ url }) => get(url)));
  expect(files.map(({ headers }) => headers.get('content-type'))).toEqual([
    'application/fhir+ndjson',
    'application/fhir+ndjson',
  ]);
  expect(files[0]?.text).toBe('{"resourceType":"Patient","id":"1"}\n{"resourceType":"Patient","id":"2"}\n');
  const lines = files[1]?.text.trimEnd().split('\n') ?? [];
  expect([lines.length, new Set(lines).size]).toEqual([1201, 1201]);
  expect(lines.at(-1)).toBe('{"resourceType":"Observation","id":"1201"}');
  expect(server.bulk.downloads).toBe(2);
});

test.each(['same', 'other'] as const)(
  'files on the %s origin need a bearer when the manifest says so',
  async (fileOrigin) => {
    await start({ polls: 0, fileOrigin });
    const url = await firstFile();
    expect(new URL(url).origin === server.origin).toBe(fileOrigin === 'same');
    expect(new URL(url).origin).toBe(server.bulk.filesOrigin);
    expect([(await ask(url)).status, (await get(url)).status]).toEqual([401, 200]);
    expect([server.bulk.downloads, server.bulk.authorizationsSeenByFiles]).toEqual([1, 1]);
  },
);

test.each(['same', 'other'] as const)(
  'files on the %s origin can be open, and tell who sent a bearer all the same',
  async (fileOrigin) => {
    await start({ polls: 0, fileOrigin, requiresAccessToken: false });
    const statusUrl = await exporting();
    const manifest = await manifestOf(statusUrl);
    expect(manifest).toMatchObject({ requiresAccessToken: false });
    const url = String(manifest.output[0]?.url);
    expect((await ask(url)).status).toBe(200);
    expect(server.bulk.authorizationsSeenByFiles).toBe(0);
    expect((await get(url)).status).toBe(200);
    expect([server.bulk.downloads, server.bulk.authorizationsSeenByFiles]).toEqual([2, 1]);
  },
);

test('a held file was let in when its request came, though its bearer has ended since', async () => {
  const { opened, open } = gate();
  await start({ polls: 0, hold: (index) => (index === 1 ? opened : undefined) });
  const url = await firstFile();
  expect((await get(url)).status).toBe(200);
  const held = get(url);
  await until(() => server.bulk.downloads === 2);
  clock.set(now + 300_000);
  expect((await get(url)).status).toBe(401);
  open();
  expect((await held).text).toContain('"id":"3"');
});

test('the other origin has nothing but files', async () => {
  await start({ fileOrigin: 'other' });
  expect((await get(`${server.bulk.filesOrigin}/fhir/Patient`)).status).toBe(404);
});

test('a client may leave in the middle of a file', async () => {
  await start({ polls: 0, files: [{ type: 'Patient', count: 5_000_000 }] });
  const response = await fetch(await firstFile(), bearer(token));
  await response.body?.cancel();
  expect((await get(`${server.baseUrl}/Patient`)).status).toBe(200);
});
