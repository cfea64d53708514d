// A fetch with the rules of the axios clients: what does it take, what does it send, and what comes back? The tables that it shares
// with axios clients (redirects, confinement, what counts as rejected, sessions) are run for it where they stand.
import { Readable } from 'node:stream';
import { gate, until } from '@axios-authorizer/test-kit';
import type { Received } from '@axios-authorizer/test-kit';
import { authorizedFetch } from '../../src/fetch/index.js';
import type {
  AuthorizedFetch,
  AuthorizedFetchOptions,
  AuthorizedPoolFetchOptions,
  AuthorizedRequestInit,
} from '../../src/fetch/index.js';
import { Authorizer, AuthorizerPool, isAuthenticationError } from '../../src/index.js';
import type { Token } from '../../src/index.js';
import { apiKey, clientSecret, shown, token as secretToken } from '../secrets/secrets.js';
import { stage, tally, upTo } from './world.js';
import type { World, WorldOptions } from './world.js';

const { world, api: anotherApi, server } = stage();

interface Scene extends World {
  readonly fetch: AuthorizedFetch;
  readonly url: string;
}

async function scene(options: Partial<AuthorizedFetchOptions> = {}, others: WorldOptions = {}): Promise<Scene> {
  const found = await world({ attach: false, ...others });
  const fetch = authorizedFetch(found.auth, { allow: found.api.origin, ...options });
  return { ...found, fetch, url: `${found.api.origin}/items` };
}

/** A scene whose token has just been revoked. */
async function revoked(options: Partial<AuthorizedFetchOptions> = {}): Promise<Scene> {
  const found = await scene(options);
  await found.auth.getToken();
  found.idp.revokeAll();
  return found;
}

function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('Expected a rejection')),
    (error: unknown) => error,
  );
}

function notices({ events }: World): string[] {
  return events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
}

/** What a server got, without the random boundary of a form. */
function bodyOf(request: Received | undefined): string {
  const boundary = /boundary=(\S+)/.exec(request?.headers['content-type'] ?? '')?.[1];
  const body = request?.body.toString('latin1') ?? '';
  return boundary === undefined ? body : body.replaceAll(boundary, 'BOUNDARY');
}

