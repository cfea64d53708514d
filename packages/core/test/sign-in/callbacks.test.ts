// A browser is sent to sign in, and something comes back: what is believed, and what is not?
import { createHash } from 'node:crypto';
import { ManualClock } from '@axios-authorizer/test-kit';
import { isAuthenticationError, readCallback, SignInError } from '../../src/index.js';
import type { PendingSignIn, ReadCallbackOptions } from '../../src/index.js';
import { failureOf } from '../endpoint/stage.js';
import { begun, callback, issuer, redirectUri, thrownBy } from './stage.js';

const hourMs = 3_600_000;

describe('the way there', () => {
  it('a sign-in has PKCE by S256, state and nonce of its own each time (C25)', async () => {
    const [one, other] = [await begun(), await begun()];
    const { searchParams } = new URL(one.url);
    const { state, nonce, codeVerifier } = one.pending;
    const challenge = createHash('sha256').update(codeVerifier).digest('base64url');
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'page',
      redirect_uri: redirectUri,
      scope: 'openid reports',
      state,
      nonce,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    for (const secret of [state, nonce, codeVerifier]) expect(secret).toMatch(/^[\w-]{43}$/);
    expect(one.url).not.toContain(codeVerifier);
    const all = [one, other].flatMap(({ pending }) => [pending.state, pending.nonce, pending.codeVerifier]);
    expect(new Set(all).size).toBe(6);
  });

  it('the verifier of RFC 7636 appendix B has the challenge that stands there (C25)', async () => {
    const { pkceChallenge } = await import('../../src/oauth2/sign-in/pkce.js');
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    await expect(pkceChallenge(verifier)).resolves.toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });

  it('no nonce is asked for where no id token will come (C25)', async () => {
    const { url, pending } = await begun({ scope: ['reports', 'openid2'] });
    expect(new URL(url).searchParams.has('nonce')).toBe(false);
    expect(pending.nonce).toBeUndefined();
  });

  it('further parameters go along, lists as several of one name; the query of the URL stays (C25)', async () => {
    const resource = ['https://a.example', 'https://b.example'];
    const { url, pending } = await begun({
      authorizationUrl: `${issuer}/authorize?tenant=7`,
      parameters: { prompt: 'login', login_hint: 'ada@example.org', resource, max_age: '60', claims: '{}' },
      dpopJkt: 'thumb',
    });
    const { searchParams } = new URL(url);
    expect(searchParams.getAll('resource')).toEqual(resource);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      tenant: '7',
      prompt: 'login',
      dpop_jkt: 'thumb',
      claims: '{}',
    });
    expect(pending.maxAgeSeconds).toBe(60);
  });

  it.each(['state', 'nonce', 'code_challenge', 'redirect_uri', 'client_id', 'scope', 'response_type', 'request_uri'])(
    'a parameter cannot take the place of our %s (C25)',
    async (name) => {
      const error = await failureOf(begun({ parameters: { [name]: 'mine' } }));
      expect(error).toMatchObject({ code: 'configuration' });
      expect(String(error)).toContain(name);
    },
  );

  it.each([
    ['a server by plain http', { authorizationUrl: 'http://id.example.org/authorize' }],
    ['a server that is a script', { authorizationUrl: 'javascript:alert(1)' }],
    ['no server', { authorizationUrl: undefined }],
    ['a server without issuer', { server: { issuer: '' } }],
    ['a fragment', { authorizationUrl: `${issuer}/authorize#x` }],
    ['a redirect URI that is a script', { redirectUri: 'javascript:alert(1)' }],
    ['a relative redirect URI', { redirectUri: '/callback' }],
    ['no client', { clientId: '' }],
    ['a client id with its line end', { clientId: 'page\n' }],
    ['a max_age in words', { parameters: { max_age: 'long' } }],
  ])('%s is refused before anybody is sent anywhere (C25)', async (_what, options) => {
    expect(await failureOf(begun(options))).toMatchObject({ code: 'configuration' });
  });

  it('a page by plain http, without WebCrypto, hears what it needs (C25)', async () => {
    const whole = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
    Object.defineProperty(globalThis, 'crypto', { value: { getRandomValues: () => 0 }, configurable: true });
    try {
      const error = await failureOf(begun());
      expect(error).toMatchObject({ code: 'configuration' });
      expect(String(error)).toContain('https');
    } finally {
      Object.defineProperty(globalThis, 'crypto', whole ?? {});
    }
  });
});

