// What happens to a body that can be read only once?
import FormDataPackage from 'form-data';
import { Readable } from 'node:stream';
import type { AxiosRequestConfig } from 'axios';
import { gate, until } from '@axios-authorizer/test-kit';
import type { Received } from '@axios-authorizer/test-kit';
import { rejection, stage, statusOf } from './world.js';
import type { World } from './world.js';

const { world } = stage();
const text = 'a body '.repeat(5_000);

function webStream(): ReadableStream {
  return new Blob([text]).stream();
}
function packageForm(): FormDataPackage {
  const form = new FormDataPackage();
  form.append('note', text);
  return form;
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

interface Row {
  readonly what: string;
  readonly adapter: string;
  readonly make: () => unknown;
  readonly extra?: AxiosRequestConfig;
}
const multipart = { headers: { 'Content-Type': 'multipart/form-data' } };
/** axios passes on what no transformer turns into text. */
const asItIs: AxiosRequestConfig = {
  transformRequest: [(data: unknown) => data],
  headers: { 'Content-Type': 'text/plain' },
  fetchOptions: { duplex: 'half' },
};
const rows: readonly Row[] = [
  { what: 'a Node stream', adapter: 'http', make: () => Readable.from([text]) },
  { what: 'a Node stream', adapter: 'fetch', make: () => Readable.from([text]) },
  { what: 'a web stream', adapter: 'fetch', make: webStream },
  { what: 'an async iterable', adapter: 'fetch', make: pieces, extra: asItIs },
  { what: 'a form of the form-data package', adapter: 'http', make: packageForm },
  {
    what: 'a plain object with a stream in it, sent as multipart',
    adapter: 'http',
    make: () => ({ file: Readable.from([text]) }),
    extra: multipart,
  },
];

async function revoked(): Promise<World> {
  const scene = await world();
  await scene.client.get('/first');
  scene.idp.revokeAll();
  return scene;
}

/** Waits for the refresh that nobody else waits for. */
function replaced({ events }: World): Promise<void> {
  return until(() => events.filter(({ type }) => type === 'acquired').length === 2, 'the refresh');
}

function bodyOf(request: Received | undefined): string {
  const boundary = /boundary=(\S+)/.exec(request?.headers['content-type'] ?? '')?.[1];
  const body = request?.body.toString() ?? '';
  return boundary === undefined ? body : body.replaceAll(boundary, 'BOUNDARY');
}

describe.each(rows)('$what through the $adapter adapter', ({ adapter, make, extra }) => {
  it('is not sent again: the 401 stays, and says why and what to do (C8)', async () => {
    const scene = await revoked();
    const { client, api } = scene;
    const error = await rejection(client.post('/upload', make(), { adapter, ...extra }));
    await replaced(scene);
    expect(error.response?.status).toBe(401);
    expect(error.message).toMatch(/^Request failed with status code 401.*stream.*used up.*resendBody/s);
    expect(error.cause).toMatchObject({ code: 'body_spent', kind: 'configuration' });
    expect(api.requests).toHaveLength(2);
    expect(bodyOf(api.requests[1])).toContain(text);
  });

  it('costs the rejected token all the same, so that the next request is served (C3, C8)', async () => {
    const { client, api, idp } = await revoked();
    await rejection(client.post('/upload', make(), { adapter, ...extra }));
    expect(await statusOf(client.get('/next'))).toBe(200);
    expect(api.refused).toBe(1);
    expect(idp.calls).toBe(2);
  });

  it('is sent again with resendBody, the same bytes (C8)', async () => {
    const { client, api } = await revoked();
    const answer = client.post('/upload', make(), { adapter, ...extra, resendBody: make });
    expect(await statusOf(answer)).toBe(200);
    const [, refused, resent] = api.requests;
    expect(bodyOf(resent)).toBe(bodyOf(refused));
    expect(bodyOf(resent)).toContain(text);
  });

  it('is sent again with a resendBody that is asynchronous, the same bytes (C8)', async () => {
    const { client, api } = await revoked();
    const answer = client.post('/upload', make(), { adapter, ...extra, resendBody: async () => make() });
    expect(await statusOf(answer)).toBe(200);
    const [, refused, resent] = api.requests;
    expect(bodyOf(resent)).toBe(bodyOf(refused));
    expect(bodyOf(resent)).toContain(text);
  });

  it.each([
    ['throws', () => { throw new Error('the file is gone'); }], // prettier-ignore
    ['rejects', async () => Promise.reject(new Error('the file is gone'))],
  ])('keeps its 401, with a note, when resendBody %s (C8)', async (_how, resendBody) => {
    const scene = await revoked();
    const { client, api } = scene;
    const error = await rejection(client.post('/upload', make(), { adapter, ...extra, resendBody }));
    await replaced(scene);
    expect(error.response?.status).toBe(401);
    expect(error.message).toMatch(/^Request failed with status code 401.*resendBody.*the file is gone/s);
    expect(error.cause).toMatchObject({ code: 'body_spent' });
    expect(api.requests).toHaveLength(2);
  });

  it('asks resendBody only after a 401 (C8)', async () => {
    const { client } = await world();
    const made: unknown[] = [];
    const resendBody = (): unknown => made.push(1);
    await client.post('/upload', make(), { adapter, ...extra, resendBody });
    expect(made).toHaveLength(0);
  });
});

it('a spent body is told to the observer (C8)', async () => {
  const scene = await revoked();
  await rejection(scene.client.post('/upload', Readable.from([text])));
  await replaced(scene);
  const notices = scene.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  expect(notices).toEqual([expect.stringMatching(/resendBody/)]);
});

it('a spent body where validateStatus takes the 401 gives the 401 as an answer (C8)', async () => {
  const scene = await revoked();
  const { status } = await scene.client.post('/upload', Readable.from([text]), { validateStatus: () => true });
  await replaced(scene);
  expect(status).toBe(401);
});

it('the refresh that nobody waits for holds the process no more than that of a stale token (C13)', async () => {
  const stale = await world();
  await stale.client.get('/first');
  await stale.clock.advance(240_000);
  const usual = await timersDuring(stale, () => stale.client.get('/items'));
  const scene = await revoked();
  const spent = await timersDuring(scene, () => rejection(scene.client.post('/upload', Readable.from([text]))));
  expect(spent).toBe(usual);
});

/** How many more timers hold the process while the refresh that `act` causes is under way. */
async function timersDuring(scene: World, act: () => Promise<unknown>): Promise<number> {
  const token = gate();
  scene.idp.next({ after: token.opened });
  const before = awaitedTimers();
  await act();
  await until(() => scene.idp.calls === 2, 'the refresh to begin');
  const during = awaitedTimers();
  token.open();
  await replaced(scene);
  return during - before;
}

function awaitedTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

it('resendBody makes bodies of any kind, transformed like the first (C8)', async () => {
  const { client, api } = await revoked();
  const headers = { 'Content-Type': 'application/json' };
  await client.post('/upload', Readable.from(['{"a":1}']), { headers, resendBody: () => ({ a: 1 }) });
  expect(api.requests.slice(1).map(({ body }) => body.toString())).toEqual(['{"a":1}', '{"a":1}']);
});
