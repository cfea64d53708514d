import { enter, sendMany } from '../load.mjs';

/** A fifth of the requests: enough of a margin that a slow machine does not change the verdict. */
const FEW = 0.2;

export const deadEndpoint = {
  name: 'dead-endpoint',
  title: 'The token endpoint is down',
  about: ({ count, budgetMs }) =>
    `The token has expired, and the token endpoint answers 503. ${count} requests one after the other, for at most ${budgetMs / 1000} s. Good: they fail soon, and the endpoint, which is in trouble already, is asked only now and then.`,
  size: { full: { count: 100, budgetMs: 15_000 }, smoke: { count: 3, budgetMs: 300 } },
  columns: ['token calls', 'requests that failed', 'for all of them'],
  appliesTo: ({ isVerifier }) => (isVerifier ? 'they ask no token endpoint.' : true),
  async run(client, { count, budgetMs }) {
    const { world, send, leave } = await enter(client, { start: 'expired', down: true, tokenMs: 5, apiMs: 1 });
    const { failed, hung, ms } = await sendMany(send, { count, sequential: true, budgetMs });
    const tokenCalls = world.tokenCalls();
    await leave();
    return { failed, hung, ms, tokenCalls };
  },
  cells({ failed, hung, ms, tokenCalls }, { count, budgetMs }) {
    const isSpared = tokenCalls <= count * FEW;
    const mark = hung > 0 ? 'bad' : isSpared ? 'good' : 'part';
    return [
      { mark, text: `${tokenCalls}` },
      { text: hung > 0 ? `${failed}; the others still wait` : `${failed}` },
      { text: hung > 0 ? `over ${budgetMs / 1000} s` : `${(ms / 1000).toFixed(1)} s` },
    ];
  },
  chart: {
    title: 'Token endpoint down: calls that it gets for 100 requests of a client (less is better)',
    value: ({ tokenCalls }) => tokenCalls,
    digits: 0,
  },
  better: {
    value: ({ ms }) => ms / 1000,
    tolerance: 0.5,
    otherwise:
      'it gives up at the first failure; ours tries again for a moment first, since most failures pass, and then fails at once for a while.',
    why: {},
  },
};
