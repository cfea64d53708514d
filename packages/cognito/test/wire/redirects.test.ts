// An API behind the pool sends the request elsewhere: token and key stay behind, unless it is in scope.
import { createCognitoClient } from '../../src/index.js';
import { failureOf, loopback } from '../stage.js';
import { adapters, apiKey, apiOf, credentials, none, scene, stranger, to } from './stage.js';

const statuses = [301, 302, 303, 307, 308];
const table = adapters.flatMap((adapter) => statuses.map((status) => [adapter, status] as const));

describe.each(table)('over the %s adapter, status %i', (adapter, status) => {
  it('another origin gets neither token nor key (G2)', async () => {
    const other = await stranger();
    const { api, client } = await scene({ config: { adapter } });
    expect((await client.get(to(`${other.origin}/x`, status))).status).toBe(200);
    expect(credentials(api)).toEqual([[`Bearer ${client.authorizer.accessToken}`, apiKey]]);
    expect(credentials(other)).toEqual([none]);
    expect(JSON.stringify(other.requests[0]?.rawHeaders)).not.toContain(apiKey);
  });

  it('another origin gets neither of a POST (G2)', async () => {
    const other = await stranger();
    const { client } = await scene({ config: { adapter } });
    await client.post(to(`${other.origin}/x`, status), { a: 1 });
    expect(credentials(other)).toEqual([none]);
  });

  it('the way back into scope gets both again (G2)', async () => {
    const { api, client, ...base } = await scene({ config: { adapter } });
    const other = await apiOf(base, { apiKey: '' });
    await client.get(to(other.origin + to(`${api.origin}/back`, status), status));
    const both = [`Bearer ${client.authorizer.accessToken}`, apiKey];
    expect([credentials(api), credentials(other)]).toEqual([[both, both], [none]]);
  });
});

describe.each(adapters)('over the %s adapter', (adapter) => {
  it('a friend that is allowed gets both (G2)', async () => {
    const { api, ...base } = await scene();
    const friend = await apiOf(base);
    const { clientInfo, options } = base;
    const client = createCognitoClient({ ...options, clientInfo, allow: [api.origin, friend.origin] }, { adapter });
    expect((await client.get(api.origin + to(`${friend.origin}/x`))).status).toBe(200);
    expect(friend.served).toBe(1);
  });

  it('a stranger that answers 401 at the end costs no refresh and no sign-in (G3)', async () => {
    const other = await loopback((_request, response) => void response.writeHead(401).end());
    const { pool, client } = await scene({ config: { adapter } });
    expect(await failureOf(client.get(to(`${other.origin}/x`)))).toMatchObject({ response: { status: 401 } });
    expect(pool.operations).toHaveLength(2);
    expect(credentials(other)).toEqual([none]);
  });
});
