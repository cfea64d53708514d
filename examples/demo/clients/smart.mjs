// A FHIR backend service with a key of its own. The server finds the public keys under a URL and may keep them for a second;
// meanwhile the key is rotated, every token is revoked at once, and the server's clock is ten minutes ahead of this
// machine's, so that the first assertion has expired before it arrives.

import { Agent } from 'node:http';
import { createSmartBackendClient, generateKeyPair, jwksHandler, KeyRing } from '@axios-authorizer/smart-backend';
import { startLoopback, startSmartServer } from '@axios-authorizer/test-kit';
import { CALM_MS, LIMIT_MS, steadyLoad } from '../load.mjs';

const AHEAD_MS = 10 * 60_000;
/** How long the server may keep the key set; a new key is published that long before it signs. */
const KEPT_MS = 1_000;
const PUBLISH_AT = 0.25;
const SETTLE_MS = 500;
const REVOKE_AT = 0.75;
const CLIENT_ID = 'demo-service';

export const smart = {
  name: 'smart',
  title: 'a FHIR backend service whose key is rotated and whose clock is wrong',
  about:
    'Elsewhere a slow clock makes every assertion expire before it arrives, and a rotated key stops the service; here the clock is corrected after one assertion, and the keys overlap.',
  setting: 'SMART Backend Services, tokens of 2 s, key rotated, tokens revoked, clock ten minutes slow, 40 requests/s',
  async start(journal, { seconds, pace }) {
    const [first, next] = await Promise.all([generateKeyPair('ES384'), generateKeyPair('ES384')]);
    const ring = new KeyRing(first);
    const keySet = await startLoopback(jwksHandler(ring, { maxAgeMs: pace.ms(KEPT_MS) }));
    const server = await startSmartServer({
      clients: [{ clientId: CLIENT_ID, jwksUrl: `${keySet.origin}/jwks.json` }],
      expiresIn: pace.seconds(2),
      clock: { now: () => Date.now() + AHEAD_MS },
    });
    const { client, close } = connectTo(server, { ring, journal, pace });
    return {
      run: () => {
        const times = { journal, seconds, pace };
        const disturbed = Promise.all([rotate(ring, next, times), revoke(server, times)]);
        return steadyLoad(client, journal, { perSecond: 40, seconds, pace, disturbed, path: '/Patient' });
      },
      promises: () => promises({ server, journal, ring, first, next }),
      stop: async () => {
        close();
        await Promise.all([server.stop(), keySet.stop()]);
      },
    };
  },
};

function connectTo({ baseUrl }, { ring, journal, pace }) {
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 100 });
  const client = createSmartBackendClient(
    { baseUrl, clientId: CLIENT_ID, scope: 'system/*.rs', keys: ring, observer: journal.observe },
    { httpAgent, timeout: pace.ms(LIMIT_MS) },
  );
  return { client, close: () => httpAgent.destroy() };
}

/** Publish, wait until no server can have kept the key set without it, sign with it, retire the old one. */
async function rotate(ring, next, { journal, seconds, pace }) {
  const [{ kid }] = ring.keys;
  await pace.sleep(seconds * 1000 * PUBLISH_AT);
  ring.publish(next);
  journal.note('a new key is published');
  await pace.sleep(KEPT_MS + SETTLE_MS);
  ring.signWith(next.kid);
  journal.note('the new key signs');
  await pace.sleep(SETTLE_MS);
  await journal.settled(); // no assertion of the old key is on its way, however long this process was paused
  ring.retire(kid);
  journal.note('the old key is retired');
}

async function revoke(server, { journal, seconds, pace }) {
  await pace.sleep(seconds * 1000 * REVOKE_AT);
  await journal.newToken(pace.ms(CALM_MS));
  server.revokeAll();
  journal.note('the server revokes every token');
}

function promises({ server, journal, ring, first, next }) {
  const { assertions, refusals, calls, refreshRequests } = server;
  const kids = assertions.map(({ header }) => header.kid);
  const jtis = new Set(assertions.map(({ claims }) => claims.jti));
  const rotated = ring.keys.length === 1 && kids[0] === first.kid && kids.at(-1) === next.kid;
  const said = refusals.map(({ description }) => description).join('; ');
  return [
    {
      says: 'a clock ten minutes slow costs one assertion, the first',
      kept: refusals.length === 1 && /expired/.test(said),
      seen: `${refusals.length} rejected: ${said}`,
    },
    {
      says: 'the key is rotated, and no server rejects the old or the new one',
      kept: rotated && !/key/i.test(said),
      seen: `${new Set(kids).size} keys signed; ${said}`,
    },
    {
      says: 'each token request has an assertion with an id of its own, and none a refresh token',
      kept: jtis.size === calls && calls >= journal.tokens.length && refreshRequests === 0,
      seen: `${jtis.size} ids in ${calls} requests, ${refreshRequests} refresh tokens`,
    },
    {
      says: 'each request whose token was revoked is retried with a new one',
      kept: journal.retried > 0 && journal.retried === journal.rejections.length,
      seen: `${journal.retried} of ${journal.rejections.length}`,
    },
  ];
}