describe('what it takes (C22)', () => {
  it.each<[string, (url: string) => [input: string | URL | Request, init?: AuthorizedRequestInit]]>([
    ['a text', (url) => [url, { method: 'PUT', body: 'x', headers: { 'X-Mine': '1' } }]],
    ['a URL', (url) => [new URL(url), { method: 'PUT', body: 'x', headers: [['x-mine', '1']] }]],
    ['a Request', (url) => [new Request(url, { method: 'PUT', body: 'x', headers: { 'X-Mine': '1' } })]],
    [
      'a Request and an init',
      (url) => [
        new Request(url, { body: 'y', method: 'POST' }),
        { method: 'PUT', body: 'x', headers: { 'X-Mine': '1' } },
      ],
    ],
    [
      'a Request as init',
      (url) => [
        url,
        new Request('http://127.0.0.1/', {
          method: 'PUT',
          body: 'x',
          headers: { 'X-Mine': '1' },
          duplex: 'half',
        } as RequestInit),
      ],
    ],
  ])('%s goes out with the token, else as it is (C22)', async (_what, make) => {
    const { fetch, api, url } = await scene();
    const response = await fetch(...make(url));
    expect([response.status, response.url, response.redirected]).toEqual([200, url, false]);
    expect(api.requests).toMatchObject([
      { method: 'PUT', url: '/items', headers: { 'x-mine': '1', authorization: 'Bearer token-1' } },
    ]);
    expect(bodyOf(api.requests[0])).toBe('x');
  });

  it('what the caller gave in never holds the token (C11, C22)', async () => {
    const { fetch, url } = await scene();
    const headers = new Headers({ 'x-mine': '1' });
    const request = new Request(url, { headers });
    await fetch(request, { headers });
    expect([headers.has('authorization'), request.headers.has('authorization')]).toEqual([false, false]);
  });

  it('a Request of this platform is handed on itself: it may hold what its members do not tell (C22)', async () => {
    const sent: unknown[] = [];
    const mock = async (input: unknown): Promise<Response> => Promise.resolve(new Response(String(sent.push(input))));
    const { fetch, url } = await scene({ fetch: mock });
    const request = new Request(url);
    expect(await (await fetch(request)).text()).toBe('1');
    expect(sent[0]).toBe(request);
  });

  it.each<[string, (allowed: string, evil: string) => unknown]>([
    ['an object that looks like a Request', (url, evil) => ({ url, clone: () => 0, toString: () => evil })],
    [
      'a Request that lies about its URL',
      (url, evil) => Object.defineProperty(new Request(evil), 'url', { value: url }),
    ],
    [
      'an object that says something else each time',
      (url, evil) => {
        let said = 0;
        return { toString: () => (said++ === 0 ? evil : url) };
      },
    ],
  ])('%s gets the token nowhere else (C9, C22)', async (_what, make) => {
    const { fetch, api } = await scene();
    const stranger = await anotherApi({ accepts: () => true });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JavaScript lets through
    await fetch(make(`${api.origin}/x`, `${stranger.origin}/x`) as string);
    expect(stranger.bearers().filter(Boolean)).toEqual([]);
  });

  it('what fetch would refuse, it refuses in the same words, and nobody logs in (C22)', async () => {
    const { fetch, idp } = await scene();
    for (const input of ['/relative', 'https://', 'nonsense']) {
      const [ours, theirs] = await Promise.all([failure(fetch(input)), failure(globalThis.fetch(input))]);
      expect(String(ours)).toBe(String(theirs));
    }
    expect(idp.calls).toBe(0);
  });

  it.each<[string, unknown, RegExp]>([
    ['no `allow`', {}, /where the token may go/],
    ['plain http beyond this machine', { allow: 'http://api.example.org' }, /plain http/],
    ['an option of another name', { allow: 'https://a.example', allowed: 'x' }, /did you mean allow/],
    ['a fetch that is none', { allow: 'https://a.example', fetch: 'undici' }, /`fetch` of authorizedFetch/],
  ])('%s is a ConfigurationError at once (C9, C22)', (_what, options, words) => {
    const auth = new Authorizer(async () => 'token');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JavaScript lets through
    expect(() => authorizedFetch(auth, options as AuthorizedFetchOptions)).toThrow(words);
  });

  it('`headers(url)` answers for the URLs of a fetch as well (C22)', async () => {
    const { fetch, auth, url } = await scene();
    expect(await auth.headers(url)).toEqual({ Authorization: 'Bearer token-1' });
    expect(typeof fetch).toBe('function');
  });
});

const text = 'a body '.repeat(5_000);
function form(): FormData {
  const made = new FormData();
  made.set('note', text);
  made.set('file', new Blob([text], { type: 'text/csv' }), 'a.csv');
  return made;
}
function stream(): ReadableStream {
  return new Blob([text]).stream();
}

