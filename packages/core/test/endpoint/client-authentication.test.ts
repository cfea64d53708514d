// How does a client say who it is, and how often?
import { ManualClock } from '@axios-authorizer/test-kit';
import {
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  clientSecretPost,
  publicClient,
} from '../../src/index.js';
import { requestToken } from '../../src/extend.js';
import { adapters, failureOf, grant, tokenEndpoint } from './stage.js';
import type { ClientAuth } from '../../src/index.js';

const clientId = 'my client:é';
const clientSecret = 'a b:c%d+e/f=g&h?i';

describe.each(adapters)('over the %s adapter', (adapter) => {
  it('clientSecretBasic form-encodes id and secret, each by itself (C15)', async () => {
    const endpoint = await tokenEndpoint();
    const clientAuth = clientSecretBasic({ clientId, clientSecret });
    await requestToken({ url: endpoint.url, body: grant(), clientAuth, transport: { adapter } });
    const sent = Buffer.from(String(endpoint.requests[0]?.headers.authorization?.slice('Basic '.length)), 'base64');
    expect(sent.toString('latin1')).toBe('my+client%3A%C3%A9:a+b%3Ac%25d%2Be%2Ff%3Dg%26h%3Fi');
    expect(endpoint.bodies[0]?.has('client_secret')).toBe(false);
  });

  it('clientSecretPost sends both in the form and no header (C15)', async () => {
    const endpoint = await tokenEndpoint();
    const clientAuth = clientSecretPost({ clientId, clientSecret });
    await requestToken({ url: endpoint.url, body: grant(), clientAuth, transport: { adapter } });
    expect(endpoint.bodies[0]?.get('client_id')).toBe(clientId);
    expect(endpoint.bodies[0]?.get('client_secret')).toBe(clientSecret);
    expect(endpoint.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('none sends the id alone (C15)', async () => {
    const endpoint = await tokenEndpoint();
    await requestToken({
      url: endpoint.url,
      body: grant(),
      clientAuth: publicClient({ clientId }),
      transport: { adapter },
    });
    expect(Object.fromEntries(endpoint.bodies[0] ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: clientId,
    });
    expect(endpoint.requests[0]?.headers.authorization).toBeUndefined();
  });
});

const basic = clientSecretBasic({ clientId, clientSecret });
const post = clientSecretPost({ clientId, clientSecret });

it.each<[what: string, clientAuth: ClientAuth, body: URLSearchParams]>([
  ['a header and client_secret', both(basic, post), grant()],
  ['a header and a client_secret among the parameters', basic, grant('client_credentials', { client_secret: 'x' })],
  ['client_secret and client_assertion', post, grant('client_credentials', { client_assertion: 'x' })],
  ['a header in lower case and client_assertion', lowerCase, grant('client_credentials', { client_assertion: 'x' })],
])('%s are two authentications: a ConfigurationError, and nothing is sent (C15)', async (_, clientAuth, body) => {
  const endpoint = await tokenEndpoint();
  const error = await failureOf(requestToken({ url: endpoint.url, body, clientAuth }));
  expect(error).toMatchObject({ name: 'ConfigurationError' });
  expect(endpoint.requests).toEqual([]);
});

it('the authentication is applied anew on each attempt of an authorizer (C15)', async () => {
  const endpoint = await tokenEndpoint();
  const clock = new ManualClock();
  let applied = 0;
  const clientAuth: ClientAuth = ({ body }) => body.set('client_assertion', `assertion-${(applied += 1)}`);
  const authorizer = new Authorizer(clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth, clock }), { clock });
  endpoint.next({ status: 503 }, { reset: true });
  const token = authorizer.getToken();
  for (const backoffMs of [200, 400]) {
    await clock.sleeping(2);
    await clock.advance(backoffMs);
  }
  await expect(token).resolves.toMatchObject({ accessToken: 'token-1' });
  expect(endpoint.bodies.map((body) => body.get('client_assertion'))).toEqual([
    'assertion-1',
    'assertion-2',
    'assertion-3',
  ]);
});

it('an authentication that fails is reported by its caller, and nothing is sent (C15)', async () => {
  const endpoint = await tokenEndpoint();
  const broken = new Error('the key is locked');
  const clientAuth = (): Promise<void> => Promise.reject(broken);
  await expect(requestToken({ url: endpoint.url, body: grant(), clientAuth })).rejects.toBe(broken);
  expect(endpoint.requests).toEqual([]);
});

function both(...methods: ClientAuth[]): ClientAuth {
  return async (request) => {
    for (const method of methods) await method(request);
  };
}

function lowerCase({ headers }: Parameters<ClientAuth>[0]): void {
  headers['authorization'] = 'Basic eDp5';
}
