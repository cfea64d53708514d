// Are requests with bound tokens taken by servers that believe nothing (RFC 9449)?
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import axios from 'axios';
import {
  attachAuth,
  Authorizer,
  AuthorizerPool,
  clientCredentialsSource,
  composeClients,
  publicClient,
  refreshTokenSource,
} from '../../src/index.js';
import { transientRetry } from '../../src/index.js';
import { dpopProof } from '../../src/dpop/index.js';
import { authorizedFetch } from '../../src/fetch/index.js';
import { stage, WAYS } from './stage.js';

const scene = stage();

describe.each(WAYS)('by %s', (way) => {
  it('each request has a proof of its own: method, URL without query, hash of the token (C23, RFC 9449 section 4.2)', async () => {
    const { send, proofs, apiUrl, replayed } = await scene();
    const answers = [
      await send(way, '/items', { params: { q: 'a secret' } }),
      await send(way, '/items', { method: 'POST', data: 'text' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[1]?.data).toMatchObject({ body: 'text' });
    const ath = createHash('sha256').update('access-1').digest('base64url');
    expect(proofs.slice(1)).toEqual([
      expect.objectContaining({ htm: 'GET', htu: `${apiUrl}/items`, ath }),
      expect.objectContaining({ htm: 'POST', htu: `${apiUrl}/items`, ath }),
    ]);
    expect(replayed).toEqual([]);
  });

  it('a nonce that the API asks for is sent back at once, with the same token and the same body (RFC 9449 section 9)', async () => {
    const { send, rejections, tokenRequests, apiRequests } = await scene({ settings: { apiNonce: 'fixed' } });
    const { status, data } = await send(way, '/', { method: 'PUT', data: 'whole' });
    expect([status, data]).toEqual([200, { token: 'access-1', body: 'whole' }]);
    await send(way, '/again');
    expect(rejections).toEqual(['use_dpop_nonce']);
    expect([tokenRequests.length, apiRequests.length]).toEqual([1, 3]);
  });

  it('a nonce that changes with each answer is followed (RFC 9449 section 8.2)', async () => {
    const settings = { apiNonce: 'changing', tokenNonce: 'changing' } as const;
    const { send, rejections, replayed } = await scene({ settings });
    for (let count = 0; count < 5; count += 1) expect((await send(way, `/${count}`)).status).toBe(200);
    expect(rejections).toEqual(['use_dpop_nonce', 'use_dpop_nonce']);
    expect(replayed).toEqual([]);
  });

  it('an endless loop of nonces is given up after one retry, and costs no refresh (RFC 9449 section 9)', async () => {
    const { send, rejections, tokenRequests } = await scene({ settings: { apiNonce: 'endless' } });
    expect((await send(way, '/')).status).toBe(401);
    expect(rejections).toEqual(['use_dpop_nonce', 'use_dpop_nonce']);
    expect(tokenRequests).toHaveLength(1);
  });

  it('a clock that is 10 minutes off is corrected by the servers own (RFC 9449 section 11.1)', async () => {
    const { send, settings, rejections } = await scene({ settings: { skewMs: 600_000 } });
    expect((await send(way, '/')).status).toBe(200);
    expect(rejections).toEqual(['invalid_dpop_proof: iat']); // the first proof of all
    settings.skewMs = -600_000;
    expect((await send(way, '/')).status).toBe(200);
    expect(rejections).toHaveLength(2);
  });

  it('after a refresh the proof is of the token that goes out (RFC 9449 section 4.2)', async () => {
    const { send, revoke, proofs, rejections } = await scene({ refreshes: true, settings: { apiNonce: 'changing' } });
    await send(way, '/first');
    revoke('access-1');
    expect(await send(way, '/second')).toMatchObject({ status: 200, data: { token: 'access-2' } });
    expect(rejections).toEqual(['use_dpop_nonce', 'invalid_token']);
    expect(proofs.at(-1)).toMatchObject({ ath: createHash('sha256').update('access-2').digest('base64url') });
  });

  it('a request is sent four times at most: two tokens, one nonce each (C23)', async () => {
    const options = { refreshes: true, settings: { apiNonce: 'fixed', noncePerToken: true } as const };
    const { send, revoke, expireNonce, apiRequests, rejections } = await scene(options);
    await send(way, '/first');
    revoke('access-1');
    expireNonce();
    expect(await send(way, '/second')).toMatchObject({ status: 200, data: { token: 'access-2' } });
    expect(apiRequests.map(({ url }) => url)).toEqual(['/first', '/first', '/second', '/second', '/second', '/second']);
    expect(rejections.slice(1)).toEqual(['use_dpop_nonce', 'invalid_token', 'use_dpop_nonce']);
  });

  it('a redirect is followed with a proof of its own for each hop (C23)', async () => {
    const { send, proofs, apiUrl, rejections, replayed } = await scene({
      settings: { apiNonce: 'changing' },
      routes: { '/from': (_request, response) => void response.writeHead(307, { location: '/to?x=1' }).end() },
    });
    const { status, data, url } = await send(way, '/from', { method: 'POST', data: 'again' });
    expect([status, data, url]).toEqual([
      200,
      { token: 'access-1', body: 'again' },
      way === 'fetch' ? undefined : `${apiUrl}/to?x=1`,
    ]);
    expect(proofs.map(({ htu }) => htu).slice(1)).toEqual([`${apiUrl}/from`, `${apiUrl}/to`]);
    expect([rejections, replayed]).toEqual([['use_dpop_nonce'], []]);
  });

  it('neither token nor proof follow a redirect to a stranger (C9, C23)', async () => {
    const stranger = await scene();
    const { send } = await scene({
      routes: {
        '/from': (_request, response) => void response.writeHead(302, { location: `${stranger.apiUrl}/` }).end(),
      },
    });
    expect((await send(way, '/from')).status).toBe(401);
    expect(stranger.apiRequests[0]?.headers).not.toHaveProperty('dpop');
    expect(stranger.apiRequests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('what ends unanswered is said by its own error, and a proof is never printed (C11)', async () => {
    const { send, stop, auth } = await scene();
    await auth.getToken();
    await stop();
    const error: unknown = await send(way, '/').catch((thrown: unknown) => thrown);
    expect(error).toHaveProperty('message');
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toMatch(/eyJ/);
  });
});

describe('by the http adapter', () => {
  it('beforeRedirect is asked, sees none of our headers, and may change the hop; maxRedirects holds (C9, C23)', async () => {
    const { send, proofs, apiUrl } = await scene({
      routes: { '/from': (_request, response) => void response.writeHead(302, { location: '/to' }).end() },
    });
    const seen: object[] = [];
    const beforeRedirect = (options: Record<string, unknown>, answer: object, before: object): void => {
      seen.push({ ...options }, answer, before);
      options['path'] = '/elsewhere';
    };
    expect(await send('http', '/from', { beforeRedirect })).toMatchObject({ status: 200, url: `${apiUrl}/elsewhere` });
    expect(proofs.at(-1)).toMatchObject({ htu: `${apiUrl}/elsewhere` });
    expect(seen[0]).toMatchObject({ href: `${apiUrl}/to`, method: 'GET', path: '/to' });
    expect(seen[1]).toMatchObject({ statusCode: 302, headers: { location: '/to' } });
    expect(JSON.stringify(seen)).not.toMatch(/access-1|eyJ/);
    expect((await send('http', '/from', { maxRedirects: 0 })).status).toBe(302);
  });

  it('a beforeRedirect that throws stops the request, and one that names a user sends no token (C9, C23)', async () => {
    const { send, apiRequests } = await scene({
      routes: { '/from': (_request, response) => void response.writeHead(302, { location: '/to' }).end() },
    });
    const thrown = new Error('not there');
    const beforeRedirect = (): never => {
      throw thrown;
    };
    await expect(send('http', '/from', { beforeRedirect })).rejects.toMatchObject({
      isAxiosError: true,
      cause: thrown,
    });
    const naming = (options: Record<string, unknown>): void => void (options['auth'] = 'ada:secret');
    await send('http', '/from', { beforeRedirect: naming });
    const { headers } = apiRequests.at(-1) ?? { headers: {} };
    expect(headers).not.toHaveProperty('dpop');
    expect(headers).toMatchObject({ authorization: `Basic ${btoa('ada:secret')}` });
  });

  it('more redirects than allowed are an error with the code that axios has (C9)', async () => {
    const { send } = await scene({
      routes: { '/from': (_request, response) => void response.writeHead(302, { location: '/from' }).end() },
    });
    await expect(send('http', '/from', { maxRedirects: 2 })).rejects.toMatchObject({
      code: 'ERR_FR_TOO_MANY_REDIRECTS',
    });
  });

  it('a stream that is used up is not sent again with a nonce, and the 401 stays (C8, C23)', async () => {
    const { send, events, apiRequests } = await scene({ settings: { apiNonce: 'fixed' } });
    expect((await send('http', '/', { method: 'POST', data: Readable.from(['a', 'b']) })).status).toBe(401);
    expect(apiRequests).toHaveLength(1);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'notice', message: expect.stringMatching(/another proof/) as string }),
    );
  });

  it('the caller sees neither token nor proof in config, response and error (C11, C23)', async () => {
    const { auth, apiUrl } = await scene({ settings: { apiNonce: 'endless' } });
    const client = axios.create({ baseURL: apiUrl });
    attachAuth(client, auth);
    const error: unknown = await client.get('/').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ response: { status: 401 } });
    const { config, response } = error as { config: object; response: { config: object } };
    for (const shown of [config, response.config, error]) expect(JSON.stringify(shown)).not.toMatch(/access-1|eyJ/);
  });

  it('each try of transientRetry has a new proof (C12, C23)', async () => {
    let left = 2;
    const { auth, apiUrl, proofs, replayed } = await scene({
      routes: {
        '/busy': (_request, response) => {
          left -= 1;
          response.writeHead(left < 0 ? 200 : 503).end('{}');
        },
      },
    });
    const client = axios.create({ baseURL: apiUrl });
    attachAuth(client, auth, { retry: transientRetry({ retryDelay: () => 0 }) });
    expect((await client.get('/busy')).status).toBe(200);
    expect(new Set(proofs.map(({ jti }) => jti)).size).toBe(4);
    expect(replayed).toEqual([]);
  });

  it('a pool sends each tenant’s token with a proof by its own key (C20, C23)', async () => {
    const { tokenUrl, apiUrl, proofs, rejections } = await scene();
    const clientAuth = publicClient({ clientId: 'a' });
    const keys = new Map([
      ['ada', await dpopProof()],
      ['bob', await dpopProof()],
    ]);
    const pool = new AuthorizerPool<string>(
      (tenant) => new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth, dpop: keys.get(tenant) })),
    );
    const client = axios.create({ baseURL: apiUrl });
    attachAuth(client, pool, { key: ({ url }) => (url ?? '').slice(1) });
    const byFetch = authorizedFetch(pool, { allow: apiUrl, key: ({ url }) => new URL(url).pathname.slice(1) });
    const tenants = ['ada', 'bob', 'ada'];
    const sent = await Promise.all(tenants.map((tenant) => client.get<{ token: string }>(`/${tenant}`)));
    const fetched = await Promise.all(tenants.map((tenant) => byFetch(`${apiUrl}/${tenant}`)));
    expect(fetched.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(sent.map(({ data }) => data.token)).size).toBe(2);
    expect([rejections, proofs.length]).toEqual([[], 2 + 3 + 3]);
  });

  it('composeClients sends proofs as well (C23)', async () => {
    const { auth, apiUrl } = await scene();
    const { api } = composeClients({ api: { config: { baseURL: apiUrl }, authorizer: auth } });
    expect((await api.get('/')).status).toBe(200);
  });
});

