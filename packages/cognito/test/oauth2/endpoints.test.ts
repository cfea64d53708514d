// Which URLs follow from a domain, and which from endpoints that are given in full?
import { OAuth2Authorizer } from '../../src/index.js';
import { app, failureOf, loopback, noting, tokenEndpoint } from './stage.js';

const host = 'my-pool.auth.eu-west-1.amazoncognito.com';

it.each([
  [host, `https://${host}/oauth2/token`],
  [`${host}/`, `https://${host}/oauth2/token`],
  [`https://${host}`, `https://${host}/oauth2/token`],
  [`https://${host}/`, `https://${host}/oauth2/token`],
  [`https://${host}///`, `https://${host}/oauth2/token`],
  [`HTTPS://${host}`, `HTTPS://${host}/oauth2/token`],
  ['login.example.com:8443', 'https://login.example.com:8443/oauth2/token'],
  ['https://example.com/login/', 'https://example.com/login/oauth2/token'],
])('the domain %s is asked at %s (C15)', async (domain, url) => {
  const { transport, urls } = noting();
  await new OAuth2Authorizer(app, { domain, transport }).getToken();
  expect(urls).toEqual([url]);
});

it('logout revokes beside it (C16)', async () => {
  const { transport, urls } = noting();
  const authorizer = new OAuth2Authorizer(app, { domain: host, transport });
  await authorizer.getToken();
  await authorizer.logout();
  expect(urls).toEqual([`https://${host}/oauth2/token`, `https://${host}/oauth2/revoke`]);
});

it('an endpoint in full goes before the domain, each for itself (C15)', async () => {
  const { transport, urls } = noting();
  const [tokenUrl, revocationUrl] = ['https://a.example.com/token?v=2', 'https://b.example.com/revoke'];
  const both = { domain: host, transport };
  for (const given of [{ tokenUrl }, { revocationUrl }]) {
    const authorizer = new OAuth2Authorizer(app, { ...both, ...given });
    await authorizer.getToken();
    await authorizer.logout();
  }
  const own = [tokenUrl, `https://${host}/oauth2/revoke`];
  expect(urls).toEqual([...own, `https://${host}/oauth2/token`, revocationUrl]);
});

it.each([[''], ['/']])('a domain on this machine is asked over http, with %j at its end (C15)', async (end) => {
  const pool = await loopback((_, response) => {
    response.writeHead(200).end('{"access_token":"the-token","expires_in":3600}');
  });
  const authorizer = new OAuth2Authorizer(app, { domain: `${pool.origin}${end}` });
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'the-token' });
  await authorizer.logout();
  expect(pool.requests.map(({ url }) => url)).toEqual(['/oauth2/token', '/oauth2/revoke']);
});

it.each([
  ['plain http beyond this machine', { domain: 'http://login.example.com' }],
  ['a token endpoint unencrypted', { tokenUrl: 'http://login.example.com/token' }],
  ['a domain with a user', { domain: 'me:secret@login.example.com' }],
  ['a domain with a fragment', { tokenUrl: 'https://login.example.com/token#here' }],
  ['a domain that is only a scheme', { domain: 'https://' }],
  ['a domain that is only a slash', { domain: '/' }],
  ['a domain that is blank', { domain: ' ' }],
  ['a token endpoint without a host', { tokenUrl: '/oauth2/token' }],
])('%s is never asked (C9)', async (_, given) => {
  const { transport, urls } = noting();
  const asked = (async () => new OAuth2Authorizer(app, { ...given, transport }).getToken())();
  expect(await failureOf(asked)).toMatchObject({ kind: 'configuration' });
  expect(urls).toEqual([]);
});

it('a redirect of the token endpoint is not followed (C15)', async () => {
  const elsewhere = await tokenEndpoint();
  const endpoint = await tokenEndpoint();
  endpoint.next({ status: 307, headers: { location: elsewhere.url } });
  const error = await failureOf(new OAuth2Authorizer(app, { tokenUrl: endpoint.url }).getToken());
  expect(error).toMatchObject({ kind: 'configuration', status: 307 });
  expect(elsewhere.requests).toEqual([]);
});
