// Does a certified OpenID provider, which checks private_key_jwt by its own lights, take the assertions?
import { startOidcProvider } from '@axios-authorizer/test-kit';
import { createSmartBackendClient, privateKeyJwt, SMARTBackendAuth } from '../../src/index.js';
import { esKey, keyPair, loopback, registration } from '../stage.js';
import type { OidcProvider } from '@axios-authorizer/test-kit';
import type { SMARTBackendAuthOptions } from '../../src/index.js';

const keys = { RS384: keyPair('RS384', 'rs-key'), ES384: esKey } as const;
const algorithms = ['RS384', 'ES384'] as const;
let provider: OidcProvider;

beforeAll(async () => {
  const assertionClients = algorithms.map((alg) => {
    const { jwks = { keys: [] } } = registration(keys[alg]);
    return { clientId: `client-${alg}`, alg, jwks };
  });
  provider = await startOidcProvider({ assertionClients, scopes: ['api', 'system/*.rs'] });
});
afterAll(() => provider.stop());

function optionsFor(alg: (typeof algorithms)[number]): SMARTBackendAuthOptions {
  const { issuer: baseUrl, tokenUrl } = provider;
  return { baseUrl, tokenUrl, clientId: `client-${alg}`, scope: 'system/*.rs', keys: keys[alg] };
}

/** Posts the form as it is. */
function post(form: URLSearchParams): Promise<Response> {
  return fetch(provider.tokenUrl, { method: 'POST', body: form });
}

describe.each(algorithms)('with %s', (alg) => {
  it('a token is granted, and is good (S2)', async () => {
    const accessToken = await new SMARTBackendAuth(optionsFor(alg)).getToken();
    await expect(provider.isActive(accessToken)).resolves.toBe(true);
  });

  it('an assertion that is sent twice is refused, so that the provider does look (S2)', async () => {
    const { clientId } = optionsFor(alg);
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'api' });
    await privateKeyJwt({ clientId, keys: keys[alg] })({ url: provider.tokenUrl, headers: {}, body });
    const { assertionReplays } = await provider.counters();
    expect([(await post(body)).status, (await post(body)).status]).toEqual([200, 401]);
    expect((await provider.counters()).assertionReplays).toBe(assertionReplays + 1);
  });

  it('thirty tokens at once and one after the other replay no assertion (S2)', async () => {
    const before = await provider.counters();
    const auth = new SMARTBackendAuth(optionsFor(alg));
    await Promise.all(Array.from({ length: 20 }, () => auth.getToken()));
    for (let count = 0; count < 10; count += 1) await auth.getToken();
    const after = await provider.counters();
    expect(after.granted - before.granted).toBe(30);
    expect([after.assertionReplays, after.refused]).toEqual([before.assertionReplays, before.refused]);
  });
});

it('tokens of two seconds roll over under steady requests, and every request is answered (S2)', async () => {
  await provider.setTokenLife(2);
  const seen = new Set<string>();
  const api = await loopback(async ({ headers }, response) => {
    const bearer = String(headers.authorization?.slice('Bearer '.length));
    seen.add(bearer);
    response.writeHead((await provider.isActive(bearer)) ? 200 : 401).end();
  });
  const client = createSmartBackendClient({ ...optionsFor('ES384'), baseUrl: api.origin });
  const before = await provider.counters();
  while (seen.size < 3) expect((await client.get('/Patient')).status).toBe(200);
  const after = await provider.counters();
  expect([after.granted - before.granted, after.refused - before.refused]).toEqual([3, 0]);
  await provider.setTokenLife(300);
});
