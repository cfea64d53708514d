// What if what comes back is not what was sent out: another's, used, mixed up, or an error?
import { ConfigurationError, isAuthenticationError } from '@axios-authorizer/core';
import { leaks } from '@axios-authorizer/test-kit';
import { hostedUi, HostedUiError } from '../../src/index.js';
import { afterwards, failureOf, passing } from '../stage.js';
import { cameBack, changed, redirectUri, stage, tokenRequests } from './stage.js';
import type { CameBack } from './stage.js';
import type { PendingSignIn } from '../../src/index.js';

const session = { kind: 'session', transient: false };

it.each<[what: string, code: string, make: (back: CameBack) => { url: string; pending?: PendingSignIn | undefined }]>([
  ['another state', 'state_mismatch', ({ url, pending }) => ({ url: changed(url, { state: 'x' }), pending })],
  ['no state', 'state_mismatch', ({ url, pending }) => ({ url: changed(url, { state: undefined }), pending })],
  ['an empty state', 'state_mismatch', ({ url, pending }) => ({ url: changed(url, { state: '' }), pending })],
  ['another’s pending', 'state_mismatch', ({ url, pending }) => ({ url, pending: { ...pending, state: 'x' } })],
  ['no pending at all', 'no_pending_sign_in', ({ url }) => ({ url })],
  ['neither code nor error', 'callback_invalid', ({ pending }) => ({ url: redirectUri, pending })],
  ['an empty code', 'callback_invalid', ({ url, pending }) => ({ url: changed(url, { code: '' }), pending })],
  ['two codes', 'callback_invalid', ({ url, pending }) => ({ url: `${url}&code=of-another`, pending })],
  ['two states', 'callback_invalid', ({ url, pending }) => ({ url: `${url}&state=x`, pending })],
  ['what is no URL', 'callback_invalid', ({ pending }) => ({ url: 'https://:0', pending })],
])('a callback with %s is %s, and its code is not handed in (G9)', async (_, code, make) => {
  const there = await stage();
  const { url, pending } = make(await cameBack(there));
  const error = await failureOf(there.ui.callback(url, pending));
  expect(error).toBeInstanceOf(HostedUiError);
  expect(error).toMatchObject({ ...session, code });
  expect(error.message).toContain('begin the sign-in again');
  expect(tokenRequests(there)).toEqual([]);
});

it.each<[what: string, given: unknown]>([
  ['a text', '{}'],
  ['an empty object', {}],
  ['a state alone', { state: 'x' }],
  ['an empty verifier', { codeVerifier: '' }],
])('pending that is %s is the program’s mistake (G9)', async (_, given) => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  const handed = typeof given === 'object' && 'codeVerifier' in Object(given) ? { ...pending, ...given } : given;
  expect(await failureOf(there.ui.callback(url, handed as PendingSignIn))).toMatchObject({ kind: 'configuration' });
});

it('a reload of the callback, its code being spent, is a session to begin again, and sends the code once more at most (G8, G9)', async () => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  await there.ui.callback(url, pending);
  const again = await failureOf(passing(there.clock, there.ui.callback(url, pending)));
  expect(again).toMatchObject({ ...session, error: 'invalid_grant' });
  expect(tokenRequests(there)).toHaveLength(2);
});

it('a page that hands the same callback in twice at once sends the code once (G9)', async () => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  const [one, other] = await Promise.all([there.ui.callback(url, pending), there.ui.callback(url, pending)]);
  expect(one).toEqual(other);
  expect(tokenRequests(there)).toHaveLength(1);
});

it('a server that has a sessionStorage of its own keeps nothing in it: whoever comes back would be let in there (G9)', async () => {
  const kept = new Map<string, string>();
  const sessionStorage = {
    setItem: (key: string, value: string) => kept.set(key, value),
    getItem: (key: string) => kept.get(key) ?? null,
    removeItem: (key: string) => kept.delete(key),
  };
  Object.defineProperty(globalThis, 'sessionStorage', { value: sessionStorage, configurable: true });
  afterwards(() => Reflect.deleteProperty(globalThis, 'sessionStorage'));
  const there = await stage();
  const { url } = await cameBack(there);
  expect(kept.size).toBe(0);
  expect(await failureOf(there.ui.callback(url))).toMatchObject({ ...session, code: 'no_pending_sign_in' });
});

it('a code that came too late is a session to begin again (G9)', async () => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  await there.clock.advance(300_000);
  expect(await failureOf(there.ui.callback(url, pending))).toMatchObject({ ...session, error: 'invalid_grant' });
});

it.each<[error: string, description: string, kind: string]>([
  ['access_denied', 'User cancelled', 'session'],
  ['login_required', '', 'session'],
  ['temporarily_unavailable', '', 'unavailable'],
  ['server_error', 'Exception processing authorization code', 'unavailable'],
  ['invalid_scope', '', 'configuration'],
  ['unauthorized_client', '', 'configuration'],
  ['invalid_request', 'PreSignUp failed with error Only for staff.', 'credentials'],
])('the pages answer %s (%s), which is of kind %s (G9)', async (error, description, kind) => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  const refused = changed(url, { code: undefined, error, error_description: description });
  const failed = await failureOf(there.ui.callback(refused, pending));
  expect(failed).toBeInstanceOf(HostedUiError);
  expect(failed).toMatchObject({ code: 'callback_refused', kind, error, transient: kind === 'unavailable' });
  expect(failed.message).toContain(error);
  expect(failed.message).toContain(description);
  const stateless = await failureOf(there.ui.callback(changed(refused, { state: undefined })));
  expect(stateless).toMatchObject({ code: 'callback_refused', kind, error });
});

