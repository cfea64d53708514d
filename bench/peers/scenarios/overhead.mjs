import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spread } from '../report/words.mjs';

const CHILD = fileURLToPath(new URL('../overhead-child.mjs', import.meta.url));

export const overhead = {
  name: 'overhead',
  title: 'What a request costs while the token is good',
  about: () =>
    'The client, and the same client with a fixed header, in turns, in a process of their own, with no network underneath; the median of three runs, and the least and the most of them. A request to a server on the same machine takes about 300 µs.',
  size: { full: { rounds: 200, warmUp: 200, repeats: 3 }, smoke: { rounds: 1, warmUp: 0 } },
  columns: ['µs added', 'µs without it', 'without it is'],
  measuresAll: true,
  appliesTo({ isVerifier, opensPool }) {
    if (isVerifier) return 'they verify tokens and send none.';
    return opensPool ? 'their sessions need a pool; sending a request is the work of axios.' : true;
  },
  /** One after the other, since they would disturb each other. */
  async run(clients, { rounds, warmUp }) {
    return clients.map(({ name }) => {
      const args = [CHILD, name, String(rounds), String(warmUp)];
      return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    });
  },
  cells: ({ bareName, bareUs, addedUs }) => [
    { text: spread(addedUs, 1) },
    { text: spread(bareUs, 1) },
    { text: bareName },
  ],
  chart: {
    title: 'µs that a request costs more while the token is good (less is better)',
    value: ({ addedUs }) => Math.max(0, addedUs.median),
    digits: 1,
  },
  better: {
    value: ({ addedUs }) => addedUs.median,
    /** Below that a difference is noise. */
    tolerance: 1,
    why: {
      'axios-auth-refresh': 'they only add handlers that a good answer passes by.',
      'axios-auth-refresh, deduplicateRefresh: false': 'they only add handlers that a good answer passes by.',
      'axios-auth-refresh-queue': 'they only add handlers that a good answer passes by.',
      'axios-auth-refresh-queue, checkTokenIsValid': 'they only add handlers that a good answer passes by.',
      'axios-token-interceptor':
        'they set a header and look at nothing else; ours compares the URL with the allow list and hides the token from whoever prints the answer.',
      '@azure/core-rest-pipeline': 'its pipeline is its own, and has no config to copy for each request as axios has.',
      'openid-client + interceptor by hand':
        'they set a header and look at nothing else; ours compares the URL with the allow list and hides the token from whoever prints the answer.',
      'google-auth-library': 'they set a header and look at nothing else.',
      'google-auth-library, tuned': 'they set a header and look at nothing else.',
      '@badgateway/oauth2-client': 'it sets a header on a copy of the request and looks at nothing else.',
    },
  },
};
