// The parts of the bulk-data example that a whole run would take minutes to show: pauses, and who gives up when.
import { startLoopback } from '@axios-authorizer/test-kit';
import type { LoopbackHandler } from '@axios-authorizer/test-kit';
import { evaluate } from './bulk-data-run.js';

async function against(handle: LoopbackHandler, script: (origin: string) => string): Promise<unknown> {
  const server = await startLoopback(handle);
  try {
    return await evaluate(script(server.origin));
  } finally {
    await server.stop();
  }
}

/** Polls without sleeping; tells the pauses, and the manifest or the error. */
function poll(origin: string): string {
  return `
    import axios from 'axios';
    import { pollUntilDone } from './export-job.mjs';
    const waits = [];
    const options = { signal: new AbortController().signal, told: ({ waitMs }) => waits.push(waitMs), sleep: async () => {} };
    const end = await pollUntilDone(axios, new URL('${origin}'), options).catch(({ message }) => message);
    console.log(JSON.stringify({ waits, end }));`;
}

it('Retry-After is seconds, a date, or milliseconds since 1970, from one second to five minutes; nonsense is nothing', async () => {
  const now = Date.UTC(2026, 0, 31, 12, 0, 0);
  const rows: readonly (readonly [string, number | null])[] = [
    ['7', 7_000],
    ['1.5', 1_500],
    ['0', 1_000],
    ['300', 300_000],
    ['301', 300_000],
    ['99999999999', 300_000],
    [String(now + 42_000), 42_000],
    [String(now - 42_000), 1_000],
    ['Sat, 31 Jan 2026 12:00:09 GMT', 9_000],
    ['Sat, 31 Jan 2026 11:00:00 GMT', 1_000],
    ['Sat, 31 Foo 2026 12:00:09 GMT', null],
    ['soon', null],
    ['-5', null],
    ['5 minutes', null],
    ['1e3', null],
    ['', null],
  ];
  const asked = JSON.stringify(rows.map(([header]) => header));
  const script = `
    import { retryAfterMs } from './retry-after.mjs';
    console.log(JSON.stringify([...${asked}, undefined].map((header) => retryAfterMs(header, ${now}) ?? null)));`;
  expect(await evaluate(script)).toEqual([...rows.map(([, ms]) => ms), null]);
});

it('429, 5xx and lost connections while polling are waited for, as long as they are told to or ever longer', async () => {
  const answers = [429, 503, 0, 202, 500, 200];
  const handle: LoopbackHandler = (_request, response) => {
    const status = answers.shift() ?? 200;
    if (status === 0) response.socket?.destroy();
    else response.writeHead(status, status === 429 ? { 'retry-after': '20' } : {}).end('{"output":[]}');
  };
  expect(await against(handle, poll)).toEqual({ waits: [20_000, 1_500, 2_250, 3_375, 5_062.5], end: { output: [] } });
});

it('a status that fails nine times in a row ends the polling', async () => {
  const { waits, end } = (await against((_request, response) => void response.writeHead(503).end(), poll)) as {
    readonly waits: readonly number[];
    readonly end: string;
  };
  expect({ waits: waits.length, end }).toEqual({ waits: 8, end: 'Request failed with status code 503' });
});

it('any other answer ends the polling at once', async () => {
  const gone = await against((_request, response) => void response.writeHead(404).end(), poll);
  const empty = await against((_request, response) => void response.writeHead(204).end(), poll);
  expect([gone, empty]).toEqual([
    { waits: [], end: 'Request failed with status code 404' },
    { waits: [], end: 'The status of the export was answered with 204' },
  ]);
});

it('a download that is always cut is tried four times, and leaves nothing', async () => {
  let requests = 0;
  const handle: LoopbackHandler = (_request, response) => {
    requests += 1;
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{}\n', () => response.destroy());
  };
  const script = (origin: string): string => `
    import axios from 'axios';
    import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
    import { tmpdir } from 'node:os';
    import { downloadAll } from './download.mjs';
    const out = mkdtempSync(tmpdir() + '/bulk-data-');
    const view = { downloading: () => {}, retrying: () => {}, downloaded: () => {} };
    const options = { out, withToken: true, signal: new AbortController().signal, view, sleep: async () => {} };
    const [{ name, error, lines }] = await downloadAll(axios, [{ name: 'a.ndjson', url: new URL('${origin}') }], options);
    console.log(JSON.stringify({ name, lines, failed: error !== undefined, left: readdirSync(out) }));
    rmSync(out, { recursive: true });`;
  expect(await against(handle, script)).toEqual({ name: 'a.ndjson', lines: 0, failed: true, left: [] });
  expect(requests).toBe(4);
});

it('lines are counted wherever the pieces are cut, the last one with or without its end', async () => {
  const script = `
    import { Readable } from 'node:stream';
    import { LineCounter } from './lines.mjs';
    const count = async (pieces) => {
      const counter = new LineCounter(() => {});
      await Readable.from(pieces).pipe(counter).resume().toArray();
      return [counter.lines, counter.bytes];
    };
    const all = [[], ['a'], ['a\\n'], ['a', '\\n'], ['a\\nb'], ['a\\n\\n', '\\nb', 'c\\n', '\\n', 'd']].map(count);
    console.log(JSON.stringify(await Promise.all(all)));`;
  expect(await evaluate(script)).toEqual([
    [0, 0],
    [1, 1],
    [1, 2],
    [1, 2],
    [2, 3],
    [3, 9],
  ]);
});