describe('a body (C8, C22)', () => {
  it.each<[string, () => RequestInit['body']]>([
    ['a text', () => text],
    ['URLSearchParams', () => new URLSearchParams({ q: 'ä & b' })],
    ['a form', form],
    ['a Blob', () => new Blob([text], { type: 'text/csv' })],
    ['bytes', () => new TextEncoder().encode(text)],
    ['an ArrayBuffer', () => new TextEncoder().encode(text).slice().buffer],
  ])('%s is sent again after a 401, byte for byte (C8, C22)', async (_what, make) => {
    const { fetch, url, api } = await revoked();
    expect((await fetch(url, { method: 'POST', body: make() ?? null })).status).toBe(200);
    const [refused, resent, more] = api.requests;
    expect(bodyOf(resent)).toBe(bodyOf(refused));
    expect(bodyOf(resent).length).toBeGreaterThan(5);
    const types = [refused, resent].map((request) => request?.headers['content-type']?.replace(/boundary=.*/, ''));
    expect(types[0]).toBe(types[1]);
    expect(more).toBeUndefined();
  });

  const spent: [string, (url: string) => [string | Request, AuthorizedRequestInit], string][] = [
    ['a web stream', (url) => [url, { method: 'POST', body: stream(), duplex: 'half' }], 'a web stream'],
    [
      'a Node stream',
      (url) => [url, { method: 'POST', body: Readable.from([text]) as unknown as BodyInit, duplex: 'half' }],
      'a stream',
    ],
    ['that of a Request', (url) => [new Request(url, { method: 'POST', body: text }), {}], 'that of a Request'],
  ];
  it.each(spent)(
    '%s is spent: the 401 is the answer, and the observer hears why (C8, C22)',
    async (_what, make, words) => {
      const found = await revoked();
      const { fetch, url, api, idp } = found;
      const response = await fetch(...make(url));
      expect([response.status, await response.json()]).toEqual([401, { error: 'invalid_token' }]);
      expect(notices(found)).toEqual([expect.stringMatching(new RegExp(`^Not sent again: .*${words}.*resendBody`))]);
      expect((await fetch(url)).status).toBe(200);
      expect([idp.calls, api.requests.length]).toEqual([2, 2]);
    },
  );

  it.each(spent)('%s is sent again with `resendBody` (C8, C22)', async (_what, make) => {
    const { fetch, url, api } = await revoked();
    const [input, init] = make(url);
    expect((await fetch(input, { ...init, resendBody: async () => Promise.resolve(stream()) })).status).toBe(200);
    expect(api.requests.map(bodyOf)).toEqual([text, text]);
  });

  it('a form of a Request is made anew with a boundary of its own (C8, C22)', async () => {
    const { fetch, url, api } = await revoked();
    const request = new Request(url, { method: 'POST', body: form() });
    expect((await fetch(request, { resendBody: form })).status).toBe(200);
    const [refused, resent] = api.requests;
    expect(bodyOf(resent)).toBe(bodyOf(refused));
    expect(bodyOf(resent)).toContain('--BOUNDARY');
  });

  it('`resendBody` that fails leaves the 401, with a notice (C8, C22)', async () => {
    const found = await revoked();
    const init = {
      method: 'POST',
      body: stream(),
      duplex: 'half',
      resendBody: async () => Promise.reject(new Error('the file is gone')),
    } as const;
    expect((await found.fetch(found.url, init)).status).toBe(401);
    expect(notices(found)).toEqual(['Not sent again: resendBody failed (the file is gone)']);
  });
});

describe('a signal (C4, C22)', () => {
  it('ends the wait for a token at once with its reason, never the refresh (C4, C22)', async () => {
    const { opened, open } = gate();
    const auth = new Authorizer(async () => opened.then(() => 'token'));
    const { api } = await scene();
    const fetch = authorizedFetch(auth, { allow: api.origin });
    const controller = new AbortController();
    const waiting = [
      failure(fetch(api.origin, { signal: controller.signal })),
      failure(fetch(new Request(api.origin, { signal: controller.signal }))),
    ];
    const reason = new Error('left the page');
    controller.abort(reason);
    expect(await waiting[0]).toBe(reason);
    expect(await waiting[1]).toBe(reason);
    open();
    expect(await auth.getToken()).toMatchObject({ accessToken: 'token' });
    expect(api.requests).toEqual([]);
  });

  it('that has aborted before starts no login (C4, C22)', async () => {
    const { fetch, url, idp } = await scene();
    expect(await failure(fetch(url, { signal: AbortSignal.abort() }))).toMatchObject({ name: 'AbortError' });
    expect(idp.calls).toBe(0);
  });

  it('ends the wait for a hook that does not answer (C4, C22)', async () => {
    const controller = new AbortController();
    const { fetch, url } = await scene({
      unauthorized: () => {
        controller.abort();
        return new Promise<boolean>(() => undefined);
      },
    });
    expect(await failure(fetch(url, { signal: controller.signal }))).toMatchObject({ name: 'AbortError' });
  });
});

