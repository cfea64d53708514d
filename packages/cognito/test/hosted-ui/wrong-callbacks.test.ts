// What if what comes back is not what was sent out: another's, used, mixed up, or an error?
import { ConfigurationError, isAuthenticationError } from '@axios-authorizer/core';
import { jwtClaims } from '@axios-authorizer/core/extend';
import { leaks } from '@axios-authorizer/test-kit';
import { hostedUi, HostedUiError } from '../../src/index.js';
import { afterwards, failureOf, passing } from '../stage.js';
import { cameBack, changed, clientId, redirectUri, sentTo, stage, tokenRequests } from './stage.js';
import type { CameBack, Stage } from './stage.js';
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
  ['no beginning', { codeVerifier: 'x', startedAt: undefined }],
])('pending that is %s is the program’s mistake (G9)', async (_, given) => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  const handed = typeof given === 'object' && 'codeVerifier' in Object(given) ? { ...pending, ...given } : given;
  expect(await failureOf(there.ui.callback(url, handed as PendingSignIn))).toMatchObject({ kind: 'configuration' });
});

it('a callback that was used is a session to begin again, and its code is not sent twice (G8, G9)', async () => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  await there.ui.callback(url, pending);
  for (const reload of [url, changed(url, { code: 'another' })])
    expect(await failureOf(there.ui.callback(reload, pending))).toMatchObject({ ...session, code: 'callback_used' });
  expect(tokenRequests(there)).toHaveLength(1);
});

it('a callback whose code was refused is used, one that was not answered is not (C5, G9)', async () => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  there.pool.next('/oauth2/token', ...Array.from({ length: 4 }, () => ({ status: 503, json: {} })));
  expect(await failureOf(passing(there.clock, there.ui.callback(url, pending)))).toMatchObject({ kind: 'unavailable' });
  there.pool.next('/oauth2/token', { status: 400, json: { error: 'invalid_grant' } });
  expect(await failureOf(there.ui.callback(url, pending))).toMatchObject({ ...session, error: 'invalid_grant' });
  expect(await failureOf(there.ui.callback(url, pending))).toMatchObject({ ...session, code: 'callback_used' });
});

