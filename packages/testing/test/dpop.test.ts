// Do the servers that a user's test starts bind tokens to keys as RFC 9449 says, and take no proof on trust?
import { createHash } from 'node:crypto';
import {
  attachAuth,
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  passwordSource,
} from '@axios-authorizer/core';
import { dpopProof } from '@axios-authorizer/core/dpop';
import { manualClock, startApi, startTokenEndpoint } from '@axios-authorizer/testing';
import type { Api, ApiOptions, TokenEndpoint, TokenEndpointOptions } from '@axios-authorizer/testing';
import axios from 'axios';
import type { AxiosResponse } from 'axios';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWK } from 'jose';

const started: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one.close();
});

interface Stage {
  readonly endpoint: TokenEndpoint;
  readonly api: Api;
}

async function stage(options?: TokenEndpointOptions, apiOptions?: ApiOptions): Promise<Stage> {
  const endpoint = await startTokenEndpoint({ dpop: true, ...options });
  const api = await startApi({ accepts: endpoint, ...apiOptions });
  started.push(endpoint, api);
  return { endpoint, api };
}

interface Key {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly alg: string;
}

async function newKey(alg = 'ES256'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: await exportJWK(publicKey), alg };
}

let count = 0;

/** A proof by another implementation; `claims` and `header` are changed as given, undefined leaves out. */
async function proofBy(
  { privateKey, jwk, alg }: Key,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const usual = { jti: `jti-${(count += 1)}`, iat: Math.floor(Date.now() / 1000) };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk, ...header })
    .sign(privateKey);
}

const hash = (token: string): string => createHash('sha256').update(token).digest('base64url');

async function ask(
  endpoint: TokenEndpoint,
  dpop?: string,
  form: Record<string, string> = {},
): Promise<AxiosResponse<Readonly<Record<string, string>>>> {
  const { url, clientId, clientSecret } = endpoint;
  const body = {
    grant_type: 'client_credentials',
    client_id: clientId,
    ...(clientSecret && { client_secret: clientSecret }),
  };
  const headers = dpop === undefined ? {} : { dpop };
  return axios.post(url, new URLSearchParams({ ...body, ...form }), { headers, validateStatus: null });
}

async function boundToken(endpoint: TokenEndpoint, key: Key): Promise<string> {
  const { data } = await ask(endpoint, await proofBy(key, { htm: 'POST', htu: endpoint.url }));
  expect(data).toMatchObject({ token_type: 'DPoP' });
  return `${data['access_token']}`;
}

describe('our own client (C23)', () => {
  test('gets tokens that are bound to its key, and calls the API with proofs; nonces are learnt on the way', async () => {
    const { endpoint, api } = await stage({ dpopNonces: true }, { dpopNonces: true });
    const { url: tokenUrl, clientId, clientSecret } = endpoint;
    const dpop = await dpopProof();
    const clientAuth = clientSecretBasic({ clientId, clientSecret });
    const authorizer = new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth, dpop }));
    const client = axios.create({ baseURL: api.url });
    attachAuth(client, authorizer);
    await client.get('/items?page=2');
    endpoint.expireNonce();
    api.expireNonce();
    endpoint.revokeAll();
    await client.get('/items');
    expect(endpoint.boundTo(`${authorizer.accessToken}`)).toBe(await dpop.thumbprint());
    expect(endpoint.calls.map(({ status, error }) => `${status} ${error}`)).toEqual([
      '400 use_dpop_nonce',
      '200 undefined',
      '400 use_dpop_nonce',
      '200 undefined',
    ]);
    expect(api.calls.map(({ status, authorization, error }) => `${status} ${authorization} ${error}`)).toEqual([
      '401 DPoP #1 use_dpop_nonce',
      '200 DPoP #1 undefined',
      '401 DPoP #1 invalid_token',
      '200 DPoP #2 undefined',
    ]);
  });

  test.each(['ES256', 'ES384', 'RS256', 'PS256', 'Ed25519'] as const)('signs by %s', async (alg) => {
    const { endpoint, api } = await stage();
    const { url: tokenUrl, clientId, clientSecret } = endpoint;
    const clientAuth = clientSecretBasic({ clientId, clientSecret });
    const source = passwordSource({
      tokenUrl,
      clientAuth,
      username: 'ada',
      password: 'p',
      dpop: await dpopProof({ alg }),
    });
    const client = axios.create({ baseURL: api.url });
    attachAuth(client, new Authorizer(source));
    expect((await client.get('/items')).status).toBe(200);
  });

  test('lives in the time of the test with them', async () => {
    const clock = manualClock(new Date('2030-01-01'));
    const { endpoint, api } = await stage({ clock }, { clock });
    const { url: tokenUrl, clientId, clientSecret } = endpoint;
    const dpop = await dpopProof({ clock });
    const clientAuth = clientSecretBasic({ clientId, clientSecret });
    const client = axios.create({ baseURL: api.url });
    attachAuth(client, new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth, dpop, clock }), { clock }));
    await client.get('/items');
    await clock.advance(3_600_000);
    await client.get('/items');
    expect(api.calls.map(({ status, authorization }) => `${status} ${authorization}`)).toEqual([
      '200 DPoP #1',
      '200 DPoP #2',
    ]);
  });
});