describe('redirects (C9, C22)', () => {
  const to = (target: string, status = 302): string => `/redirect?status=${status}&to=${encodeURIComponent(target)}`;

  it('an answer at the end of some says so, as that of fetch does (C9, C22)', async () => {
    const { fetch, api } = await scene();
    const response = await fetch(api.origin + to(to('/end?a=1')));
    expect([response.status, response.redirected, response.url]).toEqual([200, true, `${api.origin}/end?a=1`]);
  });

  it.each<[AuthorizedRequestInit, number | string]>([
    [{ redirect: 'manual' }, 302],
    [{ redirect: 'error' }, 'TypeError'],
  ])('with %j they are the caller’s own business, and nothing is followed (C9, C22)', async (init, outcome) => {
    const { fetch, api } = await scene();
    for (const input of [api.origin + to('/end'), new Request(api.origin + to('/end'), init)]) {
      const answer = await fetch(input, typeof input === 'string' ? init : {}).then(
        ({ status }) => status,
        (error: Error) => error.name,
      );
      expect(answer).toBe(outcome);
    }
    expect(api.requests.map(({ url }) => url)).toEqual([to('/end'), to('/end')]);
  });

  it('twenty are followed, and the next is a TypeError, as with fetch (C9, C22)', async () => {
    const { fetch, api } = await scene();
    for (const hop of upTo(25))
      api.route(`/${hop}`, (_request, response) => void response.writeHead(302, { location: `/${hop + 1}` }).end());
    expect(await failure(fetch(`${api.origin}/0`))).toMatchObject({ name: 'TypeError' });
    expect(api.requests).toHaveLength(21);
    expect((await fetch(`${api.origin}/5`)).status).toBe(200);
  });

  it.each(['data:text/plain,injected', 'file:///etc/hostname', 'ftp://127.0.0.1/', 'http://'])(
    'to %s are a TypeError (C9, C22)',
    async (location) => {
      const odd = await server((_request, response) => void response.writeHead(302, { location }).end());
      const fetch = authorizedFetch(new Authorizer(async () => 'token'), { allow: odd.origin });
      expect(await failure(fetch(odd.origin))).toMatchObject({ name: 'TypeError' });
    },
  );

  it.each([307, 308])(
    'a %i with a body that is spent is a TypeError; with `resendBody` it is followed (C8, C9, C22)',
    async (status) => {
      const { fetch, api } = await scene();
      const init = { method: 'POST', body: stream(), duplex: 'half' } as const;
      expect(await failure(fetch(api.origin + to('/end', status), init))).toMatchObject({
        name: 'TypeError',
        message: expect.stringContaining('resendBody') as string,
      });
      const again = { method: 'POST', body: stream(), duplex: 'half', resendBody: stream } as const;
      expect((await fetch(api.origin + to('/end', status), again)).status).toBe(200);
      expect(api.requests.at(-1)).toMatchObject({ method: 'POST', url: '/end' });
      expect(bodyOf(api.requests.at(-1))).toBe(text);
    },
  );

  it.each([301, 302, 303])(
    'a POST becomes a GET without a body at a %i, also that of a Request (C9, C22)',
    async (status) => {
      const { fetch, api } = await scene();
      expect((await fetch(new Request(api.origin + to('/end', status), { method: 'POST', body: text }))).status).toBe(
        200,
      );
      expect(api.requests.at(-1)).toMatchObject({
        method: 'GET',
        url: '/end',
        headers: { authorization: 'Bearer token-1' },
      });
      expect(api.requests.at(-1)?.headers).not.toHaveProperty('content-type');
      expect(bodyOf(api.requests.at(-1))).toBe('');
    },
  );
});