it('another code, or another verifier, under the state of a sign-in that is being ended shares nothing of it (G9)', async () => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  const outcomes = await Promise.allSettled([
    there.ui.callback(url, pending),
    there.ui.callback(changed(url, { code: 'another' }), pending),
    there.ui.callback(url, { ...pending, codeVerifier: 'x'.repeat(43) }),
    there.ui.callback(url, { ...pending, nonce: 'x' }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
  for (const outcome of outcomes.slice(1)) expect(outcome).toMatchObject({ reason: { code: 'callback_used' } });
  expect(tokenRequests(there)).toHaveLength(1);
});

it('two sign-ins that begin and end at once do not mix (G9)', async () => {
  const there = await stage();
  const [one, other] = await Promise.all([cameBack(there), cameBack(there)]);
  const crossed = [there.ui.callback(one.url, other.pending), there.ui.callback(other.url, one.pending)];
  for (const failed of crossed) expect(await failureOf(failed)).toMatchObject({ ...session, code: 'state_mismatch' });
  const tokens = await Promise.all([one, other].map(({ url, pending }) => there.ui.callback(url, pending)));
  const nonces = tokens.map(({ idToken = '' }) => jwtClaims(idToken)?.['nonce']);
  expect(nonces).toEqual([one.pending.nonce, other.pending.nonce]);
});

it.each([
  ['by default within an hour', undefined, 3_600_000],
  ['within signInTimeoutMs', 60_000, 60_000],
])('a browser that comes back %s is let in, a moment later it begins again (G9)', async (_, signInTimeoutMs, ms) => {
  const there = await stage({ options: { ...(signInTimeoutMs && { signInTimeoutMs }) } });
  const [one, other] = [await there.ui.signInUrl(), await there.ui.signInUrl()];
  await there.clock.advance(ms - 1);
  const backOf = async (url: string): Promise<string> => (await sentTo(url)) ?? 'nowhere';
  await expect(there.ui.callback(await backOf(one.url), one.pending)).resolves.toHaveProperty('accessToken');
  await there.clock.advance(1);
  const late = await backOf(other.url);
  expect(await failureOf(there.ui.callback(late, other.pending))).toMatchObject({
    ...session,
    code: 'sign_in_expired',
  });
  expect(tokenRequests(there)).toHaveLength(1);
});

it('what the pages say stands in the message on one line, short, and commands no terminal (G9)', async () => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  const said = `no\r\nentry\u001b[2J\u009b31m\u2028\u202eback${'x'.repeat(5_000)}`;
  const failed = await failureOf(
    there.ui.callback(changed(url, { code: undefined, error: said, error_description: said }), pending),
  );
  expect(failed.message).toMatch(/^The hosted UI answered no entry \[2J 31m back/);
  expect(failed.message).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  expect(failed.message.length).toBeLessThan(700);
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
  expect(failed).toMatchObject({ code: 'sign_in_refused', kind, error, transient: kind === 'unavailable' });
  expect(failed.message).toContain(error);
  expect(failed.message).toContain(description);
  const stateless = await failureOf(there.ui.callback(changed(refused, { state: undefined })));
  expect(stateless).toMatchObject({ code: 'sign_in_refused', kind, error });
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

/** An id token of nobody's signature, in which `claims` are wrong. */
function idTokenWith({ clock }: Stage, { nonce, clientId: aud }: PendingSignIn, claims: object): string {
  const right = { iss: 'https://pool.example.com', aud, nonce, exp: clock.now() / 1000 + 3_600 };
  const payload = Buffer.from(JSON.stringify({ ...right, ...claims })).toString('base64url');
  return `${header}.${payload}.AAAA`;
}

const minutesAgo = (minutes: number, { clock }: Stage): object => ({ exp: clock.now() / 1000 - 60 * minutes });

it.each<[what: string, said: string, claims: (there: Stage) => object]>([
  ['another nonce', 'another nonce', () => ({ nonce: 'x' })],
  ['no nonce', 'another nonce', () => ({ nonce: undefined })],
  ['another audience', 'another client', () => ({ aud: 'another' })],
  ['several audiences and no word which it is for', '(azp)', () => ({ aud: [clientId, 'another'] })],
  ['another authorized party', '(azp)', () => ({ azp: 'another' })],
  ['another authorized party among several', '(azp)', () => ({ aud: [clientId, 'another'], azp: 'another' })],
  ['another issuer', 'not issued by', () => ({ iss: 'https://evil.example.com' })],
  ['no expiry', 'no expiry', () => ({ exp: undefined })],
  ['an expiry that is a text', 'no expiry', () => ({ exp: '99999999999' })],
  ['an end five minutes ago', 'has expired', (there) => minutesAgo(5, there)],
])('an id token with %s is refused, and no token is handed out (G9)', async (_, said, claims) => {
  const there = await stage({ options: { issuer: 'https://pool.example.com' } });
  const { url, pending } = await cameBack(there);
  const json = { access_token: 'x', token_type: 'Bearer', id_token: idTokenWith(there, pending, claims(there)) };
  there.pool.next('/oauth2/token', { json });
  const error = await failureOf(there.ui.callback(url, pending));
  expect(error).toMatchObject({ ...session, code: 'id_token_refused' });
  expect(error.message).toContain(said);
});

it.each<[what: string, claims: (there: Stage) => object]>([
  ['several audiences for this client', () => ({ aud: ['another', clientId], azp: clientId })],
  ['an end that a clock four minutes ahead has passed', (there) => minutesAgo(4, there)],
])('an id token with %s is taken (G9)', async (_, claims) => {
  const there = await stage({ options: { issuer: 'https://pool.example.com' } });
  const { url, pending } = await cameBack(there);
  const json = { access_token: 'x', token_type: 'Bearer', id_token: idTokenWith(there, pending, claims(there)) };
  there.pool.next('/oauth2/token', { json });
  expect(await there.ui.callback(url, pending)).toMatchObject({ accessToken: 'x' });
});

it('an id token that was asked for and did not come is refused (G9)', async () => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  there.pool.next('/oauth2/token', { json: { access_token: 'x', token_type: 'Bearer' } });
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
  ['a time to come back that never ends', { signInTimeoutMs: Infinity }],
  ['no time to come back', { signInTimeoutMs: 0 }],
  ['a time to come back that is a text', { signInTimeoutMs: '60000' }],
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
