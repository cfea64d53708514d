// Which of the two tokens goes out, and whose end counts?
import { ManualClock } from '@axios-authorizer/test-kit';
import { createCognitoClient } from '../../src/index.js';
import { hourMs, jwtOf, minuteMs, publicApp, resourceServer, tokenEndpoint } from './stage.js';
import type { ResourceServer, TokenEndpoint } from '@axios-authorizer/test-kit';
import type { TokenUse } from '../../src/index.js';

interface Stage {
  readonly clock: ManualClock;
  readonly api: ResourceServer;
  readonly endpoint: TokenEndpoint;
  readonly client: ReturnType<typeof createCognitoClient>;
}

/** An access token of an hour, and id tokens of `idLifeMs` beside it. */
async function stage(tokenUse: TokenUse | undefined, idLifeMs = hourMs): Promise<Stage> {
  const clock = new ManualClock();
  const [endpoint, api] = [await tokenEndpoint({ clock }), await resourceServer()];
  endpoint.always(() => {
    const iat = Math.floor(clock.now() / 1000);
    const id_token = jwtOf({ iat, exp: iat + idLifeMs / 1000, token_use: 'id' });
    return { json: { access_token: `access-${endpoint.calls}`, id_token, expires_in: 3600 } };
  });
  const grant = { refreshToken: 'the-first' };
  const options = { clientInfo: publicApp, tokenUrl: endpoint.url, grant, clock, tokenUse };
  return { clock, api, endpoint, client: createCognitoClient(options, { baseURL: api.origin }) };
}

it.each(['access', undefined] as const)('with %j the access token goes out (G5)', async (tokenUse) => {
  const { api, client } = await stage(tokenUse);
  await client.get('/orders');
  expect(api.bearers()).toEqual(['access-1']);
});

it('with "id" the id token goes out, after a refresh the new one (G5)', async () => {
  const { clock, api, client } = await stage('id');
  await client.get('/orders');
  await clock.advance(2 * hourMs);
  await client.get('/orders');
  const [first, second] = api.bearers();
  const startS = Math.floor(Date.UTC(2026, 0, 1) / 1000);
  expect(first).toBe(jwtOf({ iat: startS, exp: startS + 3600, token_use: 'id' }));
  expect(second).toBe(jwtOf({ iat: startS + 7200, exp: startS + 10_800, token_use: 'id' }));
});

it('an id token that ends before the access token is replaced at its own end (G5)', async () => {
  const { clock, api, endpoint, client } = await stage('id', 5 * minuteMs);
  await client.get('/orders');
  await clock.advance(6 * minuteMs);
  await client.get('/orders');
  expect(endpoint.calls).toBe(2);
  expect(new Set(api.bearers()).size).toBe(2);
});

it('where the access token is wanted its end counts, however soon the id token ends (G5)', async () => {
  const { clock, endpoint, client } = await stage('access', 5 * minuteMs);
  await client.get('/orders');
  await clock.advance(6 * minuteMs);
  await client.get('/orders');
  expect(endpoint.calls).toBe(1);
});
