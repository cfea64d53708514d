// Which answers mean that the token was refused, and what does the caller get then?
import type { Token, TokenRequest } from '../../src/index.js';
import { attachAuth, Authorizer } from '../../src/index.js';
import axios from 'axios';
import type { AxiosAdapter, AxiosResponse } from 'axios';
import { OVER_FETCH } from './over-fetch.js';
import { rejection, stage, statusOf } from './world.js';
import type { World, WorldOptions } from './world.js';

const { world, api: anotherApi } = stage();

/** A world whose token has just been revoked. */
async function revoked(options: WorldOptions = {}): Promise<World> {
  const scene = await world(options);
  await scene.client.get('/first');
  scene.idp.revokeAll();
  return scene;
}

const refusals: readonly (string | readonly string[] | null)[] = [
  null,
  '',
  'Bearer',
  'Bearer realm="api, v1", error="invalid_token", error_description="expired, \\"really\\""',
  'BEARER error=invalid_token',
  'Basic realm="api"',
  'Negotiate YWJj==, Bearer error="invalid_token"',
  ['Basic realm="api"', 'Bearer error="invalid_token"'],
  'Bearer realm="say error=insufficient_scope", error="invalid_token"',
  'Bearer realm="Bearer error=\\"insufficient_scope\\""',
  'DPoP error="invalid_token", algs="ES256"',
  'Bearer error="invalid_token", DPoP algs="ES256"',
  'Digest error="insufficient_scope"',
  'Bearer error="", DPoP error="invalid_token"',
  ', ,;; not = a "challenge',
];
const demands: readonly (string | readonly string[])[] = [
  'Bearer error="insufficient_scope", scope="admin"',
  'bearer error=insufficient_scope',
  'Basic realm="api, v1", Bearer realm="x", error="insufficient_scope"',
  ['Basic realm="api"', 'Bearer error="insufficient_scope"'],
  'Bearer realm="a", error="insufficient_scope", Basic realm="b"',
  'DPoP error="insufficient_scope"',
  'DPoP error="invalid_dpop_proof"',
  'DPoP algs="ES256", error=use_dpop_nonce',
  'Bearer, DPoP error="use_dpop_nonce", algs="ES256"',
  'Bearer error="invalid_token", DPoP error="invalid_dpop_proof"',
  'Bearer error="insufficient_user_authentication", acr_values="gold"',
  ['DPoP algs="ES256"', 'Bearer realm="x", error="insufficient_scope"'],
];
describe.each(['http', OVER_FETCH])('through %s', (adapter) => {
  it.each(refusals.map((challenge) => [challenge]))(
    'a 401 with the challenge %j is retried (C7)',
    async (challenge) => {
      const { client, idp, api } = await revoked({ config: { adapter }, api: { challenge } });
      expect(await statusOf(client.get('/items'))).toBe(200);
      expect(idp.calls).toBe(2);
      expect(api.refused).toBe(1);
    },
  );

  it.each(demands.map((challenge) => [challenge]))(
    'a 401 with the challenge %j costs no refresh: a new token would not help (C7)',
    async (challenge) => {
      const { client, idp, api } = await revoked({ config: { adapter }, api: { challenge } });
      expect(await statusOf(client.get('/items'))).toBe(401);
      expect(idp.calls).toBe(1);
      expect(api.refused).toBe(1);
    },
  );
});

const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'login' }] };
const bodies = [
  ['plain text', { text: 'Unauthorized' }],
  ['nothing', { text: '' }],
  ['an HTML page', { text: '<html>401</html>', headers: { 'content-type': 'text/html' } }],
  ['an OperationOutcome', { json: outcome, headers: { 'content-type': 'application/fhir+json' } }],
  ['JSON that is none', { text: '{"error":', headers: { 'content-type': 'application/json' } }],
  ['a large body', { trickle: 300_000 }],
] as const;
describe.each(['http', 'fetch', OVER_FETCH])('through the %s adapter', (adapter) => {
  it.each(bodies)('a 401 with %s is retried (C7)', async (_, body) => {
    const { client, idp, api } = await world({ config: { adapter } });
    await client.get('/first');
    api.next({ status: 401, ...body });
    expect(await statusOf(client.get('/items'))).toBe(200);
    expect(idp.calls).toBe(2);
  });

  it.each(['json', 'text', 'arraybuffer', 'stream'] as const)(
    'a 401 is retried when %s was asked for (C7)',
    async (responseType) => {
      const { client, idp } = await revoked({ config: { adapter } });
      expect(await statusOf(client.get('/items', { responseType }))).toBe(200);
      expect(idp.calls).toBe(2);
    },
  );

  it.each([
    ['() => true', () => true],
    ['status < 500', (status: number) => status < 500],
    ['null', null],
  ])('a client whose validateStatus is %s is retried too (C7)', async (_, validateStatus) => {
    const { client, idp } = await revoked({ config: { adapter, validateStatus } });
    expect(await statusOf(client.get('/items'))).toBe(200);
    expect(idp.calls).toBe(2);
  });

  it('the 401 after the resend comes as it came, body, headers and all (C7)', async () => {
    const { client, idp, api } = await world({ config: { adapter } });
    await client.get('/first');
    api.next({ status: 401, json: { n: 1 } }, { status: 401, json: { n: 2 }, headers: { 'x-trace': 'second' } });
    const { response } = await rejection(client.get('/items'));
    expect(response).toMatchObject({ status: 401, data: { n: 2 } });
    expect(response?.headers['x-trace']).toBe('second');
    expect(idp.calls).toBe(2);
    expect(api.requests).toHaveLength(3);
  });

  it('a second 401 is an answer, not an error, where validateStatus takes it (C7)', async () => {
    const { client, api } = await world({ config: { adapter, validateStatus: () => true } });
    await client.get('/first');
    api.next({ status: 401, json: { n: 1 } }, { status: 401, json: { n: 2 } });
    expect(await client.get('/items')).toMatchObject({ status: 401, data: { n: 2 } });
  });
});

