// The token endpoint answers 503 for two and a half seconds, just when the token should be refreshed. The token outlives
// that, so no request fails; the endpoint is asked now and then, not by every request.

import { steadyLoad } from '../load.mjs';
import { callTimes, startByHand, startService } from './servers.mjs';

const OUTAGE_FROM_MS = 2_500;
const OUTAGE_MS = 2_500;
/** How long before its expiry both clients refresh a token. */
const AHEAD_MS = 4_000;
/** Tries of one refresh; after each that failed the client waits twice as long as before, a second at first. */
const TRIES = 4;

export const outage = {
  name: 'outage',
  title: 'a token endpoint that is down when it is time to refresh',
  about:
    'Elsewhere every request asks the dead endpoint and fails, although the token in hand is still good; here the token is used until it expires, and the endpoint is asked now and then.',
  setting: 'tokens of 8 s, refreshed 4 s before they expire, endpoint down for 2.5 s, 40 requests/s',
  async start(journal, { seconds, pace, fault, byHand }) {
    const given = { tokens: { expiresIn: pace.seconds(8), delayMs: pace.ms(30) }, pace };
    const aheadMs = pace.ms(AHEAD_MS);
    const ours = await startService(journal, { ...given, client: { refreshAheadMs: aheadMs }, fault });
    const plain = await startByHand(byHand, { ...given, client: { marginMs: aheadMs } });
    const meanwhile = { ours: 0, plain: 0, most: 0 };
    const load = { perSecond: 40, seconds, pace };
    return {
      stop: () => Promise.all([ours.stop(), plain.stop()]),
      run: async () => {
        const disturbed = breakDown({ ours, plain }, { journal, pace, meanwhile });
        await Promise.all([
          steadyLoad(ours.client, journal, { ...load, disturbed }),
          steadyLoad(plain.client, byHand, { ...load, disturbed }),
        ]);
      },
      promises: () => promises(journal, meanwhile),
      compared: () => [
        { what: 'token calls while the endpoint was down', ours: meanwhile.ours, plain: meanwhile.plain },
        { what: 'failed requests', ours: journal.failures.length, plain: byHand.failures.length },
      ],
      calls: () => ({ ours: callTimes(ours), plain: callTimes(plain) }),
    };
  },
};

/** Both token endpoints answer 503 for a while; counts what they are asked in that time. */
async function breakDown({ ours, plain }, { journal, pace, meanwhile }) {
  await pace.sleep(OUTAGE_FROM_MS);
  const endpoints = [ours.endpoint, plain.endpoint];
  const [before, from] = [endpoints.map(({ calls }) => calls), performance.now()];
  const end = journal.begin('outage of the token endpoint');
  for (const endpoint of endpoints) endpoint.always({ status: 503, json: { error: 'temporarily_unavailable' } });
  await pace.sleep(OUTAGE_MS);
  for (const endpoint of endpoints) endpoint.always(undefined);
  end();
  [meanwhile.ours, meanwhile.plain] = endpoints.map(({ calls }, index) => calls - before[index]);
  meanwhile.most = mostCallsIn(performance.now() - from);
}

function promises({ tokens }, { ours, most }) {
  return [
    {
      says: 'the dead endpoint is asked a few times, not by every request',
      kept: ours >= 1 && ours <= most,
      seen: `${ours} calls, at most ${most} expected`,
    },
    { says: 'the next token comes by itself', kept: tokens.length >= 2, seen: 'it never came' },
  ];
}

/** Refreshes begin 0, 1, 3, 7 … seconds after the first one, whatever the rate of the requests: a hundred of them, if each asked. */
function mostCallsIn(ms) {
  return TRIES * (1 + Math.ceil(Math.log2(1 + ms / 1000)));
}