describe('a body that is used up', () => {
  const made = () => new Blob(['made anew']).stream();

  it('by fetch is made anew for the retry with a nonce; else the 401 stays, and says why (C8, C23)', async () => {
    const { auth, apiUrl, events } = await scene({ settings: { apiNonce: 'changing' } });
    const api = authorizedFetch(auth, { allow: apiUrl });
    const lost = await api(apiUrl, { method: 'POST', body: made(), duplex: 'half' });
    const failing = { resendBody: () => Promise.reject(new Error('gone')) };
    const { auth: other, apiUrl: otherUrl, events: otherEvents } = await scene({ settings: { apiNonce: 'fixed' } });
    const failed = await authorizedFetch(other, { allow: otherUrl })(otherUrl, {
      method: 'POST',
      body: 'x',
      ...failing,
    });
    expect([lost.status, failed.status]).toEqual([401, 401]);
    for (const [seen, why] of [
      [events, /a web stream/],
      [otherEvents, /gone/],
    ] as const)
      expect(seen).toContainEqual(
        expect.objectContaining({ type: 'notice', message: expect.stringMatching(why) as string }),
      );
    const third = await scene({ settings: { apiNonce: 'fixed' } });
    const init = { method: 'POST', body: made(), duplex: 'half', resendBody: made } as const;
    const answer = await authorizedFetch(third.auth, { allow: third.apiUrl })(third.apiUrl, init);
    expect(await answer.json()).toMatchObject({ body: 'made anew' });
  });

  it('by axios is made anew for the retry with a nonce (C8, C23)', async () => {
    const { auth, apiUrl } = await scene({ settings: { apiNonce: 'fixed' } });
    const client = axios.create({ baseURL: apiUrl });
    attachAuth(client, auth);
    const resendBody = (): Readable => Readable.from(['made', ' anew']);
    const { data } = await client.post<object>('/', resendBody(), { resendBody });
    expect(data).toMatchObject({ body: 'made anew' });
    const form = new FormData();
    form.append('name', 'value');
    const next = await scene({ settings: { apiNonce: 'fixed' } });
    attachAuth(client, next.auth, { allow: next.apiUrl });
    const sent = await client.post<{ readonly body: string }>(next.apiUrl, form, { authorizer: next.auth });
    expect(sent.data.body).toMatch(/name="name"/);
  });
});

