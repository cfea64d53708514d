// Bitfount's words over SMART Backend Services: one session type for both kinds of secrets.
import { ConfigurationError, RefreshableJWTHandler, RefreshableJWTSession } from '@axios-authorizer/core';
import { buildEhrJwtSession, smartBackendHandlerFromAuth } from '../../src/index.js';
import { failureOf, world } from '../stage.js';
import type { ExpiringJWT } from '@axios-authorizer/core';

it('a session over a SMARTBackendAuth speaks to its FHIR base (S1)', async () => {
  const { server, auth, clock } = await world();
  const session = buildEhrJwtSession({ ehrSecrets: auth, handler: { clock } });
  expect(session).toBeInstanceOf(RefreshableJWTSession);
  expect(session.authenticated).toBe(false);
  expect((await session.get('/Patient/1')).status).toBe(200);
  expect([session.authenticated, session.defaults.baseURL, server.calls]).toEqual([true, server.baseUrl, 1]);
});

it('a session over a JWT that somebody else renews speaks to the base it is given (S1)', async () => {
  const { server, auth, clock } = await world();
  const getToken = async (): Promise<ExpiringJWT> => [await auth.getToken(), new Date(clock.now() + 300_000)];
  const session = buildEhrJwtSession({ ehrSecrets: { getToken }, handler: { clock }, baseURL: server.baseUrl });
  expect((await session.get('/Patient/1')).status).toBe(200);
  server.revokeAll();
  expect((await session.get('/Patient/1')).status).toBe(200);
  expect(server.calls).toBe(2);
});

it('a JWT that is at hand is used first (S1)', async () => {
  const { server, auth, clock } = await world();
  const ehrSecrets = {
    jwt: await auth.getToken(),
    expires: new Date(clock.now() + 300_000),
    getToken: (): ExpiringJWT => ['never', undefined],
  };
  const session = buildEhrJwtSession({ ehrSecrets, handler: { clock }, baseURL: server.baseUrl });
  expect((await session.get('/Patient/1')).status).toBe(200);
});

it('another base URL, and other defaults, win over those of the SMARTBackendAuth (S1)', async () => {
  const { server, auth, clock } = await world();
  const baseURL = `${server.baseUrl}/Patient`;
  const session = buildEhrJwtSession({ ehrSecrets: auth, handler: { clock }, baseURL, timeout: 9_000 });
  expect((await session.get('/1')).status).toBe(200);
  expect(session.defaults.timeout).toBe(9_000);
});

it.each([[undefined], [null], [{}], ['secret'], [{ getToken: 'secret' }]])(
  'secrets that are neither (%j) are a ConfigurationError that shows nothing of them (S1)',
  (ehrSecrets) => {
    const make = (): unknown =>
      buildEhrJwtSession({ ehrSecrets: ehrSecrets as never, baseURL: 'https://ehr.example.com' });
    expect(make).toThrow(ConfigurationError);
    expect(make).not.toThrow(/secret"/);
  },
);

it('a JWT session without a base is a ConfigurationError: it must be said where the token may go (S1)', () => {
  const getToken = (): ExpiringJWT => ['jwt', undefined];
  expect(() => buildEhrJwtSession({ ehrSecrets: { getToken } })).toThrow(ConfigurationError);
});

it('a handler keeps a token of 300 s until a minute before its end, and not a moment longer (S1)', async () => {
  const { server, auth, clock } = await world();
  const handler = smartBackendHandlerFromAuth(auth, { clock, refreshAheadMs: 0 });
  expect(handler).toBeInstanceOf(RefreshableJWTHandler);
  expect(handler.authenticated).toBe(false);
  const [first, expires] = await handler.getValidTokenWithExpiry();
  expect([first, expires]).toEqual([server.issued[0], new Date(clock.now() + 300_000)]);
  await clock.advance(240_000);
  expect([handler.authenticated, await handler.getValidToken()]).toEqual([true, first]);
  await clock.advance(1);
  expect([handler.authenticated, await handler.getValidToken()]).toEqual([false, server.issued[1]]);
  expect(server.calls).toBe(2);
});

it('a handler authenticates anew when forced (S1)', async () => {
  const { server, auth, clock } = await world();
  const handler = smartBackendHandlerFromAuth(auth, { clock });
  await handler.authenticate();
  await handler.authenticate();
  expect(server.calls).toBe(1);
  await handler.authenticate({ force: true });
  expect([server.calls, handler.jwt]).toEqual([2, server.issued[1]]);
  expect(handler.requestHeaders).toEqual({ Authorization: `Bearer ${server.issued[1]}` });
});

it('a token whose end is not told is good until it is refused (S1)', async () => {
  const { server, auth, clock } = await world({ server: { expiresIn: null } });
  const session = buildEhrJwtSession({ ehrSecrets: auth, handler: { clock } });
  await session.get('/Patient/1');
  await clock.advance(300_000);
  expect((await session.get('/Patient/1')).status).toBe(200);
  expect([server.calls, server.refused]).toEqual([2, 1]);
});

it('a refusal reaches the caller of a session with its code (S2)', async () => {
  const { server, auth, clock } = await world();
  server.register({ clientId: auth.clientId, jwks: { keys: [] } });
  const session = buildEhrJwtSession({ ehrSecrets: auth, handler: { clock } });
  expect(await failureOf(session.get('/Patient/1'))).toMatchObject({ code: 'key_not_found', kind: 'credentials' });
});

describe('validateTokenViaIntrospection', () => {
  it('is true for a live token, which is its own bearer (S1)', async () => {
    const { server, auth, clock } = await world();
    const session = buildEhrJwtSession({ ehrSecrets: auth, handler: { clock } });
    expect(await session.validateTokenViaIntrospection(server.introspectionUrl)).toBe(true);
    expect([server.introspections, server.calls]).toEqual([1, 1]);
  });

  it('is undefined where the token may not even ask (S1)', async () => {
    const { server, auth, clock } = await world();
    const session = buildEhrJwtSession({ ehrSecrets: auth, handler: { clock } });
    await session.authenticate();
    server.revokeAll();
    expect(await session.validateTokenViaIntrospection(server.introspectionUrl)).toBeUndefined();
  });

  it('is false when no token can be had (S1)', async () => {
    const { server, auth, clock } = await world();
    server.fault = 'auth_text';
    const session = buildEhrJwtSession({ ehrSecrets: auth, handler: { clock } });
    expect(await session.validateTokenViaIntrospection(server.introspectionUrl)).toBe(false);
    expect(server.introspections).toBe(0);
  });

  it('finds the endpoint in the SMART configuration (S1)', async () => {
    const { server, auth, clock } = await world();
    const session = buildEhrJwtSession({ ehrSecrets: auth, handler: { clock } });
    const { document } = await auth.configuration();
    expect(await session.validateTokenViaIntrospection(String(document['introspection_endpoint']))).toBe(true);
    expect(server.discoveries).toBe(1);
  });
});