describe('the way back', () => {
  it('what was kept as JSON makes the grant of its code, and what its id token must say (C25)', async () => {
    const { pending } = await begun({ server: { issuer } });
    const kept = JSON.parse(JSON.stringify(pending)) as PendingSignIn;
    expect(readCallback(callback(pending), kept)).toEqual({
      code: 'a-code',
      redirectUri,
      codeVerifier: pending.codeVerifier,
      idToken: { clientId: 'page', nonce: pending.nonce, issuer },
    });
  });

  it('URL, path, fragment and form post are read alike (C25)', async () => {
    const { pending } = await begun();
    const url = callback(pending);
    const { search, pathname, searchParams } = new URL(url);
    const answers = [
      new URL(url),
      `${pathname}${search}`,
      `https://app.example.org/callback?from=id#code=a-code&state=${pending.state}`,
      new URLSearchParams(`code=a-code&state=${pending.state}`),
      searchParams,
    ];
    for (const answer of answers) expect(readCallback(answer, pending).code).toBe('a-code');
  });

  it.each([
    ['state', { state: 'another' }, 'state_mismatch'],
    ['no state', { state: undefined }, 'state_mismatch'],
    ['a code and no state', { state: '' }, 'state_mismatch'],
    ['neither code nor error', { code: undefined }, 'callback_invalid'],
    ['an empty code', { code: '' }, 'callback_invalid'],
  ])('%s that is not of this sign-in ends it (C25)', async (_what, further, code) => {
    const { pending } = await begun();
    const error = thrownBy(() => readCallback(callback(pending, further), pending));
    expect(error).toBeInstanceOf(SignInError);
    expect(error).toMatchObject({ code, kind: 'session', transient: false });
  });

  it('the callback of another sign-in of the same person is refused, in both directions (C25)', async () => {
    const [one, other] = [await begun(), await begun()];
    expect(thrownBy(() => readCallback(callback(one.pending), other.pending))).toMatchObject({
      code: 'state_mismatch',
    });
    expect(thrownBy(() => readCallback(callback(other.pending), one.pending))).toMatchObject({
      code: 'state_mismatch',
    });
  });

  it.each(['code', 'state', 'iss', 'error'])('%s twice is refused, in the fragment as well (C25)', async (name) => {
    const { pending } = await begun();
    const url = callback(pending, { iss: issuer, error: 'access_denied' });
    for (const twice of [`${url}&${name}=${name}`, `${url}#${name}=${name}`])
      expect(thrownBy(() => readCallback(twice, pending))).toMatchObject({ code: 'callback_invalid' });
  });

  it.each([
    'https://app.example.org/other',
    'https://app.example.org/callback/',
    'https://evil.example.org/callback',
    'http://app.example.org/callback',
    'https://app.example.org:8443/callback',
    '//evil.example.org/callback',
    'http://[',
  ])('a callback at %s is not where this sign-in comes back to (C25)', async (place) => {
    const { pending } = await begun();
    const { search } = new URL(callback(pending));
    expect(thrownBy(() => readCallback(place + search, pending))).toMatchObject({ code: 'callback_invalid' });
  });

  it('an app’s own scheme is a place to come back to as well (C25)', async () => {
    const { pending } = await begun({ redirectUri: 'org.example.app:/signed-in' });
    const query = `?code=a-code&state=${pending.state}`;
    expect(readCallback(`org.example.app:/signed-in${query}`, pending).code).toBe('a-code');
    expect(thrownBy(() => readCallback(`org.evil.app:/signed-in${query}`, pending))).toMatchObject({
      code: 'callback_invalid',
    });
  });

  it('an hour is the longest, to the millisecond, and another time can be said (C25)', async () => {
    const clock = new ManualClock();
    const { pending } = await begun({ clock });
    const read = (options?: ReadCallbackOptions): unknown =>
      readCallback(callback(pending), pending, { clock, ...options });
    await clock.advance(hourMs);
    expect(read()).toMatchObject({ code: 'a-code' });
    await clock.advance(1);
    expect(thrownBy(() => read())).toMatchObject({ code: 'state_mismatch', kind: 'session' });
    expect(read({ validForMs: hourMs + 1 })).toMatchObject({ code: 'a-code' });
  });

  it('a clock that was set back since ends no sign-in (C25)', async () => {
    const { pending } = await begun({ clock: new ManualClock(Date.now() + hourMs) });
    expect(readCallback(callback(pending), pending)).toMatchObject({ code: 'a-code' });
  });
});

