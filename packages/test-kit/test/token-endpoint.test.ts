// Does the stand-in grant like an authorization server (RFC 6749), and does it keep its books right?

import { ManualClock, startTokenEndpoint } from '@axios-authorizer/test-kit';
import { basic, postForm } from './ask.js';
import type { TokenEndpoint, TokenEndpointOptions } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';

let endpoint: TokenEndpoint;

async function start(options?: TokenEndpointOptions): Promise<void> {
  endpoint = await startTokenEndpoint(options);
}

function grant(grantType: string, form: Record<string, string> = {}): Promise<Asked> {
  return postForm(endpoint.url, { grant_type: grantType, ...form });
}

function refresh(refreshToken: string): Promise<Asked> {
  return grant('refresh_token', { refresh_token: refreshToken });
}

async function isActive(token: string): Promise<unknown> {
  return (await postForm(`${endpoint.origin}/introspect`, { token })).json?.['active'];
}

afterEach(() => endpoint.stop());

test('numbered tokens of 300 s are granted, and every form is kept', async () => {
  await start();
  const first = await grant('client_credentials', { scope: 'a b' });
  expect(first.json).toEqual({ access_token: 'token-1', token_type: 'Bearer', expires_in: 300, scope: 'a b' });
  expect(first.headers.get('cache-control')).toBe('no-store');
  await grant('password', { username: 'me', password: 'mine' });
  expect(endpoint.calls).toBe(2);
  expect(endpoint.bodies[1]?.get('username')).toBe('me');
  expect(endpoint.issued).toEqual(['token-1', 'token-2']);
});

test.each<[string, TokenEndpointOptions, object]>([
  ['a numeric string', { expiresIn: '60' }, { expires_in: '60' }],
  ['no lifetime', { expiresIn: null }, {}],
  ['another type', { tokenType: 'mac' }, { token_type: 'mac' }],
  ['another prefix', { prefix: 'x' }, { access_token: 'x-1' }],
])('a token can have %s', async (_, options, expected) => {
  await start(options);
  const { json } = await grant('client_credentials');
  expect(json).toMatchObject(expected);
  expect(Object.hasOwn(json ?? {}, 'expires_in')).toBe(options.expiresIn !== null);
});

test('an unknown grant, a refresh without its token and an unknown path are refused', async () => {
  await start();
  await expect(grant('refresh_token')).resolves.toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  await expect(grant('magic')).resolves.toMatchObject({ status: 400, json: { error: 'unsupported_grant_type' } });
  await expect(postForm(`${endpoint.origin}/elsewhere`, {})).resolves.toMatchObject({ status: 404 });
});

test('a fixed refresh token stays good and is given again', async () => {
  await start({ refreshTokens: 'fixed' });
  const login = await grant('password');
  expect(login.json).toMatchObject({ refresh_token: 'refresh-1' });
  await refresh('refresh-1');
  const third = await refresh('refresh-1');
  expect(third.json).toMatchObject({ access_token: 'token-3', refresh_token: 'refresh-1' });
  expect(endpoint.reuses).toBe(0);
});

test('a rotated refresh token that comes again ends its family', async () => {
  await start({ refreshTokens: 'rotating' });
  await grant('password');
  expect((await refresh('refresh-1')).json).toMatchObject({ refresh_token: 'refresh-2' });
  expect((await refresh('refresh-2')).json).toMatchObject({ refresh_token: 'refresh-3' });
  expect(endpoint.familyAlive).toBe(true);
  expect(await refresh('refresh-1')).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  expect(endpoint.reuses).toBe(1);
  expect(endpoint.familyAlive).toBe(false);
  expect((await refresh('refresh-3')).status).toBe(400);
  expect(endpoint.reuses).toBe(1);
});

test('a refresh token that the client brought along is taken for issued and never issued again', async () => {
  await start({ refreshTokens: 'rotating' });
  expect((await refresh('refresh-1')).json).toMatchObject({ refresh_token: 'refresh-2' });
  expect((await refresh('refresh-2')).status).toBe(200);
});

test('with a clock, tokens expire to the millisecond and the Date header follows', async () => {
  const clock = new ManualClock();
  await start({ clock, expiresIn: 2 });
  const { headers } = await grant('client_credentials');
  expect(headers.get('date')).toBe(new Date(clock.now()).toUTCString());
  clock.set(clock.now() + 1999);
  expect(endpoint.valid('token-1')).toBe(true);
  clock.set(clock.now() + 1);
  expect(endpoint.valid('token-1')).toBe(false);
});

test('tokens can be revoked one by one or all at once', async () => {
  await start();
  await grant('client_credentials');
  await grant('client_credentials');
  await grant('client_credentials');
  endpoint.revoke('token-1');
  expect(['token-1', 'token-2', 'token-9'].map((token) => endpoint.valid(token))).toEqual([false, true, false]);
  endpoint.revokeAll();
  expect(endpoint.valid('token-2')).toBe(false);
});

test('introspection tells what a token is good for (RFC 7662), beside the count of calls', async () => {
  await start({ clock: new ManualClock(0), expiresIn: 60 });
  await postForm(endpoint.url, { grant_type: 'client_credentials', scope: 'a' }, basic('me:too', 's'));
  const { json } = await postForm(`${endpoint.origin}/introspect`, { token: 'token-1' });
  expect(json).toEqual({ active: true, scope: 'a', client_id: 'me:too', exp: 60 });
  await expect(isActive('token-2')).resolves.toBe(false);
  expect(endpoint.calls).toBe(1);
  expect(endpoint.requests).toHaveLength(3);
});

test('revocation takes either kind of token and forgives unknown ones (RFC 7009)', async () => {
  await start({ refreshTokens: 'fixed' });
  await grant('password');
  await expect(isActive('refresh-1')).resolves.toBe(true);
  for (const token of ['token-1', 'refresh-1', 'unknown']) {
    await expect(postForm(`${endpoint.origin}/revoke`, { token })).resolves.toMatchObject({ status: 200, text: '' });
  }
  await expect(isActive('refresh-1')).resolves.toBe(false);
  expect(endpoint.valid('token-1')).toBe(false);
  expect((await refresh('refresh-1')).status).toBe(400);
});