describe('a 401 (C7, C22)', () => {
  it('of a hundred requests at once costs one refresh (C2, C7, C22)', async () => {
    const { fetch, url, idp, api } = await revoked();
    const answers = await Promise.all(upTo(100).map(() => fetch(url).then(({ status }) => status)));
    expect(tally(answers)).toEqual({ 200: 100 });
    expect([idp.calls, api.served]).toEqual([2, 100]);
  });

  it('of an API that rejects everybody is no storm on the token endpoint (C7, C22)', async () => {
    const { fetch, url, idp } = await scene({}, { api: { accepts: () => false } });
    for (const _ of upTo(50)) expect((await fetch(url)).status).toBe(401);
    expect(idp.calls).toBe(2);
  });

  it('that stays comes as it came, and the observer hears that the token was fresh (C8, C22)', async () => {
    const found = await scene();
    found.api.next({ status: 401, json: { n: 1 } }, { status: 401, json: { n: 2 }, headers: { 'x-trace': 'second' } });
    const response = await found.fetch(found.url);
    expect([response.status, await response.json(), response.headers.get('x-trace')]).toEqual([
      401,
      { n: 2 },
      'second',
    ]);
    expect(notices(found)).toEqual([expect.stringContaining('A fresh token was rejected as well')]);
    expect(found.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['unauthorized', 'resent']));
  });

  it('gives its body up before the refresh (C8, C22)', async () => {
    const bodies: (ReadableStream | null)[] = [];
    const listening: typeof fetch = async (input, init) => {
      const response = await globalThis.fetch(input, init);
      bodies.push(response.body);
      return response;
    };
    const { fetch, api, url } = await scene({ fetch: listening });
    api.next({ status: 401, trickle: 10_000_000 });
    expect((await fetch(url)).status).toBe(200);
    expect(await bodies[0]?.getReader().read()).toEqual({ done: true, value: undefined });
  });

  it('whose session ends during the refresh is the answer, without its body (C17, C22)', async () => {
    const { opened, open } = gate();
    const asked: string[] = [];
    const auth = new Authorizer(async ({ reason }) =>
      asked.push(reason) === 1 ? 'ada-1' : opened.then(() => 'ada-2'),
    );
    const { api } = await scene();
    const fetch = authorizedFetch(auth, { allow: api.origin });
    api.next({ status: 401, json: { error: 'old' }, headers: { 'x-trace': 'first' } });
    const answer = fetch(`${api.origin}/orders`);
    await until(() => asked.length === 2, 'the refresh');
    await auth.setToken({ accessToken: 'bob-1' });
    open();
    const response = await answer;
    expect([response.status, response.headers.get('x-trace'), response.url, await response.text()]).toEqual([
      401,
      'first',
      `${api.origin}/orders`,
      '',
    ]);
    expect(api.requests).toHaveLength(1);
  });

  it('a request that waits for a token when the session ends is told so, and nothing is sent (C17, C22)', async () => {
    const { opened, open } = gate();
    const auth = new Authorizer<Token>(async () => opened.then(() => 'ada-1'), {
      initialToken: { accessToken: 'ada-0', expiresAt: new Date(0) },
    });
    const { api } = await scene();
    const waiting = failure(authorizedFetch(auth, { allow: api.origin })(api.origin));
    const other = auth.setToken({ accessToken: 'bob-0' });
    open();
    await other;
    expect(await waiting).toMatchObject({ code: 'logged_out', kind: 'session' });
    expect(api.requests).toEqual([]);
  });
});

const asUser: AuthorizedFetchOptions['unauthorized'] = async (_answer, json) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as an application would
  ((await json()) as { code?: number } | undefined)?.code === 401;

