// Is everything of the resend but its token what the request was?
import type { AxiosRequestConfig } from 'axios';
import { capture } from './capture.js';
import { sendings } from './resend.js';
import { stage } from './world.js';

const theStage = stage();

describe.each(['http', 'fetch'])('through the %s adapter', (adapter) => {
  it('a base URL with a path is applied once (C8)', async () => {
    const { plain, resent } = await sendings(theStage, () => ({ url: 'Patient/1', adapter }), '/fhir/r4');
    expect(resent).toEqual(plain);
    expect(resent.line).toBe('GET /fhir/r4/Patient/1');
  });

  it('params are serialised as the caller wants, once (C8)', async () => {
    const { plain, resent } = await sendings(theStage, () => ({
      url: '/items?fixed=1',
      adapter,
      params: { tag: ['a', 'b'], empty: '', none: undefined, q: 'x y' },
      paramsSerializer: { indexes: null },
    }));
    expect(resent).toEqual(plain);
    expect(resent.line).toBe('GET /items?fixed=1&tag=a&tag=b&empty=&q=x+y');
  });

  it.each(['get', 'head', 'options', 'delete', 'post', 'put', 'patch'])('a %s stays one (C8)', async (method) => {
    const { plain, resent } = await sendings(theStage, () => ({ url: '/items', method, adapter }));
    expect(resent).toEqual(plain);
    expect(resent.line).toBe(`${method.toUpperCase()} /items`);
  });

  it('headers of any case are sent again, once each (C8)', async () => {
    const { plain, resent } = await sendings(theStage, () => ({
      url: '/items',
      adapter,
      headers: { 'x-lower': '1', 'X-UPPER': '2', Accept: 'application/fhir+json', 'Accept-Language': 'de, en;q=0.5' },
    }));
    expect(resent).toEqual(plain);
    expect(resent.headers).toMatchObject({ 'x-lower': '1', 'x-upper': '2', accept: 'application/fhir+json' });
  });

  it('a download handler hears of the answer to the resend, up to the last byte (C8)', async () => {
    const { client, idp } = await theStage.world({ config: { adapter } });
    await client.get('/first');
    idp.revokeAll();
    const loaded: number[] = [];
    await client.get('/stream?bytes=200000', { onDownloadProgress: (event) => loaded.push(event.loaded) });
    expect(loaded.at(-1)).toBe(200_000);
  });
});

it('an upload handler hears of both sendings, up to the last byte (C8)', async () => {
  const { client, idp } = await theStage.world();
  await client.get('/first');
  idp.revokeAll();
  const complete: number[] = [];
  await client.post('/items', 'x'.repeat(200_000), {
    onUploadProgress: ({ loaded, total }) => {
      if (loaded === total) complete.push(loaded);
    },
  });
  expect(complete).toEqual([200_000, 200_000]);
});

it('keys of the config that only the caller knows reach both sendings and the answer (C8)', async () => {
  const { client } = await theStage.world();
  const { adapter, sent } = capture(401);
  const tracing = { id: 7 };
  const config: AxiosRequestConfig & { tracing: object } = {
    tracing,
    adapter,
    signal: new AbortController().signal,
    maxRedirects: 3,
  };
  const response = await client.get('/items', config);
  expect(sent).toHaveLength(2);
  for (const each of sent) expect(each).toMatchObject({ tracing, maxRedirects: 3, method: 'get', url: '/items' });
  expect(sent[0]?.signal).toBe(sent[1]?.signal);
  expect(response.config).toMatchObject({ tracing, adapter });
});

it('nothing that an inner adapter does to the headers of the first sending reaches the second (C8)', async () => {
  const { client } = await theStage.world();
  const { adapter, sent } = capture(401);
  const seen: unknown[] = [];
  await client.get('/items', {
    headers: { 'X-Mine': 'mine' },
    adapter: (config) => {
      seen.push(config.headers.get('X-Mine'), config.headers.get('X-Theirs'));
      config.headers.set('X-Theirs', 'dirt');
      config.headers.delete('X-Mine');
      return adapter(config);
    },
  });
  expect(sent).toHaveLength(2);
  expect(seen).toEqual(['mine', undefined, 'mine', undefined]);
});
