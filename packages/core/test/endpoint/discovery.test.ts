// Are a server's endpoints found by its issuer, and is nothing sent to a server that speaks for another (RFC 8414, OpenID Connect
// Discovery, RFC 9728)?
import { ManualClock, until } from '@axios-authorizer/test-kit';
import {
  authorizationCodeSource,
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  clientSecretPost,
  ConfigurationError,
  deviceCodeSource,
  discoverResource,
  discoverServer,
  publicClient,
  refreshTokenSource,
} from '../../src/index.js';
import { adapters, failureOf, hourMs, loopback, tokenRequest } from './stage.js';
import { dpopProof } from '../../src/dpop/index.js';
import { recordOf } from '../../src/internal/records.js';
import type { LoopbackServer } from '@axios-authorizer/test-kit';
import type { OAuth2SourceOptions } from '../../src/index.js';

const OAUTH = '/.well-known/oauth-authorization-server';
const OPENID = '/.well-known/openid-configuration';
const RESOURCE = '/.well-known/oauth-protected-resource';
const clientAuth = clientSecretBasic({ clientId: 'me', clientSecret: 'the-secret' });

interface Site extends LoopbackServer {
  /** What its documents say by path; changed by a test as it goes. */
  readonly documents: Record<string, object | string | number>;
  readonly tokenRequests: () => number;
}

/** A server whose documents a test writes; a POST to an empty one is answered with a token, a number is the status. */
async function site(): Promise<Site> {
  const documents: Site['documents'] = {};
  const server = await loopback(({ method, url }, response) => {
    const { [url]: found = 404 } = documents;
    if (typeof found === 'number') response.writeHead(found, { location: '/elsewhere' }).end();
    else if (method === 'POST' && Object.keys(recordOf(found)).length === 0)
      response.end('{"access_token":"issued","expires_in":60,"refresh_token":"next"}');
    else response.end(typeof found === 'string' ? found : JSON.stringify(found));
  });
  const tokenRequests = (): number => server.requests.filter(({ method }) => method === 'POST').length;
  return Object.assign(server, { documents, tokenRequests });
}

/** One that publishes itself at `place`, below `path`. */
async function publishing(
  members: object = {},
  { path = '', place = OAUTH }: { readonly path?: string; readonly place?: string } = {},
): Promise<Site & { issuer: string }> {
  const server = await site();
  const issuer = `${server.origin}${path}`;
  server.documents[place] = { issuer, token_endpoint: `${server.origin}/token`, ...members };
  server.documents['/token'] = {};
  return Object.assign(server, { issuer });
}

function source(options: Partial<OAuth2SourceOptions>): ReturnType<typeof clientCredentialsSource> {
  return clientCredentialsSource({ clientAuth, ...options });
}

