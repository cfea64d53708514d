// A thousand requests at once without a token, and later a thousand at once with a token that the API no longer takes.
// The 401s trickle in over seconds; each wave costs one token call.

import { gate } from '@axios-authorizer/test-kit';
import { burst } from '../load.mjs';
import { callTimes, startByHand, startService } from './servers.mjs';

const COUNT = 1_000;
/** Fewer, since each costs a token call: a thousand would make the demo slow. */
const COUNT_BY_HAND = 100;
const COLD_AT_MS = 800;
const STORM_AT_MS = 4_000;

export const storm = {
  name: 'storm',
  title: 'a thousand requests at once',
  about:
    'Elsewhere a thousand requests without a token make a thousand token calls, and so do a thousand 401s; here each wave costs one.',
  setting: '1,000 requests at once without a token, later 1,000 whose token was revoked',
  async start(journal, { pace, fault, byHand }) {
    const ours = await startStormy((given) => startService(journal, { ...given, fault }), pace);
    const plain = await startStormy((given) => startByHand(byHand, given), pace);
    const waves = [
      { service: ours, journal, count: COUNT, calls: [] },
      { service: plain, journal: byHand, count: COUNT_BY_HAND, calls: [] },
    ];
    return {
      stop: () => Promise.all([ours.stop(), plain.stop()]),
      run: async () => {
        const stormAt = pace.sleep(STORM_AT_MS); // counted from here, so that no slow wave moves it into what others go through
        await pace.sleep(COLD_AT_MS);
        for (const one of waves) await wave(one, 'no token yet');
        await stormAt;
        for (const one of waves) {
          one.service.endpoint.revokeAll();
          await wave(one, 'their token revoked', one.service.sent.open);
        }
      },
      promises: () => promises(waves[0]),
      compared: () => comparison(waves),
      calls: () => ({ ours: callTimes(ours), plain: callTimes(plain) }),
    };
  },
};

async function startStormy(start, pace) {
  // No 401 leaves the API before all requests are underway with the old token.
  const sent = gate();
  const api = { staggerMs: [10, 410].map((ms) => pace.ms(ms)), hold401: () => sent.opened };
  const tokens = { expiresIn: 300, delayMs: pace.ms(150) };
  return { sent, ...(await start({ tokens, api, client: { maxSockets: 250 }, pace })) };
}

async function wave({ service: { endpoint, client }, journal, count, calls }, name, whenSent = () => undefined) {
  const before = endpoint.calls;
  journal.note(`${count} requests at once, ${name}`);
  await burst(client, journal, { count, sent: whenSent });
  calls.push(endpoint.calls - before);
}

function promises({ calls, journal: { retried, rejections } }) {
  return [
    { says: 'a cold start of 1,000 costs one token call', kept: calls[0] === 1, seen: `${calls[0]} calls` },
    { says: 'a 401 storm of 1,000 costs one token call', kept: calls[1] === 1, seen: `${calls[1]} calls` },
    {
      says: 'each of 1,000 rejected requests is retried with a new token',
      kept: retried === COUNT && rejections.length === COUNT,
      seen: `${retried} of ${rejections.length} rejected`,
    },
  ];
}

function comparison([ours, plain]) {
  return [
    { what: 'requests in each wave', ours: ours.count, plain: plain.count },
    { what: 'token calls without a token', ours: ours.calls[0], plain: plain.calls[0] },
    { what: 'token calls after the revocation', ours: ours.calls[1], plain: plain.calls[1] },
    { what: 'failed requests', ours: ours.journal.failures.length, plain: plain.journal.failures.length },
  ];
}
