// Does a session that somebody else began go on from its refresh token alone?
import { ManualClock, startOidcProvider } from '@axios-authorizer/test-kit';
import { OAuth2Authorizer } from '../../src/index.js';
import { app, basic, failureOf, hourMs, passing, publicApp, tokenEndpoint } from './stage.js';
import type { OidcProvider, TokenEndpoint } from '@axios-authorizer/test-kit';
import type { ClientInfo } from '@axios-authorizer/core';
import type { OAuth2AuthorizerOptions } from '../../src/index.js';

const grant = { refreshToken: 'the-first' };

interface Session {
  readonly clock: ManualClock;
  readonly endpoint: TokenEndpoint;
  readonly authorizer: OAuth2Authorizer;
}

async function session(
  refreshTokens: 'fixed' | 'rotating',
  { client = app, ...options }: Partial<OAuth2AuthorizerOptions> & { readonly client?: ClientInfo } = {},
): Promise<Session> {
  const clock = new ManualClock();
  const endpoint = await tokenEndpoint({ clock, refreshTokens });
  const given = { tokenUrl: endpoint.url, grant, clock, ...options };
  return { clock, endpoint, authorizer: new OAuth2Authorizer(client, given) };
}

function presented({ bodies }: TokenEndpoint): readonly (string | null)[] {
  return bodies.map((body) => body.get('refresh_token'));
}

it('the session resumes without a login, the client by Basic (C16)', async () => {
  const { endpoint, authorizer } = await session('fixed', { scope: ['openid', 'orders/read'] });
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'token-1', refreshToken: 'the-first' });
  expect(endpoint.requests[0]?.headers.authorization).toBe(basic);
  expect([...(endpoint.bodies[0] ?? [])]).toEqual([
    ['grant_type', 'refresh_token'],
    ['refresh_token', 'the-first'],
    ['scope', 'openid orders/read'],
  ]);
});

it('acceptTokenTypes and parameters reach the token request (C15, C16, G8)', async () => {
  const metadata = JSON.stringify({ tenant: 'a & b' });
  const { endpoint, authorizer } = await session('fixed', {
    acceptTokenTypes: ['BearerToken'],
    parameters: { resource: ['a', 'b'], aws_client_metadata: metadata },
  });
  endpoint.next({ json: { access_token: 'a', token_type: 'bearertoken' } });
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'a' });
  expect(endpoint.bodies[0]?.getAll('resource')).toEqual(['a', 'b']);
  expect(endpoint.bodies[0]?.get('aws_client_metadata')).toBe(metadata);
});

it('a public client only says who it is (C16)', async () => {
  const { endpoint, authorizer } = await session('fixed', { client: publicApp });
  await authorizer.getToken();
  expect(endpoint.requests[0]?.headers).not.toHaveProperty('authorization');
  expect([...(endpoint.bodies[0] ?? [])]).toEqual([
    ['grant_type', 'refresh_token'],
    ['refresh_token', 'the-first'],
    ['client_id', publicApp.clientId],
  ]);
});

it('with rotation each answer’s own token goes on, none twice (G3)', async () => {
  const { clock, endpoint, authorizer } = await session('rotating');
  for (let count = 0; count < 4; count += 1) {
    await authorizer.getToken();
    await clock.advance(hourMs);
  }
  expect(presented(endpoint)).toEqual(['the-first', 'refresh-1', 'refresh-2', 'refresh-3']);
  expect([endpoint.reuses, endpoint.familyAlive]).toEqual([0, true]);
});

it('without rotation the old one goes on (G3)', async () => {
  const { clock, endpoint, authorizer } = await session('fixed');
  await authorizer.getToken();
  await clock.advance(hourMs);
  await expect(authorizer.getToken()).resolves.toMatchObject({ refreshToken: 'the-first' });
  expect(presented(endpoint)).toEqual(['the-first', 'the-first']);
});

it('a token that was handed in goes before the grant’s (G3)', async () => {
  const initialToken = { refreshToken: 'a-newer-one' };
  const { endpoint, authorizer } = await session('fixed', { initialToken });
  await authorizer.getToken();
  expect(presented(endpoint)).toEqual(['a-newer-one']);
});

it('refused for good, the session is over: one request, then none by itself (C5)', async () => {
  const { clock, endpoint, authorizer } = await session('rotating');
  endpoint.always({ status: 400, json: { error: 'invalid_grant' } });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ kind: 'session', error: 'invalid_grant' });
  const calls = endpoint.calls;
  await failureOf(authorizer.getToken());
  expect([calls, endpoint.calls]).toEqual([1, 1]);
  expect(clock.sleepers).toBe(0);
});

it('a lost answer is repeated once at most (C5)', async () => {
  const { clock, endpoint, authorizer } = await session('rotating');
  endpoint.always({ reset: true });
  expect(await failureOf(passing(clock, authorizer.getToken()))).toMatchObject({ code: 'network' });
  expect(endpoint.calls).toBe(2);
});

it('an outage costs no session: afterwards it goes on (C5)', async () => {
  const { clock, endpoint, authorizer } = await session('rotating');
  await authorizer.getToken();
  await clock.advance(hourMs);
  endpoint.always({ status: 503 });
  expect(await failureOf(passing(clock, authorizer.getToken()))).toMatchObject({ kind: 'unavailable' });
  endpoint.always(undefined);
  await clock.advance(hourMs);
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'token-2', refreshToken: 'refresh-2' });
});

describe('at a certified provider', () => {
  let provider: OidcProvider;

  beforeAll(async () => {
    provider = await startOidcProvider();
  });
  afterAll(() => provider.stop());

  it('ten rotations reuse nothing, and logout revokes the last (G3, C16)', async () => {
    const { tokenUrl, revocationUrl, clients } = provider;
    const { refreshToken } = await provider.signIn();
    const options = { tokenUrl, revocationUrl, grant: { refreshToken } };
    const authorizer = new OAuth2Authorizer(clients.rotating, options);
    for (let count = 0; count < 10; count += 1) await authorizer.getToken({ force: true });
    const last = await authorizer.getToken();
    await expect(provider.isActive(last.accessToken)).resolves.toBe(true);
    await authorizer.logout();
    await expect(provider.isActive(last.accessToken)).resolves.toBe(false);
    expect(await provider.counters()).toMatchObject({ granted: 10, refused: 0, refreshReuses: 0, revocations: 2 });
    const next = new OAuth2Authorizer(clients.rotating, {
      ...options,
      grant: { refreshToken: last.refreshToken ?? '' },
    });
    expect(await failureOf(next.getToken())).toMatchObject({ kind: 'session', error: 'invalid_grant' });
  });

  it('its id token is attached where that is wanted (G5)', async () => {
    const { tokenUrl, clients } = provider;
    const { refreshToken } = await provider.signIn();
    const options = { tokenUrl, grant: { refreshToken }, tokenUse: 'id' } as const;
    const authorizer = new OAuth2Authorizer(clients.rotating, options);
    const token = await authorizer.getToken();
    expect(authorizer.headersFor(token)).toEqual({ Authorization: `Bearer ${token.idToken}` });
    expect(token.idToken).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });
});
