// The token endpoint answers 503 for two and a half seconds, just when the token should be replaced. The token outlives
// that, so no request fails; the endpoint is asked now and then, not by every request.

import { setTimeout as sleep } from 'node:timers/promises';
import { steadyLoad } from '../load.mjs';
import { startService } from './servers.mjs';

const OUTAGE_FROM_MS = 2_500;
const OUTAGE_MS = 2_500;
/** Two replacements that fail, four tries each; a client that asks for every request would call a hundred times. */
const MOST_CALLS = 10;

export const outage = {
  name: 'outage',
  about: 'tokens of 8 s, token endpoint down for 2.5 s at the time to renew',
  async start(journal, { seconds }) {
    const { endpoint, client, stop } = await startService(journal, {
      tokens: { expiresIn: 8, delayMs: 30 },
      client: { refreshAheadMs: 4_000 },
    });
    let callsMeanwhile = 0;
    const breakDown = async () => {
      await sleep(OUTAGE_FROM_MS);
      const before = endpoint.calls;
      const end = journal.begin('outage of the token endpoint');
      endpoint.always({ status: 503, json: { error: 'temporarily_unavailable' } });
      await sleep(OUTAGE_MS);
      endpoint.always(undefined);
      end();
      callsMeanwhile = endpoint.calls - before;
    };
    return {
      stop,
      run: () => Promise.all([steadyLoad(client, journal, { perSecond: 40, seconds }), breakDown()]),
      promises: () => [
        {
          says: 'the dead endpoint is asked a few times, not by every request',
          kept: callsMeanwhile >= 1 && callsMeanwhile <= MOST_CALLS,
          seen: `${callsMeanwhile} calls`,
        },
        { says: 'the next token comes by itself', kept: journal.tokens.length >= 2, seen: 'it never came' },
      ],
    };
  },
};
