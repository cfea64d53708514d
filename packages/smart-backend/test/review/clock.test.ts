// What does one wrong Date do to a client that was right?
import { ManualClock } from '@axios-authorizer/test-kit';
import { SMARTBackendAuth } from '../../src/index.js';
import { authorize, clientId, esKey, failureOf, loopback, notices, world } from '../stage.js';
import type { AuthEvent } from '@axios-authorizer/core';

/** An authorization server whose clock is right behind a proxy that stamps a Date of its own. */
async function behindWrongProxy(
  aheadMs: number,
): Promise<{ readonly auth: SMARTBackendAuth; readonly state: { down: boolean } }> {
  const clock = new ManualClock();
  const state = { down: false };
  const server = await loopback((request, response) => {
    const assertion = new URLSearchParams(request.body.toString()).get('client_assertion') ?? '';
    const { exp } = JSON.parse(Buffer.from(String(assertion.split('.')[1]), 'base64url').toString()) as { exp: number };
    const left = exp * 1000 - clock.now();
    const good = !state.down && left > 0 && left <= 300_000;
    const body = good ? { access_token: 'a', token_type: 'bearer', expires_in: 300 } : { error: 'invalid_client' };
    response.setHeader('date', new Date(clock.now() + aheadMs).toUTCString());
    response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const auth = new SMARTBackendAuth({
    baseUrl: `${server.origin}/fhir`,
    tokenUrl: `${server.origin}/token`,
    clientId,
    scope: 'system/*.rs',
    keys: esKey,
    clock,
  });
  return { auth, state };
}

it('a Date that fixes nothing is not kept: when the refusal is over the client is well again (S2b)', async () => {
  const { auth, state } = await behindWrongProxy(600_000);
  await authorize(auth); // well
  state.down = true; // the key set is being read again, say
  await failureOf(authorize(auth));
  state.down = false;
  await expect(authorize(auth)).resolves.toMatchObject({ accessToken: 'a' });
});

it('the time that a slow signer takes is not taken for a wrong clock (S2b)', async () => {
  const clock = new ManualClock();
  const events: AuthEvent[] = [];
  const { server } = await world({ clock, server: { clients: [] } });
  const slow = {
    alg: 'ES384' as const,
    kid: 'es-key',
    async sign() {
      await clock.advance(100_000);
      return new Uint8Array(96);
    },
  };
  const auth = new SMARTBackendAuth({
    baseUrl: server.baseUrl,
    clientId,
    scope: 'system/*.rs',
    keys: slow,
    clock,
    observer: (event) => events.push(event),
  });
  await failureOf(authorize(auth));
  expect(notices({ events })).toEqual([]);
  expect(server.calls).toBe(1);
});

// Only beyond Greenwich can it fail: TZ=America/New_York npx jest …
it('a Date without a zone is Greenwich time wherever the program runs (RFC 9110 section 5.6.7)', async () => {
  const { server, auth } = await world();
  const date = 'Sun Nov  6 08:49:37 1994';
  server.alwaysToken({ status: 401, headers: { date }, json: { error: 'unauthorized_client' } });
  const error = await failureOf(authorize(auth));
  expect(error).toMatchObject({ serverDate: new Date(Date.UTC(1994, 10, 6, 8, 49, 37)) });
});