describe('a proof by another implementation', () => {
  test.each(['ES256', 'ES512', 'RS256', 'PS256', 'Ed25519', 'EdDSA'])(
    'by %s binds the token to its key',
    async (alg) => {
      const { endpoint, api } = await stage();
      const key = await newKey(alg);
      const token = await boundToken(endpoint, key);
      expect(endpoint.boundTo(token)).toBe(await calculateJwkThumbprint(key.jwk));
      const proof = await proofBy(key, { htm: 'GET', htu: `${api.url}/a`, ath: hash(token) });
      const headers = { authorization: `DPoP ${token}`, dpop: proof };
      const answers = [
        await axios.get(`${api.url}/a?b=c`, { headers }),
        await axios.get(`${api.url}/a`, { headers, validateStatus: null }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 401]);
      expect(answers[1]?.headers['www-authenticate']).toMatch(
        /^DPoP error="invalid_dpop_proof", error_description="jti .*", algs="ES256 /,
      );
      const { data } = await axios.post<unknown>(endpoint.introspectionUrl, new URLSearchParams({ token }));
      expect(data).toMatchObject({
        active: true,
        token_type: 'DPoP',
        cnf: { jkt: await calculateJwkThumbprint(key.jwk) },
      });
    },
  );

  const now = (): number => Math.floor(Date.now() / 1000);
  test.each<[what: string, claims: Record<string, unknown>, header: Record<string, unknown>]>([
    ['another method', { htm: 'GET' }, {}],
    ['another host', { htu: 'http://example.org/token' }, {}],
    ['another path', { htu: 'http://127.0.0.1/introspect' }, {}],
    ['a htu that is no URL', { htu: '/token' }, {}],
    ['no htu', { htu: undefined }, {}],
    ['no jti', { jti: undefined }, {}],
    ['a jti that is no text', { jti: 7 }, {}],
    ['a time long ago', { iat: now() - 70 }, {}],
    ['a time to come', { iat: now() + 70 }, {}],
    ['a time in words', { iat: 'now' }, {}],
    ['no time', { iat: undefined }, {}],
    ['another typ', {}, { typ: 'jwt' }],
    ['no key', {}, { jwk: undefined }],
    ['a key that is none', {}, { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }],
    ['a key of another type', {}, { jwk: { kty: 'RSA', n: 'AQ', e: 'AQAB' } }],
  ])('with %s is invalid_dpop_proof', async (_, claims, header) => {
    const { endpoint } = await stage();
    const proof = await proofBy(await newKey(), { htm: 'POST', htu: endpoint.url, ...claims }, header);
    const { status, data } = await ask(endpoint, proof);
    expect([status, data['error']]).toEqual([400, 'invalid_dpop_proof']);
    expect(endpoint.issued).toEqual([]);
  });

  test('signed by another key, with the private key in it, by a secret, twice or not at all is invalid_dpop_proof', async () => {
    const { endpoint } = await stage();
    const [key, other] = [await newKey(), await newKey()];
    const claims = { htm: 'POST', htu: endpoint.url };
    const good = await proofBy(key, claims);
    const unsigned = [{ typ: 'dpop+jwt', alg: 'none', jwk: key.jwk }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const proofs = [
      await proofBy({ ...key, jwk: other.jwk }, claims),
      await proofBy({ ...key, jwk: await exportJWK(key.privateKey) }, claims),
      `${unsigned.join('.')}.`,
      `${good}, ${good}`,
      'x.y.z',
      'null',
      undefined,
    ];
    for (const proof of proofs)
      expect((await ask(endpoint, proof)).data).toMatchObject({ error: 'invalid_dpop_proof' });
    expect((await ask(endpoint, good)).status).toBe(200);
    expect((await ask(endpoint, good)).data).toMatchObject({ error: 'invalid_dpop_proof' });
  });

  test('by another key, of another token or beside "Bearer" does not open the API', async () => {
    const { endpoint, api } = await stage();
    const [key, thief] = [await newKey(), await newKey()];
    const token = await boundToken(endpoint, key);
    const claims = { htm: 'GET', htu: `${api.url}/`, ath: hash(token) };
    const calls: [scheme: string, proof: string | undefined][] = [
      ['DPoP', await proofBy(thief, claims)],
      ['DPoP', await proofBy(key, { ...claims, ath: hash('another') })],
      ['DPoP', undefined],
      ['Bearer', undefined],
      ['Bearer', await proofBy(key, claims)],
    ];
    for (const [scheme, dpop] of calls)
      await axios.get(api.url, {
        headers: { authorization: `${scheme} ${token}`, ...(dpop && { dpop }) },
        validateStatus: null,
      });
    await axios
      .get(api.url, { validateStatus: null })
      .then(({ headers }) => expect(headers['www-authenticate']).toMatch(/^DPoP algs="/));
    expect(api.calls.map(({ status, error }) => `${status} ${error}`)).toEqual([
      '401 invalid_token',
      '401 invalid_dpop_proof',
      '401 invalid_dpop_proof',
      '401 invalid_token',
      '401 invalid_token',
      '401 unauthorized',
    ]);
  });

  test('wants the nonce of the header, which each answer holds', async () => {
    const { endpoint } = await stage({ dpopNonces: true });
    const key = await newKey();
    const claims = { htm: 'POST', htu: endpoint.url };
    const first = await ask(endpoint, await proofBy(key, claims));
    expect(first).toMatchObject({ status: 400, data: { error: 'use_dpop_nonce' } });
    const nonce: unknown = first.headers['dpop-nonce'];
    const second = await ask(endpoint, await proofBy(key, { ...claims, nonce }));
    expect([second.status, second.headers['dpop-nonce']]).toEqual([200, nonce]);
    endpoint.expireNonce();
    expect((await ask(endpoint, await proofBy(key, { ...claims, nonce }))).data).toMatchObject({
      error: 'use_dpop_nonce',
    });
  });
});

test.each([
  ['a public client', null, [400, 200]],
  ['a client with a secret', 'a-secret', [200, 200]],
])(
  'the refresh tokens of %s: whether another key, and the own one, may use them',
  async (_, clientSecret, statuses) => {
    const { endpoint } = await stage({ clientSecret });
    const [key, other] = [await newKey(), await newKey()];
    const claims = { htm: 'POST', htu: endpoint.url };
    const { data } = await ask(endpoint, await proofBy(key, claims), { grant_type: 'password' });
    const form = { grant_type: 'refresh_token', refresh_token: `${data['refresh_token']}` };
    const answers = [
      await ask(endpoint, await proofBy(other, claims), form),
      await ask(endpoint, await proofBy(key, claims), form),
    ];
    expect(answers.map(({ status }) => status)).toEqual(statuses);
  },
);

test('without the option a proof is ignored, and the token is a bearer token that does not pass as bound', async () => {
  const { endpoint, api } = await stage({ dpop: false });
  const key = await newKey();
  const { data } = await ask(endpoint, await proofBy(key, { htm: 'POST', htu: endpoint.url }));
  const { access_token: token, token_type: type } = data;
  expect([type, endpoint.boundTo(`${token}`)]).toEqual(['Bearer', undefined]);
  const proof = await proofBy(key, { htm: 'GET', htu: api.url, ath: hash(`${token}`) });
  await axios.get(api.url, { headers: { authorization: `DPoP ${token}`, dpop: proof }, validateStatus: null });
  await axios.get(api.url, { headers: { authorization: `Bearer ${token}` } });
  expect(api.calls.map(({ status }) => status)).toEqual([401, 200]);
});

test('nonces without proofs are refused', async () => {
  await expect(startTokenEndpoint({ dpopNonces: true })).rejects.toThrow(/needs `dpop: true`/);
});
