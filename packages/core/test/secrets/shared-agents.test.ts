// An agent's sockets hold the headers of every request under way: does the answer to one request show another's?
import axios from 'axios';
import type { InternalAxiosRequestConfig } from 'axios';
import { until } from '@axios-authorizer/test-kit';
import type { Answer, ResourceServer } from '@axios-authorizer/test-kit';
import { failureOf } from '../endpoint/stage.js';
import { kinds, underWay } from './agents.js';
import type { Config } from './agents.js';
import { printed } from './printers.js';
import { accessToken } from './secrets.js';

type Fault = readonly [what: string, answers: readonly Answer[], config: Config];

const faults: readonly Fault[] = [
  ['a 500', [{ status: 500, json: {} }], {}],
  [
    'a 401 that stays',
    [
      { status: 401, json: {} },
      { status: 401, json: {} },
    ],
    {},
  ],
  ['a cut connection', [{ reset: true }], {}],
  ['silence', [{ hang: true }], { timeout: 50 }],
  ['a refused connection', [], { baseURL: 'http://127.0.0.1:1' }],
  ['redirects in circles', [], { url: '/circle', maxRedirects: 3 }],
  ['a request without a token', [{ status: 500, json: {} }], { authorizer: false }],
  ['a cut request without a token', [{ reset: true }], { authorizer: false }],
  ['a request not allowed', [{ status: 500, json: {} }], { baseURL: 'http://localhost' }],
  ['axios redacting by itself', [{ status: 500, json: {} }], { redact: ['password'] } as Config],
];

describe.each(kinds)('with %s', (...kind) => {
  it.each(faults)(
    'the error of %s shows no header of a request on the same sockets (C11)',
    async (_, answers, config) => {
      const { api, client } = await underWay(kind);
      api.next(...answers);
      const error = await failureOf(client.request({ url: '/', ...config, ...port(config, api) }));
      expect(error).toMatchObject({ isAxiosError: true });
      expect(printed(error)).toEqual([]);
      expect(printed({ config: (error as { config: unknown }).config })).toEqual([]);
      expect(printed({ deep: [{ error }] })).toEqual([]);
    },
  );

  it('the error of an abort on the way shows none (C11)', async () => {
    const { api, client } = await underWay(kind);
    api.next({ hang: true });
    const controller = new AbortController();
    const failed = failureOf(client.get('/', { signal: controller.signal }));
    await until(() => api.requests.length === 2);
    controller.abort();
    expect(await failed).toMatchObject({ code: 'ERR_CANCELED' });
    expect(printed(await failed)).toEqual([]);
  });

  it('the error of a request that was aborted before it was sent shows none (C11)', async () => {
    const { client } = await underWay(kind);
    const error = await failureOf(client.get('/', { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'ERR_CANCELED' });
    expect(printed(error)).toEqual([]);
  });

  it('a response shows none, with a token and without (C11)', async () => {
    const { client } = await underWay(kind);
    for (const config of [{}, { authorizer: false as const, validateStatus: null }]) {
      const response = await client.get<unknown>('/', config);
      expect(printed(response)).toEqual([]);
    }
  });

  it('a stream that breaks while it is read shows none (C11)', async () => {
    const { api, client } = await underWay(kind);
    api.route('/cut', (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('x', () => response.destroy());
    });
    const response = await client.get<AsyncIterable<unknown>>('/cut', { responseType: 'stream' });
    expect(printed(response)).toEqual([]);
    const error = await failureOf(drained(response.data));
    expect(printed(error)).toEqual([]);
    expect(printed(response)).toEqual([]);
  });

  it('the config of an error still has it, and can be sent again as it is or as a copy (C8, C11)', async () => {
    const { api, client } = await underWay(kind);
    api.next({ status: 500, json: {} });
    const { config } = (await failureOf(client.get('/'))) as { config: InternalAxiosRequestConfig };
    const given = client.defaults;
    expect([config.httpAgent, config.transport]).toEqual([given.httpAgent, given.transport].map(sameAs));
    expect(config.fetchOptions).toEqual(given.fetchOptions === undefined ? undefined : sameMembers(given.fetchOptions));
    for (const again of [config, { ...config }, axios.mergeConfig({}, config)]) {
      const response = await client.request<unknown>(again);
      expect(response.status).toBe(200);
      expect(printed(response)).toEqual([]);
    }
    expect(api.bearers().slice(2)).toEqual([accessToken, accessToken, accessToken]);
  });
});

/** `localhost` is the same server by a name that is not in scope. */
function port({ baseURL }: Config, { origin }: ResourceServer): Config {
  return baseURL === 'http://localhost' ? { baseURL: origin.replace('127.0.0.1', 'localhost') } : {};
}

async function drained(data: AsyncIterable<unknown>): Promise<void> {
  for await (const chunk of data) void chunk;
}

function sameAs(value: unknown): unknown {
  return value === undefined ? undefined : { asymmetricMatch: (other: unknown) => other === value };
}

function sameMembers(members: object): unknown {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, sameAs(value)]));
}
