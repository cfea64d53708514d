// Is a wrong clock fixed at a certified OpenID provider too, which has no words of ours and no clock but the real one?
import { startOidcProvider } from '@axios-authorizer/test-kit';
import { systemClock } from '@axios-authorizer/core/extend';
import { SMARTBackendAuth } from '../../src/index.js';
import { clientId, esKey, minuteMs, registration } from '../stage.js';
import type { OidcProvider } from '@axios-authorizer/test-kit';

let provider: OidcProvider;

beforeAll(async () => {
  const { jwks = { keys: [] } } = registration(esKey);
  provider = await startOidcProvider({ assertionClients: [{ clientId, alg: 'ES384', jwks }], scopes: ['system/*.rs'] });
});
afterAll(() => provider.stop());

it('a machine that is ten minutes slow gets its tokens, the first for one request more (S2b)', async () => {
  const { issuer: baseUrl, tokenUrl } = provider;
  const clock = { ...systemClock, now: () => Date.now() - 10 * minuteMs };
  const auth = new SMARTBackendAuth({ baseUrl, tokenUrl, clientId, scope: 'system/*.rs', keys: esKey, clock });
  const accessToken = await auth.getToken();
  await expect(provider.isActive(accessToken)).resolves.toBe(true);
  expect(await provider.counters()).toMatchObject({ tokenRequests: 2, refused: 1, granted: 1, assertionReplays: 0 });
  await auth.getToken();
  expect(await provider.counters()).toMatchObject({ tokenRequests: 3, refused: 1, granted: 2, assertionReplays: 0 });
});
