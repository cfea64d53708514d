// The pages of the pool: whom they send where, and which codes its token endpoint takes.

import { createHash } from 'node:crypto';
import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import type { CognitoPool } from '@axios-authorizer/test-kit';

const redirectUri = 'https://app.example.com/callback';
const logoutUri = 'https://app.example.com/';
const verifier = 'a-verifier-of-at-least-forty-three-characters';
const challenge = createHash('sha256').update(verifier).digest('base64url');
const good = {
  response_type: 'code',
  client_id: 'test-client',
  redirect_uri: redirectUri,
  scope: 'openid',
  state: 'the-state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};
const clock = new ManualClock();
let pool: CognitoPool;

beforeAll(async () => {
  const hostedUi = { redirectUris: [redirectUri], logoutUris: [logoutUri], username: 'ada' };
  pool = await startCognitoPool({ clock, users: [{ username: 'ada', password: 'Difference-1' }], hostedUi });
});
afterAll(() => pool.stop());

async function sentTo(path: string, query: Readonly<Record<string, string>>): Promise<URL | undefined> {
  const asked = await fetch(`${pool.origin}${path}?${new URLSearchParams(query).toString()}`, { redirect: 'manual' });
  const location = asked.headers.get('location');
  return location === null ? undefined : new URL(location);
}

async function code(changed: Readonly<Record<string, string>> = {}): Promise<string> {
  return (await sentTo('/oauth2/authorize', { ...good, ...changed }))?.searchParams.get('code') ?? '';
}

async function redeem(form: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> {
  const usual = { grant_type: 'authorization_code', client_id: 'test-client', redirect_uri: redirectUri };
  const body = new URLSearchParams({ ...usual, code_verifier: verifier, ...form });
  const answer = await fetch(`${pool.origin}/oauth2/token`, { method: 'POST', body });
  return (await answer.json()) as Readonly<Record<string, unknown>>;
}

test('a code comes back with the state, and is good once (G9)', async () => {
  const back = await sentTo('/oauth2/authorize', good);
  expect(back?.href.startsWith(`${redirectUri}?`)).toBe(true);
  expect(back?.searchParams.get('state')).toBe('the-state');
  const asked = { code: back?.searchParams.get('code') ?? '' };
  const tokens = await redeem(asked);
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 300 });
  expect(pool.valid(String(tokens['access_token'])) && pool.validId(String(tokens['id_token']))).toBe(true);
  expect(await redeem(asked)).toEqual({ error: 'invalid_grant' });
});

test.each([
  ['another redirect URI', { redirect_uri: `${redirectUri}/` }],
  ['another client', { client_id: 'another' }],
])('%s is sent nowhere (G9)', async (_, changed) => {
  expect(await sentTo('/oauth2/authorize', { ...good, ...changed })).toBeUndefined();
});

test.each([
  ['unsupported_response_type', { response_type: 'token' }],
  ['invalid_request', { code_challenge_method: 'plain' }],
  ['invalid_scope', { scope: 'openid admin' }],
])('%s comes back as an error (G9)', async (error, changed) => {
  const back = await sentTo('/oauth2/authorize', { ...good, ...changed });
  expect(Object.fromEntries(back?.searchParams ?? [])).toEqual({ error, state: 'the-state' });
});

test.each([
  ['another verifier', { code_verifier: `${verifier}!` }],
  ['another redirect URI', { redirect_uri: `${redirectUri}/` }],
  ['the challenge in place of the verifier', { code_verifier: challenge }],
])('a code with %s is refused, and spent (G9)', async (_, changed) => {
  const asked = { code: await code() };
  expect(await redeem({ ...asked, ...changed })).toEqual({ error: 'invalid_grant' });
  expect(await redeem(asked)).toEqual({ error: 'invalid_grant' });
});

test('a verifier that no challenge asked for is refused, and so is a code after five minutes (G9)', async () => {
  const { code_challenge: _challenge, code_challenge_method: _method, ...plain } = good;
  const unasked = (await sentTo('/oauth2/authorize', plain))?.searchParams.get('code') ?? '';
  expect(await redeem({ code: unasked })).toEqual({ error: 'invalid_grant' });
  const late = await code();
  await clock.advance(300_000);
  expect(await redeem({ code: late })).toEqual({ error: 'invalid_grant' });
});

test('an unknown client, and a grant that nobody knows, are told (G9)', async () => {
  expect(await redeem({ client_id: 'another' })).toEqual({ error: 'invalid_client' });
  expect(await redeem({ grant_type: 'password' })).toEqual({ error: 'unsupported_grant_type' });
  expect(await redeem({ grant_type: 'refresh_token', refresh_token: 'x' })).toEqual({ error: 'invalid_grant' });
});

test('who leaves is sent to a listed address only (G9)', async () => {
  const asked = { client_id: 'test-client', logout_uri: logoutUri };
  expect((await sentTo('/logout', asked))?.href).toBe(logoutUri);
  expect(await sentTo('/logout', { ...asked, logout_uri: redirectUri })).toBeUndefined();
  expect(await sentTo('/logout', { ...asked, client_id: 'another' })).toBeUndefined();
});
