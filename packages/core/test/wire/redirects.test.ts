// What travels along when a server in scope sends the request elsewhere?
import { OVER_FETCH } from './over-fetch.js';
import { stage, statusOf } from './world.js';
import { both, clientInfo, credentials, none, to, travel } from './travel.js';

const theStage = stage();

const statuses = [301, 302, 303, 307, 308];
const methods = ['get', 'post'];
const adapters = ['http', 'fetch', OVER_FETCH];
const table = adapters.flatMap((adapter) =>
  methods.flatMap((method) => statuses.map((status) => ({ adapter, method, status }))),
);

describe.each(table)('a $status of a $method through the $adapter adapter', ({ adapter, method, status }) => {
  const data = method === 'post' ? { data: { a: 1 } } : {};
  const keeps = method === 'get' || status >= 307;

  it('takes neither token nor key to a stranger (C9)', async () => {
    const { client, api, stranger } = await travel(theStage, adapter);
    expect(await statusOf(client.request({ url: to(`${stranger.origin}/x`, status), method, ...data }))).toBe(200);
    expect(credentials(api)).toEqual([both]);
    expect(credentials(stranger)).toEqual([none]);
    expect(JSON.stringify(stranger.requests[0]?.rawHeaders)).not.toMatch(/token-1|the-key/);
  });

  it('takes both to another origin in scope, with the method and body of the standard (C9)', async () => {
    const { client, friend } = await travel(theStage, adapter);
    await client.request({ url: to(`${friend.origin}/x`, status), method, ...data });
    expect(credentials(friend)).toEqual([both]);
    expect(friend.requests[0]).toMatchObject({ method: keeps ? method.toUpperCase() : 'GET', url: '/x' });
    expect(friend.requests[0]?.body.toString()).toBe(keeps && method === 'post' ? '{"a":1}' : '');
    const { 'content-type': type } = friend.requests[0]?.headers ?? {};
    expect(type).toBe(keeps && method === 'post' ? 'application/json' : undefined);
  });

  it('takes both back into scope after a detour over a stranger (C9)', async () => {
    const { client, api, stranger } = await travel(theStage, adapter);
    const back = stranger.origin + to(`${api.origin}/back`, status);
    await client.request({ url: to(back, status), method, ...data });
    expect(credentials(stranger)).toEqual([none]);
    expect(credentials(api)).toEqual([both, both]);
    expect(api.requests[1]?.url).toBe('/back');
  });
});

describe.each(adapters)('through the %s adapter', (adapter) => {
  it.each([
    ['/items', '/items'],
    ['items?x=1', '/items?x=1'],
    ['./a/../items', '/items'],
    ['?to=/items', '/items'],
  ])('a relative Location %s is resolved, and stays in scope (C9)', async (location, url) => {
    const { client, api } = await travel(theStage, adapter);
    expect(await statusOf(client.get(to(location), { params: { q: 'kept at home' } }))).toBe(200);
    expect(api.requests.at(-1)?.url).toBe(url);
    expect(new Set(credentials(api).map(String))).toEqual(new Set([String(both)]));
  });

  it('a protocol-relative Location is another origin (C9)', async () => {
    const { client, stranger } = await travel(theStage, adapter);
    await client.get(to(stranger.origin.replace('http:', '')));
    expect(credentials(stranger)).toEqual([none]);
  });

  it('a Location with a user in it is not allowed, even at the API’s own address (C9)', async () => {
    const { client, friend } = await travel(theStage, adapter);
    await statusOf(client.get(to(friend.origin.replace('://', '://ada:word@')))).catch(() => undefined);
    expect(JSON.stringify(friend.requests.map(({ rawHeaders }) => rawHeaders))).not.toMatch(/token-1|the-key/);
  });

  it('leaving the allowed path of the same origin takes token and key off (C9)', async () => {
    const api = await theStage.api({ accepts: () => true });
    const { client } = await theStage.world({
      auth: { clientInfo },
      config: { adapter },
      attach: { allow: `${api.origin}/redirect` },
    });
    await client.get(api.origin + to(`/admin`));
    await client.get(api.origin + to(to(`/admin`)));
    expect(credentials(api)).toEqual([both, none, both, both, none]);
  });

  it('a 401 of a stranger at the end of a redirect costs no refresh (C7, C9)', async () => {
    const { client, idp, stranger } = await travel(theStage, adapter);
    stranger.accepts = () => false;
    expect(await statusOf(client.get(to(`${stranger.origin}/x`)))).toBe(401);
    expect(idp.calls).toBe(1);
    expect(stranger.requests).toHaveLength(1);
  });

  it('a 401 in scope at the end of a redirect is retried (C7, C9)', async () => {
    const { client, idp, friend } = await travel(theStage, adapter);
    friend.accepts = (bearer) => bearer === 'token-2';
    expect(await statusOf(client.post(to(`${friend.origin}/x`, 307), { a: 1 }))).toBe(200);
    expect(idp.calls).toBe(2);
    expect(friend.requests.map(({ body }) => body.toString())).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('a request that opted out gets no token on its way through scope (C9)', async () => {
    const { client, api, friend, idp } = await travel(theStage, adapter);
    await client.get(to(`${friend.origin}/x`), { authorizer: false });
    expect([...credentials(api), ...credentials(friend)]).toEqual([none, none]);
    expect(idp.calls).toBe(0);
  });

  it('a request not allowed gets no token when it is sent into scope (C9)', async () => {
    const { client, stranger, friend, idp } = await travel(theStage, adapter);
    await client.get(stranger.origin + to(`${friend.origin}/x`));
    expect(credentials(friend)).toEqual([none]);
    expect(idp.calls).toBe(0);
  });
});
