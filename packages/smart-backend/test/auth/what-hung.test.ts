// The limit of an acquisition runs out. Does the error name what was silent: the discovery, the token endpoint or the signer?
import { until } from '@axios-authorizer/test-kit';
import { AuthenticationError } from '@axios-authorizer/core';
import { authorize, failureOf, world } from '../stage.js';
import type { World } from '../stage.js';
import type { Failure } from '../stage.js';

const never = new Promise<never>(() => undefined);
const patience = { timeoutMs: 5_000, maxRetries: 0 };

/** What a request of the client fails with once `reached` holds and the limit has run out. */
async function hungAt({ client, clock }: World, reached: () => boolean): Promise<Failure> {
  const failed = failureOf(client.get('/Patient/1'));
  await until(reached, 'what hangs');
  await clock.advance(patience.timeoutMs);
  return failed;
}

const outage = { code: 'timeout', kind: 'unavailable', transient: true };

it('a discovery that hangs is named (S7, C4)', async () => {
  const stage = await world({ options: patience });
  stage.server.nextDiscovery({ hang: true });
  const failure = await hungAt(stage, () => stage.server.discoveries === 1);
  expect(failure).toMatchObject(outage);
  expect(failure.message).toMatch(
    /^SMART discovery failed: http.*\/fhir\/\.well-known\/smart-configuration had not answered within 5000 ms/,
  );
});

it('a token endpoint that hangs is named (S7, C4)', async () => {
  const stage = await world({ options: patience });
  stage.server.nextToken({ hang: true });
  const failure = await hungAt(stage, () => stage.server.calls === 1);
  expect(failure).toMatchObject(outage);
  expect(failure.message).toContain(`${stage.server.tokenUrl} had not answered within 5000 ms`);
});

it('a signer that hangs is named, and nothing of clients and requests is blamed (S7, C4)', async () => {
  const asked: unknown[] = [];
  const keys = { alg: 'ES384', kid: 'kms-7', sign: (input: Uint8Array) => (asked.push(input), never) } as const;
  const stage = await world({ options: { ...patience, keys } });
  const failure = await hungAt(stage, () => asked.length === 1);
  expect(failure).toMatchObject(outage);
  expect(failure.message).toBe('The signer of "kms-7" had not answered: No token within 5000 ms');
  expect(stage.server.calls).toBe(0);
});

it('who leaves by himself gets his own reason (C4)', async () => {
  const { server, auth } = await world();
  const mine = new AuthenticationError('I left', { code: 'configuration', kind: 'configuration' });
  for (const hang of [() => server.nextDiscovery({ hang: true }), () => server.nextToken({ hang: true })]) {
    hang();
    const leaving = new AbortController();
    const failed = failureOf(authorize(auth, leaving.signal));
    const seen = server.requests.length;
    await until(() => server.requests.length > seen, 'the request');
    leaving.abort(mine);
    expect(await failed).toBe(mine);
  }
});