describe('the hook `unauthorized` (C7, C22)', () => {
  it('may take its time, read the body of a 200, and have the request retried (C7, C22)', async () => {
    const { fetch, api, url, idp } = await scene({ unauthorized: asUser });
    api.next({ json: { code: 401 } });
    expect(await (await fetch(url)).json()).toMatchObject({ ok: true });
    expect([idp.calls, api.requests.length]).toEqual([2, 2]);
  });

  it.each<[string, string, Record<string, string>, boolean]>([
    ['JSON of a vendor', '{"code":401}', { 'content-type': 'application/problem+json; charset=utf-8' }, true],
    ['JSON with a byte order mark', '\uFEFF{"code":401}', { 'content-type': 'application/json' }, true],
    ['half a JSON', '{"code":401', { 'content-type': 'application/json' }, false],
    ['a text', '{"code":401}', { 'content-type': 'text/plain' }, false],
    ['a stream of events', '{"code":401}', { 'content-type': 'text/event-stream' }, false],
    ['lines of JSON', '{"code":401}', { 'content-type': 'application/x-ndjson' }, false],
    ['nothing', '', { 'content-type': 'application/json' }, false],
    ['just 1 MiB', `{"code":401${' '.repeat(1024 * 1024 - 12)}}`, { 'content-type': 'application/json' }, true],
    ['a byte more', `{"code":401${' '.repeat(1024 * 1024 - 11)}}`, { 'content-type': 'application/json' }, false],
  ])('json() of %s (C7, C22)', async (_what, body, headers, isRead) => {
    let found: unknown;
    let calls = 0;
    const { fetch, api, url } = await scene({
      unauthorized: async (_answer, json) => {
        found = await json();
        return calls++ < 0 || (await json()) !== found;
      },
    });
    api.next({ text: body, headers });
    const response = await fetch(url);
    expect(found).toEqual(isRead ? { code: 401 } : undefined);
    expect(await response.text()).toBe(body.replace(/^\uFEFF/, ''));
  });

  it('what is longer than 1 MiB and does not say so is given up, and stays whole for the caller (C7, C22)', async () => {
    const odd = await server((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(' '.repeat(1024 * 1024));
      response.end(' '.repeat(1024 * 1024));
    });
    const fetch = authorizedFetch(new Authorizer(async () => 'token'), {
      allow: odd.origin,
      unauthorized: async (_answer, json) => (await json()) !== undefined,
    });
    expect((await (await fetch(odd.origin)).text()).length).toBe(2 * 1024 * 1024);
  });

  it('sees status, headers and the URL at the end of redirects (C7, C22)', async () => {
    const seen: unknown[] = [];
    const { fetch, api } = await scene({
      unauthorized: ({ status, headers, url }) => seen.push([status, headers.get('content-type'), url]) < 0,
    });
    await fetch(`${api.origin}/redirect?to=/end`);
    expect(seen).toEqual([[200, 'application/json', `${api.origin}/end`]]);
  });

  it.each<[string, AuthorizedFetchOptions['unauthorized']]>([
    [
      'throws',
      () => {
        throw new Error('the hook is broken');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('the hook is broken'))],
  ])('that %s is reported, and counts as no (C7, C22)', async (_how, unauthorized) => {
    const found = await scene({ unauthorized });
    found.api.next({ status: 401 });
    expect((await found.fetch(found.url)).status).toBe(401);
    expect(notices(found)).toEqual(['The hook `unauthorized` failed, which counts as no: Error: the hook is broken']);
    expect(found.api.requests).toHaveLength(1);
  });
});

describe('whose token (C10, C20, C22)', () => {
  it('a caller’s own Authorization wins, and is told once; `authorizer` names another or none (C10, C22)', async () => {
    const found = await scene({}, { api: { accepts: () => true } });
    const { fetch, url, api } = found;
    const other = new Authorizer(async () => 'other');
    await fetch(url, { headers: { authorization: 'Basic abc' } });
    await fetch(new Request(url, { headers: { authorization: 'Basic abc' } }));
    await fetch(url, { authorizer: false });
    await fetch(url, { authorizer: other });
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Basic abc',
      'Basic abc',
      undefined,
      'Bearer other',
    ]);
    expect(notices(found)).toHaveLength(1);
    expect(found.events.flatMap((event) => (event.type === 'skipped' ? [event.reason] : []))).toEqual([
      'own_authorization',
      'own_authorization',
      'opted_out',
    ]);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JavaScript lets through
    expect(await failure(fetch(url, { authorizer: {} as Authorizer }))).toMatchObject({ kind: 'configuration' });
  });

  it('a caller’s own X-Api-Key stays (C10, C22)', async () => {
    const { fetch, url, api } = await scene({}, { auth: { clientInfo: { clientId: 'me', apiKey: 'ours' } } });
    await fetch(url, { headers: { 'x-api-key': 'mine' } });
    await fetch(url);
    expect(api.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['mine', 'ours']);
  });

  it('that of a pool, by its `key` (C20, C22)', async () => {
    const pool = new AuthorizerPool<{ tenant: string }>(
      ({ tenant }) => new Authorizer(async () => `token-of-${tenant}`),
    );
    const api = await anotherApi();
    const fetch = authorizedFetch(pool, {
      allow: api.origin,
      key: ({ headers, method, url }) => ({
        tenant: `${headers.get('x-tenant')}-${method}-${new URL(url).pathname.slice(1)}`,
      }),
    });
    await Promise.all(['a', 'b'].map((tenant) => fetch(`${api.origin}/x`, { headers: { 'X-Tenant': tenant } })));
    expect(new Set(api.bearers())).toEqual(new Set(['token-of-a-GET-x', 'token-of-b-GET-x']));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JavaScript lets through
    const untyped = { allow: api.origin } as AuthorizedPoolFetchOptions<{ tenant: string }>;
    expect(() => authorizedFetch(pool, untyped)).toThrow('attached with `key`');
  });

  it('a 401 or 403 of an API outside `allow` says to the observer that no token was sent (C9, C22)', async () => {
    const found = await scene();
    const { fetch, api } = found;
    const narrow = authorizedFetch(found.auth, { allow: `${api.origin}/v1` });
    expect((await narrow(`${api.origin}/v2`)).status).toBe(401);
    const stranger = await anotherApi({ accepts: () => false });
    expect((await fetch(stranger.origin)).status).toBe(401);
    expect(notices(found)).toEqual([
      `No token was sent: ${api.origin}/v2 is not allowed to see it. If it should, add its prefix to \`allow\``,
    ]);
    expect(found.idp.calls).toBe(0);
  });
});

