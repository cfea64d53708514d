// Does a hook `headers` that signs requests know what really goes out, each time?
import axios from 'axios';
import http from 'node:http';
import { createRequire } from 'node:module';
import { startLoopback } from '@axios-authorizer/test-kit';
import type { LoopbackHandler, LoopbackServer } from '@axios-authorizer/test-kit';
import { authorizedFetch } from '../../src/fetch/index.js';
import { attachAuth, Authorizer, transientRetry } from '../../src/index.js';
import type { AuthorizerOptions } from '../../src/index.js';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what axios itself uses, and has no types
const followRedirects = createRequire(require.resolve('axios'))('follow-redirects') as { readonly http: object };

const servers: LoopbackServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((each) => each.stop()));
});

async function server(handle: LoopbackHandler): Promise<LoopbackServer> {
  const started = await startLoopback(handle);
  servers.push(started);
  return started;
}

const signing: NonNullable<AuthorizerOptions['headers']> = (bearer, { method, url }) => ({
  Authorization: `Signed ${bearer}`,
  'X-Signature': `${method} ${url.href}`,
});

/** The signatures that arrived, without the origin. */
function signatures({ requests, origin }: LoopbackServer): readonly unknown[] {
  return requests.map(({ headers }) => String(headers['x-signature']).replace(origin, ''));
}

const answers: LoopbackHandler = ({ url }, response) => {
  if (url.startsWith('/from')) response.writeHead(302, { location: '/to?after=1' }).end();
  else response.writeHead(200).end('{}');
};

function authorizer(options: AuthorizerOptions = {}): Authorizer {
  return new Authorizer(async () => 'token', { headers: signing, ...options });
}

describe.each(['http', 'fetch', 'custom'] as const)('over the %s adapter', (kind) => {
  const adapter = kind === 'custom' ? axios.getAdapter('http') : kind;

  it('the hook gets the method and the URL with its params, for each request and each hop (C9)', async () => {
    const api = await server(answers);
    const client = axios.create({ baseURL: api.origin, adapter });
    attachAuth(client, authorizer());
    await client.get('/items', { params: { page: 2, q: 'a b' } });
    await client.post('/from', 'text');
    expect(signatures(api)).toEqual(['GET /items?page=2&q=a+b', 'POST /from', 'GET /to?after=1']);
  });

  it('the hook is called again for a retry with a new token (C7)', async () => {
    const api = await server(({ headers }, response) => {
      response.writeHead(headers.authorization === 'Signed token-2' ? 200 : 401).end();
    });
    let count = 0;
    const auth = new Authorizer(async () => `token-${++count}`, { headers: signing });
    const client = axios.create({ baseURL: api.origin, adapter });
    attachAuth(client, auth);
    expect((await client.delete('/items/1')).status).toBe(200);
    expect(signatures(api)).toEqual(['DELETE /items/1', 'DELETE /items/1']);
  });

  it.each([
    ['a name with a blank', { 'A B': 'x' }],
    ['an empty name', { '': 'x' }],
    ['a control character', { A: 'x\u0001' }],
    ['a character beyond bytes', { A: '\u2028' }],
  ])('%s is a ConfigurationError, and nothing is sent (C16)', async (_what, made) => {
    const api = await server(answers);
    const client = axios.create({ baseURL: api.origin, adapter });
    attachAuth(client, authorizer({ headers: () => made }));
    await expect(client.get('/from')).rejects.toMatchObject({ kind: 'configuration' });
    expect(api.requests).toEqual([]);
  });

  it('a header that axios writes otherwise than it was given goes to no redirect that is not allowed (C9)', async () => {
    for (const headers of [
      (bearer: string, { method }: { readonly method: string }) => ({ 'X-Session': `${bearer} ${method}\t` }),
      (bearer: string) => ({ 'X-Session': `${bearer}\t` }),
    ]) {
      const api = await server(({ url }, response) => {
        const [, next] = /^\/from\/(.*)$/.exec(url) ?? [];
        if (next === undefined) response.writeHead(200).end();
        else response.writeHead(302, { location: `/${next}` }).end();
      });
      const client = axios.create({ adapter });
      attachAuth(client, authorizer({ headers }), { allow: `${api.origin}/from` });
      await client.get(`${api.origin}/from/from/admin`);
      const [first, second, third] = api.requests.map((request) => request.headers['x-session']);
      expect(first).toMatch(/^token/);
      expect([second, third]).toEqual([first, undefined]);
    }
  });

  it('what it throws fails the request with a ConfigurationError, and nothing is sent', async () => {
    const api = await server(answers);
    const client = axios.create({ baseURL: api.origin, adapter });
    const headers = (_bearer: string, { url }: { readonly url: URL }): Record<string, string> => {
      if (url.pathname === '/to') throw new Error('no key for this path');
      return { 'X-Signature': 'good' };
    };
    attachAuth(client, authorizer({ headers }));
    await expect(client.get('/to')).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/no key for this path/) as string,
    });
    await expect(client.get('/from')).rejects.toMatchObject({ kind: 'configuration' });
    expect(api.requests.map(({ url }) => url)).toEqual(['/from']);
  });
});

