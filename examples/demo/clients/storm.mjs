// A thousand requests at once without a token, and later a thousand at once with a token that the API no longer takes.
// Its refusals trickle in over seconds; each wave costs one token call.

import { gate } from '@axios-authorizer/test-kit';
import { burst } from '../load.mjs';
import { startService } from './servers.mjs';

const COUNT = 1_000;
const COLD_AT_MS = 800;
const STORM_AT_MS = 4_000;

export const storm = {
  name: 'storm',
  about: '1,000 requests at once cold, then 1,000 refused in a staggered storm',
  async start(journal, { pace, fault }) {
    // No refusal leaves the API before all requests are underway with the old token.
    const sent = gate();
    const { endpoint, client, stop } = await startService(journal, {
      tokens: { expiresIn: 300, delayMs: pace.ms(150) },
      api: { staggerMs: [10, 410].map((ms) => pace.ms(ms)), hold401: () => sent.opened },
      client: { maxSockets: 250 },
      pace,
      fault,
    });
    const calls = [];
    const wave = async (name, whenSent = () => undefined) => {
      const before = endpoint.calls;
      journal.note(`${COUNT} requests at once, ${name}`);
      await burst(client, journal, { count: COUNT, sent: whenSent });
      calls.push(endpoint.calls - before);
    };
    return {
      stop,
      run: async () => {
        await pace.sleep(COLD_AT_MS);
        await wave('no token yet');
        await pace.sleep(STORM_AT_MS - COLD_AT_MS);
        endpoint.revokeAll();
        await wave('their token revoked', sent.open);
      },
      promises: () => [
        { says: 'a cold start of 1,000 costs one token call', kept: calls[0] === 1, seen: `${calls[0]} calls` },
        { says: 'a 401 storm of 1,000 costs one token call', kept: calls[1] === 1, seen: `${calls[1]} calls` },
        {
          says: 'each of 1,000 refused requests is healed',
          kept: journal.healed === COUNT && journal.refusals.length === COUNT,
          seen: `${journal.healed} of ${journal.refusals.length} refused`,
        },
      ],
    };
  },
};