describe('for what callers do', () => {
  it.each(WAYS)(
    'by %s a request that began before a sign-out is not sent again with a nonce (C17, C23)',
    async (way) => {
      const settings = { apiNonce: 'fixed' } as const;
      const { auth, send, apiRequests } = await scene({
        settings,
        refreshes: true,
        onRequest: () => void auth.logout(),
      });
      expect((await send(way, '/')).status).toBe(401);
      expect(apiRequests).toHaveLength(1);
    },
  );

  it('a proof of the caller own is left as it is (C10, C23)', async () => {
    const { auth, apiUrl, apiRequests } = await scene();
    const client = axios.create({ baseURL: apiUrl, validateStatus: null });
    attachAuth(client, auth);
    await client.get('/', { headers: { dpop: 'mine' } });
    await authorizedFetch(auth, { allow: apiUrl })(apiUrl, { headers: { DPoP: 'mine' } });
    expect(apiRequests.map(({ headers }) => headers['dpop'])).toContain('mine');
    expect(new Set(apiRequests.map(({ headers }) => headers['dpop']))).toEqual(new Set(['mine']));
  });

  it('a proof that is not awaited is a ConfigurationError (C23)', () => {
    const dpop = dpopProof() as unknown as Awaited<ReturnType<typeof dpopProof>>;
    const options = { tokenUrl: 'https://id.example.org/token', clientAuth: publicClient({ clientId: 'a' }), dpop };
    expect(() => refreshTokenSource(options)).toThrow(/await dpopProof\(\)/);
  });
});

