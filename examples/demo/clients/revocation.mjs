// Three times the server revokes a token that has minutes to live, with requests underway. The refusals come in over a
// tenth of a second, most of them after the new token has arrived, and cost one token call together.

import { NEW_TOKEN_MS, steadyLoad } from '../load.mjs';
import { startService } from './servers.mjs';

const moments = [0.25, 0.5, 0.75];

export const revocation = {
  name: 'revocation',
  about: 'tokens of 300 s, revoked three times in mid-flight',
  async start(journal, { seconds, pace, fault }) {
    const { endpoint, client, stop } = await startService(journal, {
      tokens: { expiresIn: 300, delayMs: pace.ms(40) },
      api: { delayMs: pace.ms(20), staggerMs: [30, 150].map((ms) => pace.ms(ms)) },
      pace,
      fault,
    });
    const revokeAfter = async (share) => {
      await pace.sleep(seconds * 1000 * share);
      await journal.newToken(pace.ms(NEW_TOKEN_MS));
      endpoint.revokeAll();
      journal.note('the server revokes the token');
    };
    return {
      stop,
      run: () => {
        const disturbed = Promise.all(moments.map(revokeAfter));
        return steadyLoad(client, journal, { perSecond: 120, seconds, pace, disturbed });
      },
      promises: () => [
        {
          says: 'each revocation costs one token call',
          kept: endpoint.calls === 1 + moments.length,
          seen: `${endpoint.calls - 1} calls for ${moments.length}`,
        },
        {
          says: 'each refused request is healed',
          kept: journal.healed >= moments.length && journal.healed === journal.refusals.length,
          seen: `${journal.healed} of ${journal.refusals.length}`,
        },
      ],
    };
  },
};