describe('what goes wrong (C11, C22)', () => {
  it('a cut connection is the error of fetch, a token that cannot be had an AuthenticationError (C22)', async () => {
    const { fetch, api, url } = await scene();
    api.next({ reset: true });
    expect(await failure(fetch(url))).toMatchObject({ name: 'TypeError', message: 'fetch failed' });
    const nobody = new Authorizer(async () => Promise.reject(new Error('no badge')));
    expect(isAuthenticationError(await failure(authorizedFetch(nobody, { allow: api.origin })(url)))).toBe(true);
    expect(api.requests).toHaveLength(1);
  });

  it.each<[string, Parameters<World['api']['next']>[0], AuthorizedRequestInit]>([
    ['a 200', undefined, {}],
    ['a 401 that stays', { status: 401 }, {}],
    ['a cut connection', { reset: true }, {}],
    ['a redirect to nowhere', { status: 302, headers: { location: 'data:,x' } }, {}],
    ['a redirect that is an error', { status: 302, headers: { location: '/x' } }, { redirect: 'error' }],
    ['a body that is spent', { status: 307, headers: { location: '/x' } }, { method: 'POST', body: text }],
  ])('%s shows no token and no key, answer and error alike (C11, C22)', async (_what, answer, init) => {
    const api = await anotherApi();
    const events: unknown[] = [];
    const clientInfo = { clientId: 'me', clientSecret, apiKey };
    const auth = new Authorizer(() => Promise.resolve(secretToken), {
      clientInfo,
      initialToken: secretToken,
      observer: (event) => events.push(event),
    });
    const fetch = authorizedFetch(auth, { allow: api.origin });
    if (answer) api.next(answer, answer);
    const request = new Request(`${api.origin}/items`, init);
    const found: unknown = await fetch(request).catch((error: unknown) => error);
    expect(api.bearers()[0]).toBe(secretToken.accessToken);
    expect([...shown(found), ...shown(request), ...shown(events), ...shown(fetch)]).toEqual([]);
  });
});

describe('while nobody is signed in, and routes that are left out (C18, C19, C22)', () => {
  it('`signedOut` sends requests without a token and begins no sign-in, until somebody signs in (C18, C22)', async () => {
    let asked = 0;
    const source = (): Promise<Token> => {
      asked += 1;
      return Promise.reject(new Error('Expected no sign-in'));
    };
    const api = await server((_request, response) => void response.end());
    const events: string[] = [];
    const authorizer = new Authorizer(source, {
      observer: (event) => (event.type === 'skipped' ? events.push(event.reason) : undefined),
    });
    const fetch = authorizedFetch(authorizer, { allow: api.origin, signedOut: 'anonymous' });
    expect((await fetch(`${api.origin}/items`)).status).toBe(200);
    await authorizer.setToken({ accessToken: 'of-ada' });
    await fetch(`${api.origin}/items`);
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer of-ada']);
    expect([asked, events]).toEqual([0, ['signed_out']]);
  });

  it('`except` sends a route without a token, waits for nothing and says nothing of its 401 (C19, C22)', async () => {
    const found = await scene({ except: '/login' });
    expect((await found.fetch(`${found.api.origin}/login/start`)).status).toBe(401);
    expect(found.api.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect([found.idp.calls, notices(found)]).toEqual([0, []]);
    expect(found.events.flatMap((event) => (event.type === 'skipped' ? [event.reason] : []))).toEqual(['excepted']);
    expect((await found.fetch(found.url)).status).toBe(200);
  });
});
