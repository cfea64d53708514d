// Three times the server revokes a token that has minutes to live, with requests underway. The 401s come in over a
// tenth of a second, most of them after the new token has arrived, and cost one token call together.

import { NEW_TOKEN_MS, steadyLoad } from '../load.mjs';
import { callTimes, startByHand, startService } from './servers.mjs';

const TIMES = 3;

export const revocation = {
  name: 'revocation',
  title: 'tokens that are revoked while requests are underway',
  about:
    'Elsewhere each rejected request fetches a token of its own, even when another has just done so; here a revocation costs one token call, and every rejected request is retried with that token.',
  setting: 'tokens of 300 s, revoked three times, 120 requests/s',
  async start(journal, { seconds, pace, fault, byHand }) {
    const given = {
      tokens: { expiresIn: 300, delayMs: pace.ms(40) },
      api: { delayMs: pace.ms(20), staggerMs: [30, 150].map((ms) => pace.ms(ms)) },
      pace,
    };
    const ours = await startService(journal, { ...given, fault });
    const plain = await startByHand(byHand, given);
    const load = { perSecond: 120, seconds, pace };
    return {
      stop: () => Promise.all([ours.stop(), plain.stop()]),
      run: async () => {
        const disturbed = revoke([ours, plain], { journal, seconds, pace });
        await Promise.all([
          steadyLoad(ours.client, journal, { ...load, disturbed }),
          steadyLoad(plain.client, byHand, { ...load, disturbed }),
        ]);
      },
      promises: () => promises(ours, journal),
      compared: () => [
        { what: `token calls (needed: ${1 + TIMES})`, ours: ours.endpoint.calls, plain: plain.endpoint.calls },
        { what: 'failed requests', ours: journal.failures.length, plain: byHand.failures.length },
      ],
      calls: () => ({ ours: callTimes(ours), plain: callTimes(plain) }),
    };
  },
};

/** At both services at once. */
async function revoke(services, { journal, seconds, pace }) {
  for (let moment = 0; moment < TIMES; moment += 1) {
    await pace.sleep((seconds * 1000) / (TIMES + 1));
    await journal.newToken(pace.ms(NEW_TOKEN_MS));
    const before = journal.tokens.length;
    for (const { endpoint } of services) endpoint.revokeAll();
    journal.note('the server revokes the token');
    // on a machine that is paused the next revocation would come before anybody has met this one
    await journal.tokenAfter(before, pace.ms(NEW_TOKEN_MS));
  }
}

function promises({ endpoint }, { retried, rejections }) {
  return [
    {
      says: 'each revocation costs one token call',
      kept: endpoint.calls === 1 + TIMES,
      seen: `${endpoint.calls - 1} calls for ${TIMES}`,
    },
    {
      says: 'each rejected request is retried with a new token',
      kept: retried >= TIMES && retried === rejections.length,
      seen: `${retried} of ${rejections.length}`,
    },
  ];
}
