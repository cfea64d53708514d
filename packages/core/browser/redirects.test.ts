// What becomes of redirects in a page: which of them a browser may follow by itself, and what a request with an API key may ask.
import { browserNames, startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import type { LoopbackServer, ResourceServer, TokenEndpoint } from '@axios-authorizer/test-kit';
import { startCorsProxy } from './cors.js';
import { openPage } from './open-page.js';
import type { OpenPage } from './open-page.js';

interface Outcome {
  readonly status?: number;
  readonly message?: string;
  readonly name?: string;
  readonly code?: string;
  readonly uploaded?: number;
}
interface Setting {
  readonly adapter?: 'xhr' | 'fetch';
  /** Whether authorizedFetch sends, and no axios. */
  readonly byFetch?: boolean;
  readonly apiKey?: string;
  readonly attach?: { readonly browserRedirects?: 'check' | 'trust' };
}

let open: OpenPage;
let idp: TokenEndpoint;
let api: ResourceServer;
let elsewhere: ResourceServer;
let proxies: readonly LoopbackServer[];
let origins: { readonly tokenUrl: string; readonly apiUrl: string; readonly elsewhere: string };

beforeEach(async () => {
  idp = await startTokenEndpoint();
  api = await startResourceServer({ accepts: (bearer) => bearer !== undefined && idp.valid(bearer) });
  elsewhere = await startResourceServer({ accepts: () => true });
  proxies = await Promise.all([idp, api, elsewhere].map(({ origin }) => startCorsProxy(origin)));
  const [tokenOrigin = '', apiUrl = '', third = ''] = proxies.map(({ origin }) => origin);
  origins = { tokenUrl: `${tokenOrigin}/token`, apiUrl, elsewhere: third };
});
afterEach(() => Promise.all([idp, api, elsewhere, ...proxies].map((server) => server.stop())));

/** Sends from inside the page. */
async function send(setting: Setting, ...requests: readonly object[]): Promise<readonly Outcome[]> {
  const { tokenUrl, apiUrl } = origins;
  return (await open.run({ tokenUrl, apiUrl, ...setting, requests })) as readonly Outcome[];
}

function to(url: string, status = 307): string {
  return `/redirect?status=${status}&to=${encodeURIComponent(url)}`;
}

/** Token and key of each request. */
function credentials({ requests }: ResourceServer): unknown[] {
  return requests.map(({ headers }) => [headers.authorization?.replace(/ .+/, ''), headers['x-api-key']]);
}

function times(count: number, value: unknown): unknown[] {
  return Array.from({ length: count }, () => value);
}

const adapters = ['xhr', 'fetch'] as const;
const apiKey = 'key-1';

describe.each(browserNames)('in %s', (browser) => {
  beforeAll(async () => {
    open = await openPage(browser);
  });
  afterAll(() => open.close());

  describe.each(adapters)('the %s adapter', (adapter) => {
    it('with a token alone follows redirects within the API, the token on board (C9)', async () => {
      const [got, posted] = await send(
        { adapter },
        { url: to('/items') },
        { url: to('/items'), method: 'post', data: { n: 1 } },
      );
      expect([got, posted]).toEqual([{ status: 200 }, { status: 200 }]);
      expect(credentials(api)).toEqual(times(4, ['Bearer', undefined]));
      expect(api.requests.at(-1)?.body.toString()).toBe('{"n":1}');
    });

    it('with a token alone leaves the token behind at another origin (C9)', async () => {
      await send({ adapter }, { url: to(`${origins.elsewhere}/loot`, 302) });
      expect(api.requests).toHaveLength(1);
      expect(elsewhere.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    });

    it.each(['get', 'head', 'post', 'put', 'patch', 'delete'])(
      'with an API key says at a redirect of a %s to call the final URL, and follows it nowhere (C9)',
      async (method) => {
        const requests = ['/items', `${origins.elsewhere}/loot`].map((url) => ({ url: to(url), method }));
        for (const { message, code } of await send({ adapter, apiKey }, ...requests)) {
          expect(message).toMatch(/redirects, and a browser does not tell where to.*Call the final URL/);
          expect(code).toBe('ERR_NETWORK');
        }
        expect(credentials(api)).toEqual(times(2, ['Bearer', apiKey]));
        expect(elsewhere.requests).toEqual([]);
      },
    );

    it('with an API key follows redirects where the client or the request trusts them (C9)', async () => {
      const url = to('/items');
      const trusting = { attach: { browserRedirects: 'trust' as const } };
      const [byClient, doubted] = await send(
        { adapter, apiKey, ...trusting },
        { url },
        { url, browserRedirects: 'check' },
      );
      const [byRequest] = await send({ adapter, apiKey }, { url, browserRedirects: 'trust' });
      expect([byClient, byRequest]).toEqual([{ status: 200 }, { status: 200 }]);
      expect(doubted?.message).toMatch(/Call the final URL/);
      expect(credentials(api)).toEqual(times(5, ['Bearer', apiKey]));
    });
  });

  it('authorizedFetch retries a 401, and leaves redirects of a token alone to the browser (C7, C9, C22)', async () => {
    const found = [...(await send({ byFetch: true }, { url: '/a' }))];
    found.push(...(await send({ byFetch: true }, { url: to('/items'), method: 'POST', data: { n: 1 } })));
    api.next({ status: 401 });
    found.push(...(await send({ byFetch: true }, { url: '/b' }, { url: to(`${origins.elsewhere}/loot`, 302) })));
    expect(found.slice(0, 3)).toEqual([{ status: 200 }, { status: 200 }, { status: 200 }]);
    expect(api.requests.filter(({ url }) => url === '/items').map(({ body }) => body.toString())).toEqual(['{"n":1}']);
    expect(api.requests.filter(({ url }) => url === '/b')).toHaveLength(2);
    expect(elsewhere.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });

  it('authorizedFetch with an API key follows no redirect, unless it is trusted (C9, C22)', async () => {
    const url = to('/items');
    const [checked] = await send({ byFetch: true, apiKey }, { url });
    const [trusted] = await send({ byFetch: true, apiKey, attach: { browserRedirects: 'trust' } }, { url });
    expect(checked).toMatchObject({ name: 'TypeError' });
    expect(checked?.message).toMatch(/redirects, and a browser does not tell where to.*Call the final URL/);
    expect(trusted).toEqual({ status: 200 });
    expect(credentials(api)).toEqual(times(3, ['Bearer', apiKey]));
  });

  it.each([
    ['onUploadProgress', { method: 'post', data: { n: 1 }, upload: true }],
    ['responseType', { responseType: 'document' }],
    ['withCredentials', { withCredentials: false }],
  ])('with an API key, xhr and %s it is a ConfigurationError before anything is sent (C9)', async (name, request) => {
    const [refused, trusted] = await send(
      { adapter: 'xhr', apiKey },
      { url: '/a', ...request },
      { url: '/a', ...request, browserRedirects: 'trust' },
    );
    expect(refused).toMatchObject({ name: 'ConfigurationError' });
    expect(refused?.message).toMatch(new RegExp(`X-Api-Key.*${name}.*browserRedirects: 'trust'`));
    expect(trusted?.status).toBe(200);
    expect(api.requests).toHaveLength(1);
  });

  it('with a token alone an upload tells how far it got (C8, C9)', async () => {
    const [outcome] = await send({ adapter: 'xhr' }, { url: '/a', method: 'post', data: { n: 1 }, upload: true });
    expect(outcome).toEqual({ status: 200, uploaded: 7 });
  });

  it.each([
    ['alone', undefined],
    ['and an API key', apiKey],
  ])('xhr with a token %s fails at its timeout with the same codes and words (C9)', async (_with, key) => {
    const held: (() => void)[] = [];
    api.route('/slow', (_request, response) => void held.push(() => response.end()));
    const slow = { url: '/slow', timeout: 100 };
    const outcomes = await send(
      { adapter: 'xhr', ...(key && { apiKey: key }) },
      { url: '/a' },
      { ...slow },
      { ...slow, transitional: { clarifyTimeoutError: true } },
      { ...slow, timeoutErrorMessage: 'too slow' },
    );
    for (const release of held) release();
    expect(outcomes.slice(1)).toMatchObject([
      { code: 'ECONNABORTED', message: 'timeout of 100ms exceeded' },
      { code: 'ETIMEDOUT', message: 'timeout of 100ms exceeded' },
      { code: 'ECONNABORTED', message: 'too slow' },
    ]);
  });
});
