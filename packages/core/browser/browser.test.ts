// What only a browser can show: xhr, fetch as the page has it, CORS, and redirects that are hidden from the page.
import { browserNames, startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import type { LoopbackServer, ResourceServer, TokenEndpoint } from '@axios-authorizer/test-kit';
import { startCorsProxy } from './cors.js';
import { openPage } from './open-page.js';
import type { OpenPage } from './open-page.js';

interface Outcome {
  readonly status?: number;
  readonly message?: string;
}
interface Setting {
  readonly adapter: 'xhr' | 'fetch';
  readonly apiKey?: string;
  readonly requests: readonly {
    readonly url: string;
    readonly method?: string;
    readonly data?: unknown;
    readonly body?: string;
  }[];
}

let open: OpenPage;
let idp: TokenEndpoint;
let api: ResourceServer;
let elsewhere: ResourceServer;
let proxies: { readonly idp: LoopbackServer; readonly api: LoopbackServer; readonly elsewhere: LoopbackServer };

beforeEach(async () => {
  idp = await startTokenEndpoint();
  api = await startResourceServer({ accepts: (bearer) => bearer !== undefined && idp.valid(bearer) });
  elsewhere = await startResourceServer({ accepts: () => true });
  const [first, second, third] = await Promise.all([idp, api, elsewhere].map(({ origin }) => startCorsProxy(origin)));
  if (!first || !second || !third) throw new Error('three proxies were started');
  proxies = { idp: first, api: second, elsewhere: third };
});
afterEach(() => Promise.all([idp, api, elsewhere, ...Object.values(proxies)].map((server) => server.stop())));

/** Sends from inside the page. */
async function send(setting: Setting): Promise<readonly Outcome[]> {
  const urls = { tokenUrl: `${proxies.idp.origin}/token`, apiUrl: proxies.api.origin };
  return (await open.run({ ...urls, ...setting })) as readonly Outcome[];
}

/** Body and type of a request; the boundary of a multipart body is another one each time. */
function sentBy({ headers, body }: ResourceServer['requests'][number]): {
  readonly type: string;
  readonly body: string;
} {
  const type = headers['content-type'] ?? '';
  const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? 'no boundary';
  return { type: type.replace(boundary, ''), body: body.toString().replaceAll(boundary, '') };
}

function awayUrl(): string {
  return `/redirect?to=${encodeURIComponent(`${proxies.elsewhere.origin}/loot`)}`;
}

function arrivalsElsewhere(): readonly (string | undefined)[] {
  return elsewhere.requests.flatMap(({ headers }) => [headers.authorization, headers['x-api-key']?.toString()]);
}

describe.each(browserNames)('in %s', (browser) => {
  beforeAll(async () => {
    open = await openPage(browser);
  });
  afterAll(() => open.close());

  describe.each(['xhr', 'fetch'] as const)('the %s adapter', (adapter) => {
    it('carries the token to an API of another origin, one token for all requests (C9)', async () => {
      const outcomes = await send({ adapter, requests: [{ url: '/a' }, { url: '/b' }] });
      expect(outcomes).toEqual([{ status: 200 }, { status: 200 }]);
      expect(api.bearers()).toEqual([idp.issued[0], idp.issued[0]]);
      expect(idp.calls).toBe(1);
    });

    it('has a 401 retried, the body sent again as it was (C8)', async () => {
      api.next({ status: 401 });
      const outcomes = await send({ adapter, requests: [{ url: '/a', method: 'post', data: { n: 1 } }] });
      expect(outcomes).toEqual([{ status: 200 }]);
      expect(api.requests.map(({ body }) => body.toString())).toEqual(['{"n":1}', '{"n":1}']);
      expect(api.bearers()).toEqual([idp.issued[0], idp.issued[1]]);
    });

    it.each([
      ['an object', '{"name":"Ä","list":[1,null]}'],
      ['what transformRequest made', '<n>1</n>'],
      ['a URLSearchParams', 'name=%C3%84+%26'],
      ['a FormData with a file', 'content'],
      ['an object as multipart', 'nested[n]'],
      ['a Blob', 'content'],
      ['an ArrayBuffer', 'bytes'],
      ['a Uint8Array', 'more bytes'],
    ])('sends %s a second time as it was (C8)', async (body, part) => {
      api.next({ status: 401 });
      const outcomes = await send({ adapter, requests: [{ url: '/a', method: 'post', body }] });
      expect(outcomes).toEqual([{ status: 200 }]);
      const [first, second] = api.requests.map(sentBy);
      expect(second).toEqual(first);
      expect(first?.body).toContain(part);
    });

    it('sends X-Api-Key to the API, and never after a redirect to another origin, which is refused unencrypted words (C9)', async () => {
      const [plain, away] = await send({ adapter, apiKey: 'key-1', requests: [{ url: '/a' }, { url: awayUrl() }] });
      expect(plain).toEqual({ status: 200 });
      expect(api.requests[0]?.headers['x-api-key']).toBe('key-1');
      expect(away?.message).toMatch(/redirects.*browser does not tell where/);
      expect(arrivalsElsewhere()).toEqual([]);
    });
  });

  it('a token endpoint that redirects is told as such, or in WebKit as out of reach, and nothing follows (C15)', async () => {
    idp.always({ status: 302, headers: { location: `${proxies.elsewhere.origin}/token` } });
    const [outcome] = await send({ adapter: 'xhr', requests: [{ url: '/a' }] });
    expect(outcome?.message).toMatch(/\/token (?:redirects; check that this is the right URL|could not be reached)/);
    expect(elsewhere.requests).toEqual([]);
  });

  it('the token does not follow a redirect of xhr to another origin (C9)', async () => {
    await send({ adapter: 'xhr', requests: [{ url: awayUrl() }] });
    expect(api.requests).toHaveLength(1);
    expect(arrivalsElsewhere().filter((value) => value !== undefined)).toEqual([]);
  });
});
