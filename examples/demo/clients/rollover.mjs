// Tokens of two seconds from a slow token endpoint, under steady load: each is refreshed in the background while it is
// still good, so that nobody waits.

import { steadyLoad } from '../load.mjs';
import { startService } from './servers.mjs';

export const rollover = {
  name: 'rollover',
  title: 'tokens that expire every two seconds',
  about:
    'Elsewhere every request stops for each new token, since it is fetched only when the old one has expired; here it is fetched in the background before that, and nobody waits.',
  setting: 'tokens of 2 s, a token endpoint that takes 300 ms, 100 requests/s',
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
          says: 'no request waits while the current token is live',
          kept: journal.waitedWithLiveToken === 0,
          seen: `${journal.waitedWithLiveToken} did`,
        },
        {
          // a busy machine may send a token that expires on the way: it is rejected, and the request is retried with a new one
          says: 'a token that expires on its way costs no request',
          kept: journal.retried === journal.rejections.length,
          seen: `${journal.rejections.length} rejected, ${journal.retried} retried`,
        },
      ],
    };
  },
};
