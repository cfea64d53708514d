// A physicist's session with the ITk production database: GETs with bodies and pages of a listing, while logins expire
// after some seconds, the login service changes its key, and the database forgets every bearer.

import { createItkdbClient, paginate } from '@axios-authorizer/itkdb-user';
import { startItkdb } from '@axios-authorizer/test-kit';
import { CALM_MS } from '../load.mjs';

/** Of the login; with the original's threshold of 15 s it would always have expired. */
const TOKEN_SECONDS = 4;
const THRESHOLD_SECONDS = 1;
const ROTATE_AT = 0.3;
const REVOKE_AT = 0.6;
const PAGE_SIZE = 20;
const COMPONENTS = 100;
const PAUSE_MS = 25;
const AFTERWARDS = 5;

export const itkdb = {
  name: 'itkdb',
  title: 'a listing of the ITk production database',
  about:
    'Elsewhere a login that expires between two pages cuts the listing off; here the client signs in again between them, and every listing is whole.',
  setting: `logins of ${TOKEN_SECONDS} s, pages of ${PAGE_SIZE}, signing key changed, bearers forgotten`,
  async start(journal, { seconds, pace }) {
    const database = await startItkdb({ tokenSeconds: pace.seconds(TOKEN_SECONDS), components: COMPONENTS });
    const { authUrl, apiUrl } = database;
    const client = createItkdbClient({
      authUrl,
      apiUrl,
      accessCode1: 'code-1',
      accessCode2: 'code-2',
      authExpiryThreshold: pace.seconds(THRESHOLD_SECONDS),
      cache: false,
      observer: journal.observe,
    });
    const listings = [];
    return {
      run: async () => {
        const over = new AbortController();
        const all = [disturb(database, { journal, seconds, pace }), pace.sleep(seconds * 1000)];
        const listed = list(client, journal, { listings, pace, over: over.signal });
        await Promise.allSettled(all);
        over.abort();
        await Promise.all([...all, listed]);
      },
      promises: () => promises(database, { journal, listings }),
      stop: () => database.stop(),
    };
  },
};

/** Listings one after the other; each page is a request, and of each page one component is looked at. */
async function list(client, journal, { listings, pace, over }) {
  while (!over.aborted) {
    let count = 0;
    for await (const { code } of paginate(client, { url: 'listComponents' }, { pageSize: PAGE_SIZE })) {
      count += 1;
      if (count % PAGE_SIZE !== 0) continue;
      await journal.follow(client.get('getComponent', { data: { component: code } }));
      await pace.sleep(PAUSE_MS);
    }
    listings.push(count);
  }
}

async function disturb(database, { journal, seconds, pace }) {
  await pace.sleep(seconds * 1000 * ROTATE_AT);
  database.rotateKeys();
  journal.note('the login service signs with a new key');
  await pace.sleep(seconds * 1000 * (REVOKE_AT - ROTATE_AT));
  await journal.newToken(pace.ms(CALM_MS));
  database.revokeAll();
  journal.note('the database forgets every bearer');
  await journal.moreRequests(AFTERWARDS, pace.ms(CALM_MS)); // until somebody has met that
}

function promises({ logins, refusedLogins }, { journal, listings }) {
  return [
    {
      says: `each listing has its ${COMPONENTS} components, whatever expires between its pages`,
      kept: listings.length > 0 && listings.every((count) => count === COMPONENTS),
      seen: listings.join(', '),
    },
    {
      says: 'one login per token, and none is rejected',
      kept: logins === journal.tokens.length && refusedLogins === 0,
      seen: `${logins} logins, ${refusedLogins} rejected, ${journal.tokens.length} tokens`,
    },
    {
      says: 'each request whose bearer was forgotten is retried with a new one',
      kept: journal.retried > 0 && journal.retried === journal.rejections.length,
      seen: `${journal.retried} of ${journal.rejections.length}`,
    },
  ];
}
