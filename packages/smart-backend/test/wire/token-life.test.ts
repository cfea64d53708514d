// How long does a token serve, and whom?
import { memoryTokenStore } from '@axios-authorizer/core';
import { createSmartBackendClient } from '../../src/index.js';
import { world } from '../stage.js';
import type { Token, TokenStore } from '@axios-authorizer/core';

it('a token without expires_in serves until it is refused, and then costs one assertion (S1)', async () => {
  const { server, client, clock } = await world({ server: { expiresIn: null } });
  await client.get('/Patient/1');
  await clock.advance(299_000);
  await client.get('/Patient/1');
  expect([server.calls, server.refused]).toEqual([1, 0]);
  await clock.advance(1_000);
  expect((await client.get('/Patient/1')).status).toBe(200);
  expect([server.calls, server.refused]).toEqual([2, 1]);
});

it('a token of five minutes is never sent after its end (S1)', async () => {
  const { server, client, clock } = await world();
  for (let passed = 0; passed < 1_800_000; passed += 7_000) {
    await Promise.all([client.get('/Patient/1'), client.get('/Patient/2')]);
    await clock.advance(7_000);
  }
  expect(server.refused).toBe(0);
  expect(server.calls).toBeLessThan(12);
});

it('defaultLifetimeMs ends a token whose life is not stated (S1)', async () => {
  const { server, client, clock } = await world({
    server: { expiresIn: null },
    options: { defaultLifetimeMs: 60_000 },
  });
  await client.get('/Patient/1');
  await clock.advance(60_000);
  await client.get('/Patient/1');
  expect([server.calls, server.refused]).toEqual([2, 0]);
});

it('two clients that share a store share an assertion (S2)', async () => {
  const store = memoryTokenStore();
  const { server, client, options } = await world({ options: { store } });
  const other = createSmartBackendClient({ ...options, store });
  await Promise.all([client.get('/Patient/1'), other.get('/Patient/2')]);
  expect([server.calls, server.discoveries, server.served]).toEqual([1, 1, 2]);
  expect(new Set(server.bearers()).size).toBe(1);
});

it('its store hears when nobody waits for the lease any more (S2)', async () => {
  const heard: unknown[] = [];
  const exclusive: TokenStore['exclusive'] = (work, waiting) => (heard.push(waiting), work());
  const { client } = await world({ options: { store: { ...memoryTokenStore(), exclusive } } });
  await client.get('/Patient/1');
  expect(heard).toEqual([{ signal: expect.any(AbortSignal) as unknown }]);
});

it('what is stored holds no refresh token, and onToken sees the same (S5)', async () => {
  const store = memoryTokenStore();
  const seen: Token[] = [];
  const { server, client } = await world({ options: { store, onToken: (token) => void seen.push(token) } });
  server.nextToken({ json: { access_token: 'a', refresh_token: 'r', token_type: 'bearer', expires_in: 300 } });
  await client.get('/Patient/1');
  expect(await store.load()).toMatchObject({ ...seen[0] });
  expect(await store.load()).not.toHaveProperty('refreshToken');
  expect(seen[0]).toMatchObject({ accessToken: 'a' });
  expect(seen[0]).not.toHaveProperty('refreshToken');
});

it('an initial token is used before any assertion is made (S2)', async () => {
  const first = await world();
  const accessToken = await first.auth.getToken();
  const client = createSmartBackendClient({ ...first.options, initialToken: { accessToken } });
  expect((await client.get('/Patient/1')).status).toBe(200);
  expect(first.server.calls).toBe(1);
});

it('the options of the authorizer are handed through: refreshAheadMs, leewayMs, maxRetries (S2)', async () => {
  const { server, client, clock } = await world({ options: { refreshAheadMs: 0, leewayMs: 100_000, maxRetries: 0 } });
  await client.get('/Patient/1');
  await clock.advance(199_999);
  await client.get('/Patient/1');
  expect(server.calls).toBe(1);
  await clock.advance(1);
  server.nextToken({ status: 503 });
  await client.get('/Patient/1').catch(() => undefined);
  expect(server.calls).toBe(2);
});