it("a header of its own that the caller has set is the caller's (C10)", async () => {
  const api = await server(answers);
  const client = axios.create({ baseURL: api.origin });
  attachAuth(client, authorizer());
  await client.get('/from', { headers: { 'X-Signature': 'mine' } });
  expect(signatures(api)).toEqual(['mine', 'mine']);
  expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(['Signed token', 'Signed token']);
});

it('the hook is called again by each try of transientRetry (C12)', async () => {
  let calls = 0;
  let left = 2;
  const api = await server((_request, response) => {
    left -= 1;
    response.writeHead(left < 0 ? 200 : 503).end();
  });
  const client = axios.create({ baseURL: api.origin });
  const headers = (bearer: string, { method }: { readonly method: string }): Record<string, string> => ({
    'X-Nonce': `${bearer} ${method} ${++calls}`,
  });
  attachAuth(client, authorizer({ headers }), { retry: transientRetry({ retryDelay: () => 0 }) });
  await client.get('/');
  expect(new Set(api.requests.map((request) => request.headers['x-nonce'])).size).toBe(3);
});

describe('where redirects are followed by hand', () => {
  const key = { clientInfo: { clientId: 'me', apiKey: 'the-key' } };

  it('a hop that the caller gives credentials of its own carries the API key, and no token (C10)', async () => {
    const api = await server(answers);
    const client = axios.create({ baseURL: api.origin });
    attachAuth(client, authorizer(key));
    const beforeRedirect = (options: Record<string, unknown>): void => {
      Object.assign(options['headers'] as object, { authorization: 'Basic mine' });
    };
    await client.get('/from', { beforeRedirect });
    expect(api.requests[1]?.headers).toMatchObject({ authorization: 'Basic mine', 'x-api-key': 'the-key' });
  });

  it.each([
    ['host and port', ({ port }: URL) => ({ hostname: undefined, host: '127.0.0.1', port })],
    ['port as a number', ({ port }: URL) => ({ port: Number(port) })],
    ['host name and path', ({ port }: URL) => ({ hostname: 'localhost', port, path: '/other?x' })],
  ])('a beforeRedirect that rewrites %s leads there, without our headers (C9)', async (_what, change) => {
    const [api, stranger] = [await server(answers), await server(answers)];
    const client = axios.create({ baseURL: api.origin });
    attachAuth(client, authorizer(key));
    const place = change(new URL(stranger.origin));
    await client.get('/from', { beforeRedirect: (options) => void Object.assign(options, place) });
    expect(stranger.requests).toHaveLength(1);
    expect(JSON.stringify(stranger.requests[0]?.rawHeaders)).not.toMatch(/token|the-key|signature/i);
  });

  it('a hop to this machine goes through no proxy of the environment, and the next one to another host does (C9)', async () => {
    const through: unknown[] = [];
    const proxy = await server((request, response) => {
      through.push([request.url, request.headers.authorization]);
      response.writeHead(302, { location: `${api.origin}/to` }).end();
    });
    const api: LoopbackServer = await server(({ url }, response) => {
      if (url === '/from') response.writeHead(302, { location: 'http://api.example/through' }).end();
      else response.writeHead(200).end('{}');
    });
    const client = axios.create({ baseURL: api.origin });
    attachAuth(client, authorizer(), { allow: [api.origin, 'http://api.example'], allowInsecure: true });
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = proxy.origin;
    try {
      expect((await client.get('/from')).status).toBe(200);
    } finally {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
    }
    expect(through).toEqual([['http://api.example/through', 'Signed token']]);
    expect(api.requests.map(({ url }) => url)).toEqual(['/from', '/to']);
  });

  it('a redirect that an adapter made up is the answer (C9)', async () => {
    const client = axios.create({
      baseURL: 'https://api.example.org',
      validateStatus: null,
      adapter: async (config) =>
        Promise.resolve({ config, status: 302, statusText: '', headers: { location: '/to' }, data: '' }),
    });
    attachAuth(client, authorizer());
    expect((await client.get('/from')).status).toBe(302);
  });

  it('a transport that does not follow redirects gives them as they are, one that does is asked to stay (C9)', async () => {
    const api = await server(answers);
    const client = axios.create({ baseURL: api.origin, adapter: 'http', validateStatus: null });
    attachAuth(client, authorizer());
    expect((await client.get('/from', { transport: http })).status).toBe(302);
    expect((await client.get('/from', { transport: followRedirects.http })).status).toBe(200);
    expect(signatures(api)).toEqual(['GET /from', 'GET /from', 'GET /to?after=1']);
  });
});

