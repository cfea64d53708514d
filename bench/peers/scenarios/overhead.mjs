import { batchOf, measure } from '../../measure.mjs';
import { spread } from '../report/words.mjs';
import { instantWorld } from '../world.mjs';

export const overhead = {
  name: 'overhead',
  title: 'What a request costs while the token is good',
  about: () =>
    'The client, and the same client with a fixed header, in turns, with no network underneath; the median of five runs, and the least and the most of them. A request to a server on the same machine takes about 300 µs.',
  size: { full: { rounds: 400, warmUp: 200, repeats: 5 }, smoke: { rounds: 1, warmUp: 0 } },
  columns: ['µs added', 'µs without it', 'without it is'],
  /** All together, so that what disturbs one disturbs all. */
  measuresAll: true,
  appliesTo({ isVerifier, opensPool }) {
    if (isVerifier) return 'It verifies tokens and sends none.';
    return opensPool ? 'A session of a user pool needs the pool; sending is that of axios and an interceptor.' : true;
  },
  async run(clients, { rounds, warmUp }) {
    const subjects = [];
    for (const client of clients) {
      const world = instantWorld();
      subjects.push({ client, with: await client.open(world), without: client.bare(instantWorld()) });
    }
    const runs = subjects.flatMap(({ client: { name }, with: own, without }) => [
      { name, batch: batchOf(() => own.send()) },
      { name: `bare ${name}`, batch: batchOf(without.send) },
    ]);
    const results = await measure(runs, rounds, warmUp);
    for (const { with: own } of subjects) await own.close?.();
    const usOf = (name) => results.find((result) => result.name === name).ns / 1000;
    return subjects.map(({ client: { name }, without }) => ({
      bareName: without.name,
      bareUs: usOf(`bare ${name}`),
      addedUs: usOf(name) - usOf(`bare ${name}`),
    }));
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
      'axios-auth-refresh': 'it only adds handlers that a good answer passes by.',
      'axios-auth-refresh, deduplicateRefresh: false': 'it only adds handlers that a good answer passes by.',
      'axios-auth-refresh-queue': 'it only adds handlers that a good answer passes by.',
      'axios-auth-refresh-queue, checkTokenIsValid': 'it only adds handlers that a good answer passes by.',
      'axios-token-interceptor':
        'it sets a header and looks at nothing else; ours compares the URL with the allow list and hides the token from whoever prints the answer.',
      '@azure/core-rest-pipeline': 'its pipeline is its own, and has no config to copy for each request as axios has.',
      'openid-client + interceptor by hand':
        'it sets a header and looks at nothing else; ours compares the URL with the allow list and hides the token from whoever prints the answer.',
      'google-auth-library': 'it sets a header and looks at nothing else.',
      'google-auth-library, tuned': 'it sets a header and looks at nothing else.',
      '@badgateway/oauth2-client': 'it sets a header on a copy of the request and looks at nothing else.',
    },
  },
};