describe.each(['http', 'fetch'])('through the %s adapter', (adapter) => {
  it('a 401 that stays after the retry says that a fresh token was rejected as well (C8)', async () => {
    const { client, idp, api } = await world({ config: { adapter }, api: { accepts: () => false } });
    const error = await rejection(client.get('/items'));
    expect(error.message).toMatch(
      /^Request failed with status code 401\. A fresh token was rejected as well: .*audience/,
    );
    expect(error.cause).toMatchObject({ code: 'rejected_again', kind: 'unavailable' });
    expect(Object.keys(error)).not.toContain('cause');
    expect(error).toMatchObject({ code: 'ERR_BAD_REQUEST', status: 401 });
    expect([idp.calls, api.requests.length]).toEqual([2, 2]);
  });
});

it.each([400, 403, 404, 407, 419, 500, 503])('a %i never costs a refresh (C7)', async (status) => {
  const { client, idp, api } = await world();
  await client.get('/first');
  api.next({ status, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
  expect(await statusOf(client.get('/items'))).toBe(status);
  expect(idp.calls).toBe(1);
  expect(api.requests).toHaveLength(2);
});

it('`unauthorized` says what else rejects the token, by status and body (C7)', async () => {
  const unauthorized = ({ status, data }: { status: number; data: unknown }): boolean =>
    status === 500 && String(data).includes('Signature verification');
  const { client, idp, api } = await world({ attach: { unauthorized } });
  await client.get('/first');
  api.next({ status: 500, json: { message: 'Signature verification failed' } });
  expect(await statusOf(client.get('/retried'))).toBe(200);
  expect(idp.calls).toBe(2);
  api.next({ status: 500, json: { message: 'disk full' } });
  expect(await statusOf(client.get('/broken'))).toBe(500);
  api.next({ status: 401 });
  expect(await statusOf(client.get('/not-for-this-predicate'))).toBe(401);
  expect(idp.calls).toBe(2);
});

it.each<readonly [string, object]>([
  ['a list', { 'WWW-Authenticate': ['Basic realm="x"', 'Bearer error="insufficient_scope"'] }],
  ['the Headers of fetch', new Headers({ 'www-authenticate': 'Bearer error="insufficient_scope"' })],
])('a challenge is read though an adapter of the caller’s own hands over %s (C7)', async (_what, headers) => {
  const { client, idp } = await world({ config: { validateStatus: null } });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as such adapters do
  const given = headers as AxiosResponse['headers'];
  const adapter: AxiosAdapter = async (config) => ({ data: '', status: 401, statusText: '', headers: given, config });
  expect(await statusOf(client.get('/items', { adapter }))).toBe(401);
  expect(idp.calls).toBe(1);
});

it('the source of tokens is told the reason and the challenge of the refusal (C7)', async () => {
  const asked: TokenRequest[] = [];
  const source = async (request: TokenRequest): Promise<Token> => {
    asked.push(request);
    return { accessToken: `made-${asked.length}` };
  };
  const challenge = 'Bearer realm="r", error="insufficient_claims", claims="eyJhIjoxfQ=="';
  const api = await anotherApi({ accepts: (bearer) => bearer === 'made-2', challenge });
  const client = axios.create({ baseURL: api.origin });
  attachAuth(client, new Authorizer(source));
  expect(await statusOf(client.get('/items'))).toBe(200);
  expect(asked.map(({ reason }) => reason)).toEqual(['missing', 'unauthorized']);
  expect(asked[0]?.challenge).toBeUndefined();
  expect(asked[1]?.challenge).toMatchObject({ parameters: { claims: 'eyJhIjoxfQ==' } });
});