it('an error under the state of another sign-in ends this one as little as a code would (G9)', async () => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  const forged = changed(url, { code: undefined, error: 'access_denied', state: 'x' });
  expect(await failureOf(there.ui.callback(forged, pending))).toMatchObject({ code: 'state_mismatch' });
});

it('a real refusal comes back as an error: a scope that the client may not have (G9)', async () => {
  const there = await stage({ options: { scope: 'openid admin' } });
  const { url, pending } = await cameBack(there);
  expect(await failureOf(there.ui.callback(url, pending))).toMatchObject({ error: 'invalid_scope' });
});

const mixUp = { code: 'issuer_mismatch', kind: 'configuration' };

it('an iss that is not the issuer’s is a mix-up, and the code goes to nobody (G9)', async () => {
  const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123';
  const there = await stage({ options: { issuer }, pages: { answersIssuer: 'https://evil.example.com' } });
  const { url, pending } = await cameBack(there);
  expect(await failureOf(there.ui.callback(url, pending))).toMatchObject(mixUp);
  expect(tokenRequests(there)).toEqual([]);
});

it('a sign-in that was begun elsewhere is not ended here, be it at another domain or with another client (G9)', async () => {
  const [here, elsewhere] = [await stage(), await stage()];
  const { url, pending } = await cameBack(elsewhere);
  expect(await failureOf(here.ui.callback(url, pending))).toMatchObject(mixUp);
  const other = hostedUi({ ...elsewhere.options, clientId: 'another' });
  expect(await failureOf(other.callback(url, pending))).toMatchObject(mixUp);
  expect([...tokenRequests(here), ...tokenRequests(elsewhere)]).toEqual([]);
});

const header = Buffer.from('{"alg":"RS256"}').toString('base64url');

it.each<[what: string, claims: object | undefined]>([
  ['another nonce', { nonce: 'x' }],
  ['no nonce', { nonce: undefined }],
  ['another audience', { aud: 'another' }],
  ['another issuer', { iss: 'https://evil.example.com' }],
  ['nothing: there is none', undefined],
])('an id token with %s is refused, and no token is handed out (G9)', async (_, wrong) => {
  const there = await stage({ options: { issuer: 'https://pool.example.com' } });
  const { url, pending } = await cameBack(there);
  const { nonce, clientId: aud } = pending;
  const claims = { iss: 'https://pool.example.com', aud, nonce, ...wrong };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const idToken = wrong === undefined ? {} : { id_token: `${header}.${payload}.AAAA` };
  there.pool.next('/oauth2/token', { json: { access_token: 'x', token_type: 'Bearer', ...idToken } });
  expect(await failureOf(there.ui.callback(url, pending))).toMatchObject({ ...session, code: 'id_token_refused' });
});

it('who asks for no openid needs no id token (G9)', async () => {
  const there = await stage({ options: { scope: 'things/read' } });
  const { url, pending } = await cameBack(there);
  const token = await there.ui.callback(url, pending);
  expect(token).not.toHaveProperty('idToken');
});

it('no error prints a code, a verifier, a nonce or a secret (C11, G9)', async () => {
  const there = await stage({ options: { clientSecret: 'the-wrong-secret' } });
  const { url, pending } = await cameBack(there);
  const secrets = [pending.codeVerifier, pending.nonce, pending.state, new URL(url).searchParams.get('code') ?? ''];
  const errors = [
    await failureOf(there.ui.callback(url, pending)),
    await failureOf(there.ui.callback(changed(url, { state: 'x' }), pending)),
    await failureOf(there.ui.callback(url)),
    await failureOf(there.ui.callback(url, { ...pending, redirectUri: '' })),
  ];
  expect(errors.every(isAuthenticationError)).toBe(true);
  for (const error of errors) expect(leaks(error, [...secrets, 'the-wrong-secret'])).toEqual([]);
});

it.each<[what: string, options: object]>([
  ['no domain', { domain: undefined }],
  ['an authorize URL alone', { domain: undefined, authorizeUrl: 'https://pool.example.com/auth' }],
  ['a domain by plain http beyond this machine', { domain: 'http://pool.example.com' }],
  ['no redirect URI', { redirectUri: undefined }],
  ['a redirect URI that is a path', { redirectUri: '/callback' }],
  ['a logout URI that is a path', { logoutUri: '/' }],
  ['no client', { clientId: '' }],
  ['a misspelt option', { redirectURL: redirectUri }],
  ['a scope that is no text', { scope: 5 }],
  ['a list of scopes with one that is none', { scope: ['openid', null] }],
  ['parameters that are no strings', { parameters: { max_age: 1 } }],
])('hostedUi refuses %s (G9)', async (_, wrong) => {
  const { options } = await stage();
  expect(() => hostedUi({ ...options, ...wrong })).toThrow(ConfigurationError);
});

it('a parameter that is made for each sign-in is not taken from outside, and no way out is told (G9)', async () => {
  const { options } = await stage({ options: { logoutUri: undefined } });
  const ui = hostedUi(options);
  for (const name of ['state', 'nonce', 'redirect_uri', 'code_challenge_method'])
    expect(await failureOf(ui.signInUrl({ parameters: { [name]: 'x' } }))).toMatchObject({ kind: 'configuration' });
  expect(() => ui.signOutUrl()).toThrow('signOutUrl() needs');
});
