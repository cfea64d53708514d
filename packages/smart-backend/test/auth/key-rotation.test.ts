// Does a key rotate without an outage, seen by a server that keeps the key set for as long as it may?
import { jwksHandler, KeyRing } from '../../src/index.js';
import { clientId, failureOf, keyPair, loopback, minuteMs, world } from '../stage.js';
import type { World } from '../stage.js';

const oldKey = keyPair('ES384', 'old');
const newKey = keyPair('ES384', 'new');
const maxAgeMs = minuteMs;
const stepMs = 4_000;

interface Rotation extends World {
  readonly ring: KeyRing;
  readonly reads: () => number;
}

/** A service that publishes its ring under a URL, and a server that hands out tokens of ten seconds. */
async function rotation(): Promise<Rotation> {
  const ring = new KeyRing(oldKey);
  const published = await loopback(jwksHandler(ring, { maxAgeMs }));
  const clients = [{ clientId, jwksUrl: `${published.origin}/jwks.json` }];
  const stage = await world({ server: { clients, expiresIn: 10 }, options: { keys: ring } });
  return { ...stage, ring, reads: () => published.requests.length };
}

/** Requests without a pause for `ms` of the clock; the statuses that came. */
async function requestsFor({ client, clock }: World, ms: number): Promise<ReadonlySet<number>> {
  const statuses = new Set<number>();
  for (let passed = 0; passed < ms; passed += stepMs) {
    const answers = await Promise.all(
      ['/Patient/1', '/Observation/2', '/Patient'].map((url) => client.get(url, { validateStatus: null })),
    );
    for (const { status } of answers) statuses.add(status);
    await clock.advance(stepMs);
  }
  return statuses;
}

it('published, waited for, signed with, retired: no request fails (S3)', async () => {
  const stage = await rotation();
  const { ring, server } = stage;
  const statuses = [await requestsFor(stage, minuteMs)];
  ring.publish(newKey);
  statuses.push(await requestsFor(stage, maxAgeMs));
  ring.signWith('new');
  statuses.push(await requestsFor(stage, 5 * minuteMs));
  ring.retire('old');
  statuses.push(await requestsFor(stage, 2 * maxAgeMs));
  expect(statuses.flatMap((some) => [...some])).toEqual([200, 200, 200, 200]);
  expect(server.refusals).toEqual([]);
  const kids = server.assertions.map(({ header }) => header['kid']);
  expect(kids).toEqual([...kids.filter((kid) => kid === 'old'), ...kids.filter((kid) => kid === 'new')]);
  expect(new Set(kids)).toEqual(new Set(['old', 'new']));
  expect(stage.reads()).toBeGreaterThan(5);
});

it('a key that signs before the server can have read it fails as key_not_found (S3)', async () => {
  const stage = await rotation();
  const { ring, client, clock } = stage;
  expect(await requestsFor(stage, stepMs)).toEqual(new Set([200]));
  ring.publish(newKey);
  ring.signWith('new');
  await clock.advance(10_000);
  expect(await failureOf(client.get('/Patient/1'))).toMatchObject({
    code: 'key_not_found',
    kind: 'credentials',
    status: 401,
    message: expect.stringContaining('"new"') as string,
  });
});

it('a key that is retired signs no more, whoever was told to sign before (S3)', async () => {
  const stage = await rotation();
  stage.ring.publish(newKey);
  stage.ring.signWith('old');
  stage.ring.retire('old');
  expect(await requestsFor(stage, minuteMs)).toEqual(new Set([200]));
  expect(new Set(stage.server.assertions.map(({ header }) => header['kid']))).toEqual(new Set(['new']));
});