describe('for requests that are made elsewhere', () => {
  it('headers(url, { method }) makes a proof for one request (C23)', async () => {
    const { auth, apiUrl } = await scene();
    const headers = await auth.headers(`${apiUrl}/items?page=2`, { method: 'POST' });
    expect(headers['Authorization']).toBe('DPoP access-1');
    expect(decodeJwt(headers['DPoP'] ?? '')).toMatchObject({ htm: 'POST', htu: `${apiUrl}/items` });
    expect((await fetch(`${apiUrl}/items?page=2`, { method: 'POST', headers })).status).toBe(200);
  });

  it('headersFor cannot, and says what can (C23)', async () => {
    const { auth } = await scene();
    const token = await auth.getToken();
    expect(() => auth.headersFor(token)).toThrow(/authorizer\.headers\(url, \{ method \}\)/);
  });
});

describe('at the token endpoint', () => {
  it('a nonce that a refresh needs is sent back with the same refresh token, which is spent once (RFC 9449 section 8)', async () => {
    const { auth, settings, refreshReuses, rejections, tokenRequests } = await scene({ refreshes: true });
    await auth.getToken();
    settings.tokenNonce = 'fixed';
    await expect(auth.getToken({ force: true })).resolves.toMatchObject({
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
    });
    const presented = tokenRequests
      .slice(1)
      .map(({ body }) => new URLSearchParams(body.toString()).get('refresh_token'));
    expect(presented).toEqual(['refresh-1', 'refresh-1']);
    expect([refreshReuses, rejections]).toEqual([[], ['use_dpop_nonce']]);
  });

  it('an endless loop of nonces is an error after one retry (RFC 9449 section 8)', async () => {
    const { auth, tokenRequests } = await scene({ settings: { tokenNonce: 'endless' }, auth: { maxRetries: 0 } });
    await expect(auth.getToken()).rejects.toMatchObject({ error: 'use_dpop_nonce' });
    expect(tokenRequests).toHaveLength(2);
  });

  it('the token says what it is bound to, and remembers the nonces for a later run (C23)', async () => {
    const { auth, proof, tokenUrl, rejections } = await scene({
      refreshes: true,
      settings: { tokenNonce: 'fixed' },
      proof: {},
    });
    const token = await auth.getToken();
    expect(token).toMatchObject({ tokenType: 'DPoP', boundTo: await proof.thumbprint() });
    expect(token.proofNonces).toEqual({ [`as ${new URL(tokenUrl).origin}`]: 'nonce-0' });
    expect(rejections).toEqual(['use_dpop_nonce']);
  });

  it('a later run begins with the nonces of its token: nothing is refused (C23)', async () => {
    const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ]);
    const keyPair = { publicKey, privateKey };
    const first = await scene({ refreshes: true, settings: { tokenNonce: 'fixed' }, proof: { keyPair } });
    const initialToken = await first.auth.getToken();
    const dpop = await dpopProof({ keyPair });
    const source = refreshTokenSource({ tokenUrl: first.tokenUrl, clientAuth: publicClient({ clientId: 'a' }), dpop });
    const later = new Authorizer(source, { initialToken });
    await expect(later.getToken({ force: true })).resolves.toMatchObject({ accessToken: 'access-2' });
    expect(first.rejections).toEqual(['use_dpop_nonce']);
  });

  it.each([['Bearer'], [''], ['mac']])(
    'a token of type "%s" is refused: the server did not bind it (RFC 9449 section 5)',
    async (tokenType) => {
      const { auth } = await scene({ settings: { tokenType } });
      await expect(auth.getToken()).rejects.toMatchObject({
        kind: 'configuration',
        message: expect.stringMatching(/optional: true/) as string,
      });
    },
  );

  it('with `optional` a bearer token is taken, and sent as one, without a proof (C23)', async () => {
    const { auth, apiUrl } = await scene({ settings: { tokenType: 'bearer' }, proof: { optional: true } });
    const token = await auth.getToken();
    expect(token).not.toHaveProperty('boundTo');
    expect(await auth.headers(apiUrl)).toEqual({ Authorization: `Bearer ${token.accessToken}` });
    expect(auth.headersFor(token)).toEqual({ Authorization: `Bearer ${token.accessToken}` });
  });
});

it.each(['ES256', 'ES384', 'RS256', 'PS256', 'Ed25519'] as const)('proofs are signed with %s (C23)', async (alg) => {
  const { send, apiRequests } = await scene({ proof: { alg } });
  expect((await send('http', '/')).status).toBe(200);
  expect(decodeProtectedHeader(String(apiRequests[0]?.headers['dpop']))).toMatchObject({ typ: 'dpop+jwt', alg });
});
