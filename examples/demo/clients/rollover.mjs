// Tokens of two seconds from a slow token endpoint, under steady load: each is replaced in the background while the one
// before it is still good, so that nobody waits.

import { steadyLoad } from '../load.mjs';
import { startService } from './servers.mjs';

export const rollover = {
  name: 'rollover',
  about: 'tokens of 2 s, token endpoint takes 300 ms, 100 requests/s',
  async start(journal, { seconds, pace, fault }) {
    const { client, stop } = await startService(journal, {
      tokens: { expiresIn: pace.seconds(2), delayMs: pace.ms(300) },
      api: { delayMs: pace.ms(5) },
      pace,
      fault,
    });
    return {
      stop,
      run: () => steadyLoad(client, journal, { perSecond: 100, seconds, pace }),
      promises: () => [
        {
          says: 'no request waits while a live token is held',
          kept: journal.waitedWithLiveToken === 0,
          seen: `${journal.waitedWithLiveToken} did`,
        },
        {
          // a busy machine may send a token that ends on the way: it is refused, and healed
          says: 'a token that ends on its way costs no request',
          kept: journal.healed === journal.refusals.length,
          seen: `${journal.refusals.length} refusals, ${journal.healed} healed`,
        },
      ],
    };
  },
};
