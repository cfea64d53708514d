// The token endpoint answers 503 for two and a half seconds, just when the token should be replaced. The token outlives
// that, so no request fails; the endpoint is asked now and then, not by every request.

import { steadyLoad } from '../load.mjs';
import { startService } from './servers.mjs';

const OUTAGE_FROM_MS = 2_500;
const OUTAGE_MS = 2_500;
/** Tries of one refresh; after each that failed the client waits twice as long as before, a second at first. */
const TRIES = 4;

export const outage = {
  name: 'outage',
  about: 'tokens of 8 s, token endpoint down for 2.5 s at the time to renew',
  async start(journal, { seconds, pace, fault }) {
    const { endpoint, client, stop } = await startService(journal, {
      tokens: { expiresIn: pace.seconds(8), delayMs: pace.ms(30) },
      client: { refreshAheadMs: pace.ms(4_000) },
      pace,
      fault,
    });
    let [callsMeanwhile, mostCalls] = [0, 0];
    const breakDown = async () => {
      await pace.sleep(OUTAGE_FROM_MS);
      const [before, from] = [endpoint.calls, performance.now()];
      const end = journal.begin('outage of the token endpoint');
      endpoint.always({ status: 503, json: { error: 'temporarily_unavailable' } });
      await pace.sleep(OUTAGE_MS);
      endpoint.always(undefined);
      end();
      callsMeanwhile = endpoint.calls - before;
      mostCalls = mostCallsIn(performance.now() - from);
    };
    return {
      stop,
      run: () => steadyLoad(client, journal, { perSecond: 40, seconds, pace, disturbed: breakDown() }),
      promises: () => [
        {
          says: 'the dead endpoint is asked a few times, not by every request',
          kept: callsMeanwhile >= 1 && callsMeanwhile <= mostCalls,
          seen: `${callsMeanwhile} calls, at most ${mostCalls} expected`,
        },
        { says: 'the next token comes by itself', kept: journal.tokens.length >= 2, seen: 'it never came' },
      ],
    };
  },
};

/** Refreshes begin 0, 1, 3, 7 … seconds after the first one, whatever the rate of the requests: a hundred of them, if each asked. */
function mostCallsIn(ms) {
  return TRIES * (1 + Math.ceil(Math.log2(1 + ms / 1000)));
}
