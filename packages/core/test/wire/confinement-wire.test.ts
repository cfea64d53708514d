// Does confinement hold on real sockets? The same rules as in confinement.test.ts, seen from the servers.
import { isAuthenticationError } from '../../src/index.js';
import { OVER_FETCH } from './over-fetch.js';
import { rejection, stage, statusOf } from './world.js';

const { world, api: anotherApi, server } = stage();
const clientInfo = { clientId: 'me', apiKey: 'the-key' };
const open = { accepts: () => true };

describe.each(['http', 'fetch', OVER_FETCH])('through the %s adapter', (adapter) => {
  it('an absolute URL over the base URL reaches a stranger without token and key (C9)', async () => {
    const { client, idp } = await world({ auth: { clientInfo }, config: { adapter } });
    const stranger = await anotherApi(open);
    expect(await statusOf(client.get(`${stranger.origin}/items`))).toBe(200);
    const [received] = stranger.requests;
    expect(received?.headers).not.toHaveProperty('authorization');
    expect(received?.headers).not.toHaveProperty('x-api-key');
    expect(idp.calls).toBe(0);
  });

  it('a 401 of a stranger costs no refresh (C7, C9)', async () => {
    const { client, idp } = await world({ config: { adapter } });
    const stranger = await anotherApi({ accepts: () => false });
    await client.get('/first');
    expect(await statusOf(client.get(`${stranger.origin}/items`))).toBe(401);
    expect(idp.calls).toBe(1);
    expect(stranger.requests).toHaveLength(1);
  });

  it('the token goes to /fhir, but not to /fhir2 beside it (C9)', async () => {
    const api = await anotherApi(open);
    const attach = { allow: `${api.origin}/fhir` };
    const { client } = await world({ attach, config: { adapter, baseURL: api.origin } });
    for (const path of ['/fhir', '/fhir/Patient', '/fhir2/Patient', '/fhir/../admin', '/FHIR/Patient'])
      await client.get(path);
    expect(api.bearers()).toEqual(['token-1', 'token-1', undefined, undefined, undefined]);
  });

  it('token and key arrive where they may (C9)', async () => {
    const { client, api } = await world({ auth: { clientInfo }, config: { adapter }, api: { apiKey: 'the-key' } });
    expect(await statusOf(client.get('/items'))).toBe(200);
    expect(api.requests[0]?.headers).toMatchObject({ authorization: 'Bearer token-1', 'x-api-key': 'the-key' });
  });

  it('a token under another header name goes out under that name alone, and is renewed under it (C7)', async () => {
    const headers = (bearer: string): Record<string, string> => ({ 'X-Session': bearer });
    const { client, api, idp } = await world({ auth: { headers }, config: { adapter } });
    api.accepts = (_, { headers: got }) => idp.valid(String(got['x-session']));
    await client.get('/first');
    idp.revokeAll();
    expect(await statusOf(client.get('/items'))).toBe(200);
    expect(api.bearers()).toEqual([undefined, undefined, undefined]);
    expect(api.requests.map(({ headers: got }) => got['x-session'])).toEqual(['token-1', 'token-1', 'token-2']);
  });

  it.each([
    ['a line break', 'good\r\nX-Evil: 1'],
    ['a line feed', 'good\n'],
    ['a blank', 'good token'],
    ['a tab', 'good\ttoken'],
    ['a NUL', 'good\0'],
    ['a letter outside ASCII', 'gööd'],
  ])('a token with %s is a ConfigurationError before anything is sent (C10)', async (_, accessToken) => {
    const { client, idp, api } = await world({ config: { adapter } });
    idp.always({ json: { access_token: accessToken, token_type: 'Bearer', expires_in: 300 } });
    const error = await rejection(client.get('/items'));
    expect(api.requests).toHaveLength(0);
    expect(error).toMatchObject({ name: 'ConfigurationError', kind: 'configuration' });
    expect(error.message).not.toContain(accessToken);
  });

  it('an empty token is an error before anything is sent (C10)', async () => {
    const { client, idp, api } = await world({ config: { adapter } });
    idp.always({ json: { access_token: '', token_type: 'Bearer', expires_in: 300 } });
    expect(isAuthenticationError(await rejection(client.get('/items')))).toBe(true);
    expect(api.requests).toHaveLength(0);
  });
});

it('an answer of a server in scope that redirects nowhere is left alone (C9)', async () => {
  const odd = await server((_, response) => void response.writeHead(302).end('no location'));
  const { client } = await world({ attach: { allow: odd.origin } });
  for (const adapter of ['http', 'fetch']) expect(await statusOf(client.get(`${odd.origin}/x`, { adapter }))).toBe(302);
});
