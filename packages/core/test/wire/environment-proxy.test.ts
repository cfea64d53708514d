// The environment names a proxy: do requests to this machine, unencrypted, go through it with a token or a secret?
import axios from 'axios';
import { startLoopback, startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';
import type { LoopbackServer, ResourceServer, TokenEndpoint } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer, clientSecretBasic, introspectToken, revokeToken } from '../../src/index.js';
import { sendForm, requestToken } from '../../src/extend.js';
import type { Transport } from '../../src/index.js';

const names = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'];
const before = names.map((name) => [name, process.env[name]] as const);
let proxy: LoopbackServer;
let api: ResourceServer;
let idp: TokenEndpoint;
const others: LoopbackServer[] = [];

beforeEach(async () => {
  proxy = await startLoopback((_request, response) => void response.end('by the proxy'));
  [api, idp] = await Promise.all([startResourceServer(), startTokenEndpoint()]);
  for (const name of names) delete process.env[name];
  process.env['http_proxy'] = proxy.origin;
});
afterEach(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await Promise.all([proxy, api, idp, ...others.splice(0)].map((server) => server.stop()));
});

/** The same server under both names of this machine. */
const hosts = ['127.0.0.1', 'localhost'];

describe.each(hosts)('with %s', (host) => {
  const at = ({ origin }: LoopbackServer): string => origin.replace('127.0.0.1', host);

  it('a request goes straight to it, with its token (C9)', async () => {
    const client = axios.create({ baseURL: at(api), adapter: 'http' });
    attachAuth(client, new Authorizer(async () => 'secret-token'));
    expect((await client.get('/items')).data).toMatchObject({ ok: true });
    expect([api.bearers(), proxy.requests]).toEqual([['secret-token'], []]);
  });

  it('a resend goes straight to it as well (C8, C9)', async () => {
    const client = axios.create({ baseURL: at(api), adapter: 'http' });
    let made = 0;
    attachAuth(client, new Authorizer(async () => `token-${(made += 1)}`));
    api.accepts = (bearer) => bearer === 'token-2';
    await client.get('/items');
    expect([api.bearers(), proxy.requests]).toEqual([['token-1', 'token-2'], []]);
  });

  it('a token request goes straight to it, with its client secret (C9, C15)', async () => {
    const clientAuth = clientSecretBasic({ clientId: 'me', clientSecret: 'top-secret' });
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const token = await requestToken({ url: `${at(idp)}/token`, body, clientAuth });
    expect([token.accessToken, proxy.requests]).toEqual(['token-1', []]);
  });
});

it('a request that is not for the authorizer goes by the environment as ever (C9)', async () => {
  const client = axios.create({ baseURL: api.origin, adapter: 'http' });
  attachAuth(client, new Authorizer(async () => 'secret-token'));
  expect((await client.get('/items', { authorizer: false })).data).toBe('by the proxy');
  expect(JSON.stringify(proxy.requests.map(({ headers }) => headers))).not.toContain('secret-token');
});

/** What counts as no proxy given: JavaScript knows more of it than the types do. */
const nothing: readonly { readonly proxy: unknown }[] = [undefined, null, '', 0].map((value) => ({ proxy: value }));
const clientAuth = clientSecretBasic({ clientId: 'me', clientSecret: 'top-secret' });

describe.each(nothing)('with `proxy: $proxy`', (setting) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as a program in JavaScript may write it
  const given = setting as { readonly proxy?: false };

  it('a request goes straight to this machine, whether the client says so or the request (C9)', async () => {
    const clients = [given, {}].map((config) => axios.create({ baseURL: api.origin, adapter: 'http', ...config }));
    for (const client of clients) {
      attachAuth(client, new Authorizer(async () => 'secret-token'));
      await client.get('/items', given);
      await client.get('/items');
    }
    expect([api.bearers(), proxy.requests]).toEqual([Array(4).fill('secret-token'), []]);
  });

  it.each<readonly [string, (url: string, transport: Transport) => Promise<unknown>]>([
    [
      'a token request',
      (url, transport) =>
        requestToken({ url, transport, clientAuth, body: new URLSearchParams({ grant_type: 'client_credentials' }) }),
    ],
    ['an introspection', (url, transport) => introspectToken({ url, transport, clientAuth, token: 'secret' })],
    ['a revocation', (url, transport) => revokeToken({ url, transport, clientAuth, token: 'secret' })],
    ['a request of another package', (url, transport) => sendForm({ url, transport })],
  ])('%s goes straight to this machine (C9, C15)', async (_what, ask) => {
    await ask(`${idp.origin}/token`, given).catch(() => undefined);
    expect([idp.requests.length, proxy.requests]).toEqual([1, []]);
  });
});

it('a proxy that the caller names is used, for this machine as well (C9)', async () => {
  const { hostname: host, port } = new URL(proxy.origin);
  const client = axios.create({ baseURL: api.origin, adapter: 'http', proxy: { host, port: Number(port) } });
  attachAuth(client, new Authorizer(async () => 'secret-token'));
  expect((await client.get('/items')).data).toBe('by the proxy');
});

it.each([undefined, null])('a redirect to this machine goes straight there, with `proxy: %s` (C9)', async (value) => {
  const { origin } = api;
  const sender = await startLoopback(
    (_, response) => void response.writeHead(302, { location: `${origin}/x?y` }).end(),
  );
  others.push(sender);
  process.env['http_proxy'] = sender.origin.replace('://', '://ada:word@');
  const client = axios.create({ baseURL: 'http://api.example', adapter: 'http' });
  attachAuth(client, new Authorizer(async () => 'secret-token'), {
    allow: ['http://api.example', origin],
    allowInsecure: true,
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as a program in JavaScript may write it
  const { data } = await client.get<unknown>('/items', { proxy: value as unknown as false });
  expect(data).toMatchObject({ ok: true, path: '/x?y' });
  expect([api.bearers(), sender.requests.length]).toEqual([['secret-token'], 1]);
  expect(api.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
});
