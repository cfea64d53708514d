// An application says itself which responses reject the token: what may its hook do, and what must it never cost?
import { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runInNewContext } from 'node:vm';
import axios from 'axios';
import type { AxiosAdapter, AxiosResponse } from 'axios';
import { attachAuth, Authorizer } from '../../src/index.js';
import type { AttachAuthOptions, Unauthorized } from '../../src/index.js';
import { rejection, stage, statusOf } from './world.js';
import type { World } from './world.js';

const { world } = stage();
const agents: Agent[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

function oneSocket(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

interface GraphQl {
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}
const graphQl: Unauthorized = (_response, json) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as an application would
  (json() as GraphQl | undefined)?.errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED') ?? false;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as an application would
const code401: Unauthorized = (_response, json) => (json() as { code?: number } | undefined)?.code === 401;
const throws: Unauthorized = () => {
  throw new Error('the hook is broken');
};
/** What JavaScript lets through. */
function untyped(hook: (response: AxiosResponse) => unknown): Unauthorized {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is the point
  return hook as Unauthorized;
}

describe.each(['http', 'fetch'])('through the %s adapter', (adapter) => {
  const asking = (unauthorized: Unauthorized, config = {}): Promise<World> =>
    world({ attach: { unauthorized }, config: { adapter, ...config } });

  it.each([
    ['GraphQL says UNAUTHENTICATED', graphQl, { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }],
    ['the body says code 401', code401, { code: 401, message: 'token expired' }],
  ])('a 200 in which %s is retried with a new token (C7)', async (_what, unauthorized, json) => {
    const { client, api, idp } = await asking(unauthorized);
    api.next({ json });
    expect(await client.post('/graphql', { query: '{ me }' })).toMatchObject({ status: 200, data: { ok: true } });
    expect(idp.calls).toBe(2);
    expect(api.requests.map(({ body }) => body.toString())).toEqual(['{"query":"{ me }"}', '{"query":"{ me }"}']);
  });

  it.each(['json', 'text', 'arraybuffer'] as const)(
    'json() reads what was asked for as %s (C7)',
    async (responseType) => {
      const { client, api, idp } = await asking(code401);
      api.next({ json: { code: 401 } });
      expect((await client.get('/items', { responseType })).status).toBe(200);
      expect(idp.calls).toBe(2);
    },
  );

  it('a response that rejects the new token as well is an answer, as it came (C7)', async () => {
    const { client, api } = await asking(code401);
    api.next({ json: { code: 401, n: 1 } }, { json: { code: 401, n: 2 } });
    expect((await client.get('/items')).data).toEqual({ code: 401, n: 2 });
    expect(api.requests).toHaveLength(2);
  });

  it('the hook is asked about what validateStatus accepts and about what it does not (C7)', async () => {
    const seen: number[] = [];
    const { client, api } = await asking(({ status }) => status === 418 && seen.push(status) > 0, {
      validateStatus: (status: number) => status < 500,
    });
    api.next({ status: 418 });
    expect(await statusOf(client.get('/accepted'))).toBe(200);
    api.next({ status: 418 });
    expect(await statusOf(client.get('/not-accepted', { validateStatus: (status) => status === 200 }))).toBe(200);
    expect(seen).toEqual([418, 418]);
  });

  it('a hook that throws is reported, and counts as no (C7)', async () => {
    const { client, api, idp, events } = await asking(throws);
    expect((await client.get('/items')).data).toMatchObject({ ok: true });
    api.next({ status: 401, json: { error: 'expired' } });
    const error = await rejection(client.get('/items'));
    expect(error).toMatchObject({ message: 'Request failed with status code 401', response: { status: 401 } });
    expect(events.filter(({ type }) => type === 'notice')).toMatchObject(
      Array.from({ length: 2 }, () => ({
        message: expect.stringMatching(/`unauthorized`.*the hook is broken/) as string,
      })),
    );
    expect([idp.calls, api.requests.length]).toEqual([1, 2]);
  });

  it('a hook that cannot parse the body is reported without a word of it (C7, C11)', async () => {
    const { client, api, events } = await asking(({ data }) => Boolean(JSON.parse(String(data))));
    api.next({ text: 'secret-of-the-body' });
    await client.get('/items');
    const notices = JSON.stringify(events.filter(({ type }) => type === 'notice'));
    expect(notices).toContain('SyntaxError');
    expect(notices).not.toContain('secret');
  });

  it.each<readonly [string, (response: AxiosResponse) => unknown]>([
    ['an async function', async () => false],
    ['an async function that throws', async () => Promise.reject(new Error('later'))],
    // oxlint-disable-next-line unicorn/no-thenable -- it is one
    ['a thenable', () => ({ then: () => undefined })],
  ])('%s is a ConfigurationError that says so, and nothing is sent twice (C7)', async (_what, hook) => {
    const { client, api, idp } = await asking(untyped(hook));
    const error = await rejection(client.post('/items', { a: 1 }));
    expect(error).toMatchObject({ kind: 'configuration', message: expect.stringContaining('promise') as string });
    expect([idp.calls, api.requests.length]).toEqual([1, 1]);
  });

  it.each([
    ['a number', 1, true],
    ['what a match finds', /expired/.exec('token expired'), true],
    ['zero', 0, false],
    ['null', null, false],
    ['nothing', undefined, false],
  ])('%s counts as in an if (C7)', async (_what, answer, isRetried) => {
    const { client, api } = await asking(untyped(({ status }) => status === 418 && answer));
    api.next({ status: 418 });
    expect(await statusOf(client.get('/items'))).toBe(isRetried ? 200 : 418);
  });
});

describe.each<readonly [string, Unauthorized]>([
  ['throws', throws],
  ['returns a promise', untyped(async () => true)],
])('a hook that %s', (_how, unauthorized) => {
  it.each([200, 401])('keeps no socket: after a stream of %i the next request is sent (C7)', async (status) => {
    const { client, api } = await world({ attach: { unauthorized } });
    const config = { responseType: 'stream', httpAgent: oneSocket() } as const;
    api.next({ status, trickle: 1_000_000 });
    const given = await client.get<Readable>('/items', config).catch(() => undefined);
    given?.data.destroy(); // a hook that throws counts as no, so that the stream is the caller's
    await client.get<Readable>('/next', { ...config, authorizer: false }).then(
      ({ data }) => text(data),
      (error: unknown) => expect(error).toMatchObject({ response: { status: 401 } }),
    );
    expect(api.requests.map(({ url }) => url)).toEqual(['/items', '/next']);
  });

  it('cancels the web stream of a 401 (C7)', async () => {
    let data: unknown;
    const keep: Unauthorized = (response, json) => {
      data = response.data;
      return unauthorized(response, json);
    };
    const { client, api } = await world({ attach: { unauthorized: keep }, config: { adapter: 'fetch' } });
    api.next({ status: 401, trickle: 1_000_000 });
    await rejection(client.get('/items', { responseType: 'stream' }));
    if (!(data instanceof ReadableStream)) throw new Error('Expected a web stream');
    expect(await data.getReader().read()).toEqual({ done: true, value: undefined });
  });

  it('about the answer to a retry is treated alike (C7)', async () => {
    let asked = 0;
    const later: Unauthorized = (response, json) => (asked++ === 0 ? true : unauthorized(response, json));
    const { client, api, idp } = await world({ attach: { unauthorized: later } });
    const config = { responseType: 'stream', httpAgent: oneSocket() } as const;
    api.next({ status: 401 }, { status: 401, trickle: 1_000_000 });
    const error = await rejection(client.get('/items', config));
    expect([error.message.includes('promise'), asked, idp.calls]).toEqual([unauthorized !== throws, 2, 2]);
    expect((await client.get('/next', { ...config, validateStatus: null, authorizer: false })).status).toBe(401);
  });
});

it('the stream of a 200 can be read though the hook threw (C7)', async () => {
  const { client } = await world({ attach: { unauthorized: throws } });
  const { data } = await client.get<Readable>('/items', { responseType: 'stream' });
  expect(JSON.parse(await text(data))).toMatchObject({ ok: true });
});

/** What json() makes of the data that an adapter hands over. */
async function jsonOf(data: unknown): Promise<unknown> {
  let json: unknown;
  const unauthorized: AttachAuthOptions['unauthorized'] = (_response, parse) => {
    json = parse();
    expect(parse()).toBe(json);
    return false;
  };
  const adapter: AxiosAdapter = async (config) => ({ data, status: 200, statusText: 'OK', headers: {}, config });
  const client = axios.create({ baseURL: 'https://api.example', adapter });
  attachAuth(client, new Authorizer(() => Promise.resolve('token')), { unauthorized });
  await client.get('/items');
  return json;
}

const bytes = new TextEncoder().encode('{"name":"Zoë"}');
const within = new Uint8Array([...bytes, 0, 0, ...bytes]).subarray(bytes.length + 2);
it.each<readonly [string, unknown]>([
  ['a string', '{"name":"Zoë"}'],
  ['a string with a byte order mark', '\uFEFF{"name":"Zoë"}'],
  ['a Buffer', Buffer.from(bytes)],
  ['a Uint8Array', bytes],
  ['a part of a larger buffer', within],
  ['an ArrayBuffer', bytes.buffer],
  ['bytes with a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, ...bytes])],
  ['a Uint8Array of another realm', runInNewContext('Uint8Array.from(bytes)', { bytes: [...bytes] })],
  ['an ArrayBuffer of another realm', runInNewContext('Uint8Array.from(bytes).buffer', { bytes: [...bytes] })],
  ['an object', { name: 'Zoë' }],
  ['an object of another realm', runInNewContext('({ name: "Zoë" })')],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { name: 'Zoë' })],
])('json() reads %s (C7)', async (_what, data) => {
  expect(await jsonOf(data)).toMatchObject({ name: 'Zoë' });
});

it.each([[[1, 2]], [true], [0]])('json() returns %j as it is: an adapter has parsed it (C7)', async (data) => {
  expect(await jsonOf(data)).toBe(data);
});

it.each<readonly [string, unknown]>([
  ['text', 'Unauthorized'],
  ['nothing', ''],
  ['no data', undefined],
  ['null', null],
  ['half a JSON', '{"name":'],
  ['a Blob', new Blob(['{}'])],
  ['a form', new FormData()],
  ['a web stream', new Blob(['{}']).stream()],
])('json() of %s is undefined (C7)', async (_what, data) => {
  expect(await jsonOf(data)).toBeUndefined();
});

it('json() parses a body once, and only when it is asked to (C7)', async () => {
  const parse = jest.spyOn(JSON, 'parse');
  try {
    expect(await jsonOf('{"a":1}')).toEqual({ a: 1 });
    expect(parse.mock.calls.filter(([body]) => body === '{"a":1}')).toHaveLength(2); // ours, and axios's own
  } finally {
    parse.mockRestore();
  }
});
