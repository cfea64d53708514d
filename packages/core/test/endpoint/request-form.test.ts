// What leaves for a token endpoint, byte by byte?
import { requestToken } from '../../src/extend.js';
import { adapters, grant, tokenEndpoint } from './stage.js';

describe.each(adapters)('over the %s adapter', (adapter) => {
  it('the grant travels form-encoded, blanks as + and the rest as UTF-8 (C15)', async () => {
    const endpoint = await tokenEndpoint();
    const body = grant('client_credentials', { scope: 'a b', note: 'é+&=%/ü' });
    await requestToken({ url: endpoint.url, body, transport: { adapter } });
    expect(endpoint.requests[0]?.body.toString()).toBe(
      'grant_type=client_credentials&scope=a+b&note=%C3%A9%2B%26%3D%25%2F%C3%BC',
    );
    expect(endpoint.requests[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
  });

  it('a token request is a POST that asks for JSON and for no stored answer (C15)', async () => {
    const endpoint = await tokenEndpoint();
    await requestToken({ url: endpoint.url, body: grant(), transport: { adapter } });
    expect(endpoint.requests[0]).toMatchObject({ method: 'POST', headers: { accept: 'application/json' } });
    expect(endpoint.requests[0]?.headers['if-none-match']).toBeUndefined();
  });

  it('the query of the URL is kept (C15)', async () => {
    const endpoint = await tokenEndpoint();
    await requestToken({ url: `${endpoint.url}?tenant=a%20b&v=2`, body: grant(), transport: { adapter } });
    expect(endpoint.requests[0]?.url).toBe('/token?tenant=a%20b&v=2');
    expect(endpoint.requests[0]?.body.toString()).toBe('grant_type=client_credentials');
  });

  it('a public client sends no Authorization (C15)', async () => {
    const endpoint = await tokenEndpoint();
    await requestToken({ url: endpoint.url, body: grant(), transport: { adapter } });
    expect(endpoint.requests[0]?.headers.authorization).toBeUndefined();
  });
});

it('the form that was handed in stays as it was (C15)', async () => {
  const endpoint = await tokenEndpoint();
  const body = grant();
  await requestToken({ url: endpoint.url, body, clientAuth: ({ body: sent }) => sent.set('client_id', 'me') });
  expect(body.toString()).toBe('grant_type=client_credentials');
  expect(endpoint.bodies[0]?.get('client_id')).toBe('me');
});
