// SMART Backend Services has no refresh tokens ("Refresh tokens SHOULD NOT be issued"): does one change anything?
import { authorize, formOf, jtisOf, tokenRequests, world } from '../stage.js';
import type { World } from '../stage.js';

/** A server that hands out a refresh token with every access token. */
async function generous(): Promise<World> {
  const stage = await world();
  let count = 0;
  stage.server.alwaysToken(() => {
    count += 1;
    const tokens = { access_token: `access-${count}`, refresh_token: `refresh-${count}` };
    return { json: { ...tokens, token_type: 'bearer', expires_in: 300, scope: 'system/*.rs' } };
  });
  return stage;
}

it('a refresh token in the answer is dropped (S5)', async () => {
  const { auth } = await generous();
  const token = await authorize(auth);
  expect(token.accessToken).toBe('access-1');
  expect(token).not.toHaveProperty('refreshToken');
});

it('no refresh_token request is sent after expiry, when forced, nor after refusals (S5)', async () => {
  const { server, client, clock } = await generous();
  await client.get('/Patient/1');
  await clock.advance(300_000);
  await client.get('/Patient/1');
  await client.authorizer.getToken({ force: true });
  server.revokeAll();
  await Promise.all(Array.from({ length: 20 }, (_, id) => client.get(`/Patient/${id}`)));
  expect(server.refreshRequests).toBe(0);
  const grants = tokenRequests(server).map((request) => formOf(request).get('grant_type'));
  expect(grants).toEqual(Array(4).fill('client_credentials'));
  expect(new Set(jtisOf(server)).size).toBe(4);
});

it('a token that is stale is replaced by a new assertion in the background (S5)', async () => {
  const { server, client, clock } = await generous();
  await client.get('/Patient/1');
  await clock.advance(280_000);
  await client.get('/Patient/1');
  await client.authorizer.getToken({ force: true });
  expect(server.refreshRequests).toBe(0);
  expect(server.assertions.length).toBe(server.calls);
  expect(server.bearers()).toEqual(['access-1', 'access-1']);
});
