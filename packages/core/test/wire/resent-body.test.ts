// Is the body of the resend the body of the request, byte for byte?
import axios from 'axios';
import type { AxiosRequestConfig } from 'axios';
import { sendings } from './resend.js';
import { stage } from './world.js';

const theStage = stage();
const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);

function form(): FormData {
  const data = new FormData();
  data.append('name', 'Ada, "countess"\r\nof Lovelace');
  data.append('file', new Blob([bytes], { type: 'application/octet-stream' }), 'engine.bin');
  data.append('name', 'twice');
  return data;
}

type Row = readonly [what: string, request: () => AxiosRequestConfig, body?: string];

const everywhere: readonly Row[] = [
  [
    'a JSON object',
    () => ({ data: { a: [1, { b: 'ü €' }], c: null } }),
    '{"a":[1,{"b":"\u00c3\u00bc \u00e2\u0082\u00ac"}],"c":null}',
  ],
  ['a JSON array', () => ({ data: [1, 2, 3] }), '[1,2,3]'],
  ['a string', () => ({ data: 'just text', headers: { 'Content-Type': 'text/plain' } }), 'just text'],
  ['a string of JSON', () => ({ data: '{"a": 1}', headers: { 'Content-Type': 'application/json' } }), '{"a": 1}'],
  ['URLSearchParams', () => ({ data: new URLSearchParams({ q: 'a b&c=ü' }) }), 'q=a+b%26c%3D%C3%BC'],
  [
    'an object sent as a form',
    () => ({ data: { a: 1, b: ['x', 'y'] }, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
  ],
  ['a Buffer', () => ({ data: Buffer.from(bytes) }), Buffer.from(bytes).toString('latin1')],
  ['an ArrayBuffer', () => ({ data: Uint8Array.from(bytes).buffer }), Buffer.from(bytes).toString('latin1')],
  ['a Blob', () => ({ data: new Blob([bytes], { type: 'image/png' }) }), Buffer.from(bytes).toString('latin1')],
  ['a native FormData', () => ({ data: form(), headers: { 'Content-Type': 'multipart/form-data' } })],
  ['an empty string', () => ({ data: '' }), ''],
  ['null', () => ({ data: null }), ''],
  ['nothing', () => ({}), ''],
];

describe.each(['http', 'fetch'])('through the %s adapter', (adapter) => {
  it.each(everywhere.map((row) => ({ row, what: row[0] })))(
    '$what is sent again as it was (C8)',
    async ({ row: [, request, body] }) => {
      const { plain, refused, resent } = await sendings(theStage, () => ({
        url: '/items',
        method: 'post',
        adapter,
        ...request(),
      }));
      expect(refused).toEqual(plain);
      expect(resent).toEqual(refused);
      expect(resent.body).toBe(body ?? refused.body);
    },
  );

  it.each(['put', 'patch', 'delete', 'post'])('the body of a %s is sent again (C8)', async (method) => {
    const { refused, resent } = await sendings(theStage, () => ({ url: '/items', method, adapter, data: { a: 1 } }));
    expect(resent).toEqual(refused);
    expect(resent).toMatchObject({ line: `${method.toUpperCase()} /items`, body: '{"a":1}' });
  });

  it('a transformRequest of the caller runs once, and both sendings carry what it made (C8)', async () => {
    const runs: unknown[] = [];
    const transformRequest = [
      (data: unknown): string => {
        runs.push(data);
        return `made ${runs.length}`;
      },
    ];
    const { client, api, idp } = await theStage.world();
    await client.get('/first');
    idp.revokeAll();
    await client.post('/items', { raw: true }, { adapter, transformRequest });
    expect(runs).toEqual([{ raw: true }]);
    expect(api.requests.slice(1).map(({ body }) => body.toString())).toEqual(['made 1', 'made 1']);
  });

  it('a transformRequest that only sets headers sets them for both sendings (C8)', async () => {
    const { refused, resent } = await sendings(theStage, () => ({
      url: '/items',
      method: 'post',
      adapter,
      data: { a: 1 },
      transformRequest: (data: unknown, headers) => {
        headers.set('X-Digest', 'abc');
        headers.set('Content-Type', 'application/fhir+json');
        return JSON.stringify(data);
      },
    }));
    expect(resent).toEqual(refused);
    expect(resent.headers).toMatchObject({ 'x-digest': 'abc', 'content-type': 'application/fhir+json' });
  });
});

const multipart: readonly Row[] = [
  ['a plain object', () => ({ data: { a: 1, nested: { b: 'ü' }, list: ['x', 'y'] } })],
  ['a plain object with a Buffer', () => ({ data: { file: Buffer.from(bytes), note: 'n' } })],
  ['a native FormData', () => ({ data: form() })],
];
it.each(multipart.map((row) => ({ row, what: row[0] })))(
  'multipart that axios builds of $what is built anew, with its content-type (C8)',
  async ({ row: [, request] }) => {
    const headers = { 'Content-Type': 'multipart/form-data' };
    const { plain, refused, resent } = await sendings(theStage, () => ({
      url: '/upload',
      method: 'post',
      headers,
      ...request(),
    }));
    expect(refused).toEqual(plain);
    expect(resent).toEqual(refused);
    expect(resent.headers['content-type']).toContain('multipart/form-data; boundary=BOUNDARY');
    expect(resent.body).toContain('BOUNDARY--');
  },
);

it('postForm and putForm are retried like any other request (C8)', async () => {
  const { client, api, idp } = await theStage.world();
  await client.get('/first');
  for (const send of [client.postForm.bind(client), client.putForm.bind(client)]) {
    idp.revokeAll();
    const before = api.requests.length;
    expect((await send('/upload', { a: 'one', b: ['x', 'y'] })).status).toBe(200);
    const [refused, resent] = api.requests
      .slice(before)
      .map(({ body }) => body.toString().replaceAll(/-{10,}\S+/g, '--B'));
    expect(resent).toBe(refused);
    expect(resent).toContain('name="a"');
  }
});

it('a response to a request with a body carries the data that axios itself would show (C8)', async () => {
  const { client, api, idp } = await theStage.world();
  await client.get('/first');
  const { config: expected } = await axios.post(`${api.origin}/items`, { a: 1 }, { validateStatus: null });
  idp.revokeAll();
  const { config } = await client.post('/items', { a: 1 });
  expect(config.data).toBe(expected.data);
  expect(config.transformRequest).toEqual(expected.transformRequest);
});