it('authorizedFetch calls it for each request and each hop (C22)', async () => {
  const api = await server(answers);
  const send = authorizedFetch(authorizer(), { allow: api.origin });
  await send(`${api.origin}/from?x=1`, { method: 'post', body: 'text' });
  await send(`${api.origin}/items`, { method: 'PATCH' });
  expect(signatures(api)).toEqual(['POST /from?x=1', 'GET /to?after=1', 'PATCH /items']);
});

it('headers(url, { method }) calls it, headersFor cannot and says so', async () => {
  const auth = authorizer({ allow: 'https://api.example.org' });
  await expect(auth.headers('https://api.example.org/a?b=c', { method: 'PUT' })).resolves.toEqual({
    Authorization: 'Signed token',
    'X-Signature': 'PUT https://api.example.org/a?b=c',
  });
  await expect(auth.headers('https://api.example.org/', { method: 'post' })).resolves.toMatchObject({
    'X-Signature': 'POST https://api.example.org/',
  });
  const token = await auth.getToken();
  expect(() => auth.headersFor(token)).toThrow(/authorizer\.headers\(url, \{ method \}\)/);
  await expect(auth.headers('https://api.example.org/', { methd: 'PUT' } as object)).rejects.toThrow(
    /did you mean method/,
  );
});

it('a hook that changes the URL to sign it moves no request (C9)', async () => {
  const api = await server(answers);
  const headers = (bearer: string, { url }: { readonly url: URL }): Record<string, string> => {
    url.searchParams.sort();
    url.pathname = '/elsewhere';
    return { Authorization: bearer, 'X-Signature': url.href };
  };
  const client = axios.create({ baseURL: api.origin });
  attachAuth(client, authorizer({ headers }));
  await client.get('/b?z=1&a=2');
  await client.get('/b?z=1&a=2');
  await authorizedFetch(authorizer({ headers }), { allow: api.origin })(`${api.origin}/b?z=1&a=2`);
  expect(new Set(api.requests.map(({ url }) => url))).toEqual(new Set(['/b?z=1&a=2']));
  expect(new Set(signatures(api))).toEqual(new Set(['/elsewhere?a=2&z=1']));
});

it('a hook with one parameter is called once a token, before get() returns (C14)', async () => {
  const api = await server(answers);
  let calls = 0;
  const client = axios.create({ baseURL: api.origin });
  attachAuth(client, authorizer({ headers: (bearer: string) => ({ 'X-Token': `${bearer} ${++calls}` }) }));
  await client.get('/');
  await client.get('/');
  expect(calls).toBe(1);
});