describe.each(adapters)('over the %s adapter', (adapter) => {
  const transport = { adapter };

  it.each([
    ['where RFC 8414 has it', '', OAUTH],
    ['between host and path', '/tenants/1', `${OAUTH}/tenants/1`],
    ['where OpenID Connect has it', '', OPENID],
    ['behind the path', '/tenants/1', `/tenants/1${OPENID}`],
  ])('the document is found %s (C24)', async (_, path, place) => {
    const { issuer, tokenRequests } = await publishing({}, { path, place });
    const token = await source({ issuer, transport }).authorize(tokenRequest());
    expect(token.accessToken).toBe('issued');
    expect(tokenRequests()).toBe(1);
  });

  it.each<[what: string, answer: object | string | number]>([
    ['an issuer that differs by a slash', { issuer: 'https://id.example.org/' }],
    ['another issuer', { issuer: 'https://evil.example.org' }],
    ['no issuer', {}],
    ['a page', '<html>Sign in</html>'],
    ['a list', '[]'],
    ['a redirect', 302],
    ['nothing', 404],
    ['an outage', 503],
    ['a document of 2 MiB', `{"padding":"${'x'.repeat(2 ** 21)}"}`],
  ])('%s in place of the document: a typed error, and nothing is sent (C24)', async (_, answer) => {
    const server = await site();
    server.documents[OAUTH] = answer;
    server.documents['/token'] = {};
    const error = await failureOf(source({ issuer: server.origin, transport }).authorize(tokenRequest()));
    expect(error).toMatchObject({ kind: answer === 503 ? 'unavailable' : 'configuration' });
    expect(['configuration', 'discovery_failed']).toContain(recordOf(error)['code']);
    expect(server.tokenRequests()).toBe(0);
    expect(server.requests.map(({ url }) => url)).not.toContain('/elsewhere');
  });

  it('a document without end is cut off (C24)', async () => {
    const server = await loopback(async (_, response) => {
      for (let sent = 0; sent < 64 && !response.destroyed; sent++) {
        response.write('x'.repeat(65_536));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.destroy();
    });
    const error = await failureOf(discoverServer(server.origin, { transport }));
    expect(error).toMatchObject({ code: 'discovery_failed' });
  });
});

it('a server that says nothing is given up after ten seconds (C24)', async () => {
  const clock = new ManualClock();
  const server = await loopback(() => undefined);
  const failure = failureOf(discoverServer(server.origin, { clock }));
  await until(() => server.requests.length === 1);
  await clock.advance(10_000);
  expect(await failure).toMatchObject({ code: 'timeout', kind: 'unavailable', transient: true });
});

describe('an issuer that does not match', () => {
  it('is shown beside the one that was asked for (C24)', async () => {
    const server = await publishing({ issuer: 'https://tenant.auth0.example/' });
    const error = await failureOf(discoverServer(server.issuer));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toHaveProperty('message', expect.stringContaining(`"${server.issuer}"`));
    expect(error).toHaveProperty('message', expect.stringContaining('write issuer: "https://tenant.auth0.example/"'));
  });

  it('of Entra ID for all tenants asks for the tenant (C24)', async () => {
    const server = await publishing({ issuer: 'https://login.example/{tenantid}/v2.0' });
    const error = await failureOf(discoverServer(server.issuer));
    expect(error).toHaveProperty('message', expect.stringContaining('"https://login.example/<tenant id>/v2.0"'));
  });
});

describe('what is published is judged', () => {
  it.each<[what: string, members: object, said: RegExp]>([
    ['plain http beyond this machine', { token_endpoint: 'http://id.example.org/token' }, /not https/],
    ['a user in a URL', { token_endpoint: 'https://me:secret@id.example.org/token' }, /user or a fragment/],
    ['a fragment', { token_endpoint: 'https://id.example.org/token#a' }, /user or a fragment/],
    ['a relative URL', { token_endpoint: '/token' }, /no token_endpoint/],
    ['no token endpoint', { token_endpoint: null }, /no token_endpoint/],
    ['a number', { token_endpoint: 7 }, /no token_endpoint/],
    ['another scheme', { token_endpoint: 'javascript:alert(1)' }, /no token_endpoint/],
    ['a plain revocation endpoint', { revocation_endpoint: 'http://id.example.org/revoke' }, /revocation_endpoint/],
    ['a plain alias', { mtls_endpoint_aliases: { token_endpoint: 'http://id.example.org/t' } }, /not https/],
  ])('%s: nothing is sent (C24)', async (_, members, said) => {
    const server = await publishing(members);
    const error = await failureOf(source({ issuer: server.issuer }).authorize(tokenRequest()));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toHaveProperty('message', expect.stringMatching(said));
    expect(server.tokenRequests()).toBe(0);
  });

  it('endpoints may lie at another host, as long as that is https or this machine (C24)', async () => {
    const elsewhere = await site();
    elsewhere.documents['/token'] = {};
    const { issuer } = await publishing({ token_endpoint: `${elsewhere.origin}/token` });
    await source({ issuer }).authorize(tokenRequest());
    expect(elsewhere.tokenRequests()).toBe(1);
  });

  it('all of it can be read (C24)', async () => {
    const { issuer, origin } = await publishing({
      introspection_endpoint: 'https://id.example.org/introspect',
      jwks_uri: 'https://id.example.org/keys',
      token_endpoint_auth_methods_supported: ['private_key_jwt', 7],
      scopes_supported: 'none',
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      dpop_signing_alg_values_supported: [],
    });
    const { raw, ...metadata } = await discoverServer(issuer);
    expect(metadata).toEqual({
      issuer,
      tokenEndpoint: `${origin}/token`,
      introspectionEndpoint: 'https://id.example.org/introspect',
      jwksUri: 'https://id.example.org/keys',
      tokenEndpointAuthMethods: ['private_key_jwt'],
      codeChallengeMethods: ['S256'],
      dpopSigningAlgs: [],
      issParameterSupported: true,
    });
    expect(raw).toMatchObject({ scopes_supported: 'none' });
  });
});

describe('the issuer that a program writes', () => {
  it.each([
    ['no URL', 'id.example.org'],
    ['plain http', 'http://id.example.org'],
    ['with a query', 'https://id.example.org?tenant=1'],
    ['with an empty query', 'https://id.example.org/?'],
    ['with a fragment', 'https://id.example.org/#'],
    ['with a user', 'https://me@id.example.org'],
    ['with a line end', 'https://id.example.org\n'],
    ['with a backslash', 'https://id.example.org\\@evil.example'],
    ['that is the URL of its document', 'https://id.example.org/.well-known/openid-configuration'],
    ['of another scheme', 'ftp://id.example.org'],
  ])('%s is refused when the source is made (C24)', (_, issuer) => {
    expect(() => source({ issuer })).toThrow(ConfigurationError);
  });

  it('comes in place of the token URL: one of the two (C24)', () => {
    const both = { issuer: 'https://id.example.org', tokenUrl: 'https://id.example.org/token' };
    expect(() => source(both)).toThrow(/not both/);
    expect(() => source({})).toThrow(/`tokenUrl` \(or `issuer`\)/);
  });
});

describe('how a client may authenticate', () => {
  it('is compared with what the server takes, before anything is sent (C24)', async () => {
    const members = { token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'] };
    const server = await publishing(members);
    const error = await failureOf(source({ issuer: server.issuer }).authorize(tokenRequest()));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toHaveProperty('message', expect.stringContaining('client_secret_basic'));
    expect(error).toHaveProperty('message', expect.stringContaining('client_secret_post, private_key_jwt'));
    expect(server.tokenRequests()).toBe(0);
    const post = clientSecretPost({ clientId: 'me', clientSecret: 'x' });
    await source({ issuer: server.issuer, clientAuth: post }).authorize(tokenRequest());
    expect(server.tokenRequests()).toBe(1);
  });

  it.each([
    ['a public client, which servers often do not list', publicClient({ clientId: 'me' })],
    ['a function of the program', () => undefined],
  ])('is not compared for %s (C24)', async (_, auth) => {
    const { issuer } = await publishing({ token_endpoint_auth_methods_supported: ['client_secret_post'] });
    await expect(source({ issuer, clientAuth: auth }).authorize(tokenRequest())).resolves.toMatchObject({
      accessToken: 'issued',
    });
  });
});

it('a proof of possession is compared with what the server takes, before anything is sent (C23, C24)', async () => {
  const server = await publishing({ dpop_signing_alg_values_supported: ['PS256', 'EdDSA'] });
  const dpop = await dpopProof({ alg: 'ES256' });
  const error = await failureOf(source({ issuer: server.issuer, dpop }).authorize(tokenRequest()));
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toHaveProperty('message', expect.stringMatching(/ES256.*PS256, EdDSA/));
  expect(server.tokenRequests()).toBe(0);
});

describe('what was read is kept', () => {
  function readings({ requests }: LoopbackServer): number {
    return requests.filter(({ method, url }) => method === 'GET' && url === OAUTH).length;
  }

  it('for six hours, and by one reading for all who ask (C24)', async () => {
    const clock = new ManualClock();
    const server = await publishing();
    const of = source({ issuer: server.issuer, clock });
    await Promise.all([of.authorize(tokenRequest()), of.authorize(tokenRequest())]);
    await clock.advance(6 * hourMs - 1);
    await of.authorize(tokenRequest());
    expect(readings(server)).toBe(1);
    await clock.advance(1);
    await of.authorize(tokenRequest());
    expect(readings(server)).toBe(2);
  });

  it('and goes on when a later reading fails (C24)', async () => {
    const clock = new ManualClock();
    const server = await publishing();
    const of = source({ issuer: server.issuer, clock });
    await of.authorize(tokenRequest());
    server.documents[OAUTH] = { issuer: 'https://evil.example.org' };
    await clock.advance(6 * hourMs);
    await expect(of.authorize(tokenRequest())).resolves.toMatchObject({ accessToken: 'issued' });
  });

  it.each([301, 307, 404, 410])(
    'until the token endpoint answers %i: then it is read again, once (C24)',
    async (status) => {
      const clock = new ManualClock();
      const server = await publishing();
      const of = source({ issuer: server.issuer, clock });
      await of.authorize(tokenRequest());
      await clock.advance(1);
      server.documents['/token'] = status;
      const error = await failureOf(of.authorize(tokenRequest()));
      expect(error).toMatchObject({ code: 'token_endpoint', status });
      server.documents['/new'] = {};
      server.documents[OAUTH] = { issuer: server.issuer, token_endpoint: `${server.origin}/new` };
      await clock.advance(1);
      await expect(of.authorize(tokenRequest())).resolves.toMatchObject({ accessToken: 'issued' });
      expect(server.requests.at(-1)).toMatchObject({ url: '/new' });
      expect(readings(server)).toBe(3);
    },
  );

  it('and a moved endpoint costs one more request, not two (C24)', async () => {
    const server = await publishing();
    server.documents['/token'] = 404;
    await failureOf(source({ issuer: server.issuer, clock: new ManualClock() }).authorize(tokenRequest()));
    expect(server.tokenRequests()).toBe(1);
  });
});

describe('a session that a person begins', () => {
  it('with a code needs one reading, refreshes included (C24, C25)', async () => {
    const server = await publishing();
    const grant = { code: 'code', redirectUri: 'https://app.example.org/back' };
    const authorizer = new Authorizer(authorizationCodeSource({ issuer: server.issuer, clientAuth, grant }));
    await authorizer.getToken();
    await authorizer.getToken({ force: true });
    expect(server.requests.map(({ url }) => url)).toEqual([OAUTH, '/token', '/token']);
  });

  it('on another device asks for its code where the server publishes that (C24, C25)', async () => {
    const server = await publishing();
    server.documents[OAUTH] = {
      ...recordOf(server.documents[OAUTH]),
      device_authorization_endpoint: `${server.origin}/dev`,
    };
    server.documents['/dev'] = {
      device_code: 'd',
      user_code: 'ABCD',
      verification_uri: 'https://id.example.org/device',
    };
    const codes: unknown[] = [];
    const clock = {
      now: () => Date.now(),
      sleep: (ms: number) => (ms > 5_000 ? new Promise<void>(() => 0) : Promise.resolve()),
    };
    const onUserCode = ({ userCode }: { readonly userCode: string }): unknown => codes.push(userCode);
    const device = deviceCodeSource({
      issuer: server.issuer,
      clientAuth: publicClient({ clientId: 'tv' }),
      onUserCode,
      clock,
    });
    await expect(new Authorizer(device, { clock }).getToken({ force: true })).resolves.toMatchObject({
      accessToken: 'issued',
    });
    expect(codes).toEqual(['ABCD']);
    expect(server.requests.map(({ url }) => url)).toEqual([OAUTH, '/dev', '/token']);
  });

  it('is not begun at a server that publishes no such endpoint (C24, C25)', async () => {
    const { issuer } = await publishing();
    const device = deviceCodeSource({
      issuer,
      clientAuth: publicClient({ clientId: 'tv' }),
      onUserCode: () => undefined,
    });
    const error = await failureOf(device.authorize(tokenRequest()));
    expect(error).toHaveProperty('message', expect.stringContaining('publishes no deviceAuthorizationEndpoint'));
  });
});

describe('revocation', () => {
  it('goes where the server publishes it (C24)', async () => {
    const server = await publishing();
    server.documents[OAUTH] = { ...recordOf(server.documents[OAUTH]), revocation_endpoint: `${server.origin}/revoke` };
    server.documents['/revoke'] = {};
    const authorizer = new Authorizer(refreshTokenSource({ issuer: server.issuer, clientAuth, refreshToken: 'first' }));
    await authorizer.getToken();
    await authorizer.logout();
    expect(server.requests.filter(({ url }) => url === '/revoke')).toHaveLength(2);
  });

  it('is left out where it publishes none (C24)', async () => {
    const server = await publishing();
    const authorizer = new Authorizer(source({ issuer: server.issuer }));
    await authorizer.getToken();
    await authorizer.logout();
    expect(server.tokenRequests()).toBe(1);
  });
});

describe('a protected resource', () => {
  async function api(stated = '/fhir', place = `${RESOURCE}/fhir`): Promise<Site> {
    const server = await site();
    const resource = stated.startsWith('/') ? server.origin + stated : stated;
    server.documents[place] = {
      resource,
      authorization_servers: ['https://id.example.org'],
      scopes_supported: ['read'],
    };
    return server;
  }

  it('says whose tokens it takes (C24)', async () => {
    const { origin } = await api();
    await expect(discoverResource(`${origin}/fhir`)).resolves.toMatchObject({
      resource: `${origin}/fhir`,
      authorizationServers: ['https://id.example.org'],
      scopes: ['read'],
      dpopRequired: false,
    });
  });

  it('keeps its query in the place of its metadata (C24)', async () => {
    const { origin } = await api('/fhir?tenant=1', `${RESOURCE}/fhir?tenant=1`);
    await expect(discoverResource(`${origin}/fhir?tenant=1`)).resolves.toMatchObject({
      resource: `${origin}/fhir?tenant=1`,
    });
  });

  it.each(['/', '/fhir/', '/fhirs', 'https://evil.example.org/fhir', 'HTTP://127.0.0.1/fhir'])(
    'whose metadata is of %s is not used (C24)',
    async (stated) => {
      const { origin } = await api(stated);
      const error = await failureOf(discoverResource(`${origin}/fhir`));
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error).toHaveProperty('message', expect.stringContaining('is not used'));
    },
  );

  it.each([
    ['/fhir', true],
    ['/fhir/', true],
    ['/', true],
    ['/fhir/Patient', true],
    ['/fhir/Pat', false],
    ['/other', false],
    ['/fhir?x=1', false],
    ['https://evil.example.org/fhir', false],
  ])('found by a 401 may be %s: %s (C24)', async (stated, taken) => {
    const server = await api(stated, '/metadata');
    const wwwAuthenticate = `Bearer resource_metadata="${server.origin}/metadata"`;
    const found = discoverResource(`${server.origin}/fhir/Patient`, { wwwAuthenticate });
    const outcome: unknown = await found.catch((error: unknown) => error);
    expect(outcome instanceof ConfigurationError).toBe(!taken);
    expect(outcome instanceof Error).toBe(!taken);
  });

  it('is asked for without the query of the request that was rejected, which is in no error either (C11, C24)', async () => {
    const server = await api('/other');
    const url = `${server.origin}/fhir?secret=in-the-query`;
    const error = await failureOf(discoverResource(url, { wwwAuthenticate: 'Bearer error="invalid_token"' }));
    expect(server.requests.map((request) => request.url)).toEqual([`${RESOURCE}/fhir`]);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(String(error)).not.toContain('in-the-query');
  });

  it('is not described by another origin, unless that is listed (C24)', async () => {
    const [server, other] = [await api(), await site()];
    other.documents['/metadata'] = { resource: server.origin };
    const wwwAuthenticate = `DPoP resource_metadata="${other.origin}/metadata"`;
    const error = await failureOf(discoverResource(`${server.origin}/fhir`, { wwwAuthenticate }));
    expect(error).toHaveProperty('message', expect.stringContaining('`metadataOrigins`'));
    expect(other.requests).toEqual([]);
    const wrong = discoverResource(`${server.origin}/fhir`, { wwwAuthenticate, metadataOrigins: ['id.example.org'] });
    await expect(wrong).rejects.toBeInstanceOf(ConfigurationError);
    const listed = { wwwAuthenticate, metadataOrigins: [other.origin] };
    await expect(discoverResource(`${server.origin}/fhir`, listed)).resolves.toMatchObject({ resource: server.origin });
  });
});