describe('the server that answers', () => {
  it('iss is compared with the issuer that the browser was sent to, before the error is read (C25)', async () => {
    const { pending } = await begun({ server: { issuer } });
    expect(readCallback(callback(pending, { iss: issuer }), pending).code).toBe('a-code');
    for (const iss of ['https://evil.example.org', `${issuer}/`, issuer.toUpperCase()]) {
      const error = thrownBy(() => readCallback(callback(pending, { iss, error: 'access_denied' }), pending));
      expect(error).toMatchObject({ code: 'issuer_mismatch', kind: 'configuration' });
    }
  });

  it('a server that says iss must say it, also beside an error (C25)', async () => {
    const { pending } = await begun({ server: { issuer, issParameterSupported: true } });
    for (const further of [{}, { error: 'access_denied', code: undefined }])
      expect(thrownBy(() => readCallback(callback(pending, further), pending))).toMatchObject({
        code: 'issuer_mismatch',
      });
  });

  it('the issuer can be said at the callback, and must be that of the beginning (C25)', async () => {
    const [unknown, known] = [await begun(), await begun({ server: { issuer } })];
    const options = { issuer, issParameterSupported: true };
    expect(readCallback(callback(unknown.pending, { iss: issuer }), unknown.pending, options).idToken).toMatchObject({
      issuer,
    });
    expect(thrownBy(() => readCallback(callback(unknown.pending), unknown.pending, options))).toMatchObject({
      code: 'issuer_mismatch',
    });
    expect(
      thrownBy(() => readCallback(callback(known.pending), known.pending, { issuer: 'https://b.example' })),
    ).toMatchObject({ code: 'issuer_mismatch' });
    expect(
      thrownBy(() => readCallback(callback(unknown.pending), unknown.pending, { issParameterSupported: true })),
    ).toMatchObject({ code: 'configuration' });
  });

  it.each([
    ['access_denied', 'session', false],
    ['login_required', 'session', false],
    ['consent_required', 'session', false],
    ['temporarily_unavailable', 'unavailable', true],
    ['server_error', 'unavailable', true],
    ['invalid_scope', 'configuration', false],
    ['unauthorized_client', 'configuration', false],
    ['something_else', 'configuration', false],
  ])('%s is %s (C25)', async (error, kind, transient) => {
    const { pending } = await begun();
    const url = callback(pending, { code: undefined, error, error_description: 'Not today' });
    const refused = thrownBy(() => readCallback(url, pending));
    expect(refused).toBeInstanceOf(SignInError);
    expect(isAuthenticationError(refused)).toBe(true);
    expect(refused).toMatchObject({ code: 'sign_in_refused', kind, transient, error, errorDescription: 'Not today' });
  });

  it('an error beside a code is an error (C25)', async () => {
    const { pending } = await begun();
    const url = callback(pending, { error: 'access_denied' });
    expect(thrownBy(() => readCallback(url, pending))).toMatchObject({ code: 'sign_in_refused' });
  });

  it('the words of an error come out on one line, short, and in reading order (C25)', async () => {
    const { pending } = await begun();
    const said = `<script>alert(1)</script>\r\n\u001b[31mred\u202egnp.exe\u2028${'x'.repeat(1_000)}`;
    const url = callback(pending, { code: undefined, error: 'access_denied\n', error_description: said });
    const error = thrownBy(() => readCallback(url, pending));
    expect(error).toMatchObject({ error: 'access_denied ' });
    const { message } = error as Error;
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    expect(message.length).toBeLessThan(400);
    expect(message).not.toContain(pending.state);
  });
});

it.each([
  ['nothing', undefined],
  ['a text', '{}'],
  ['null', null],
  ['an object without a verifier', { state: 's', redirectUri, clientId: 'page', startedAt: 0 }],
  ['a time that is none', { state: 's', codeVerifier: 'v', redirectUri, clientId: 'page', startedAt: 'now' }],
  [
    'an issuer that is no text',
    { state: 's', codeVerifier: 'v', redirectUri, clientId: 'page', startedAt: 0, issuer: {} },
  ],
])('%s as pending is a ConfigurationError (C25)', (_what, pending) => {
  const error = thrownBy(() => Reflect.apply(readCallback, undefined, ['/callback?code=a&state=s', pending]));
  expect(error).toMatchObject({ code: 'configuration' });
});
