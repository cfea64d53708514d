import { enter, sendMany } from '../load.mjs';

const LIFETIME_S = 60;

export const shortTokens = {
  name: 'short-tokens',
  title: `Tokens that live for ${LIFETIME_S} s`,
  about: ({ count }) =>
    `${count} requests one after the other, which take a few seconds; every token lives for ${LIFETIME_S} s. A client that always refreshes minutes ahead asks for a token again and again. Good: one call.`,
  size: { full: { count: 200 }, smoke: { count: 5 } },
  columns: ['token calls', 'succeeded'],
  appliesTo: ({ isVerifier }) => (isVerifier ? 'they verify tokens and send none.' : true),
  async run(client, { count }) {
    const { world, send, leave } = await enter(client, {
      start: 'expired',
      lifetimeS: LIFETIME_S,
      tokenMs: 20,
      apiMs: 1,
    });
    const { ok } = await sendMany(send, { count, sequential: true, budgetMs: 60_000 });
    const tokenCalls = world.tokenCalls();
    await leave();
    return { ok, tokenCalls };
  },
  cells: ({ ok, tokenCalls }, { count }) => [
    { mark: ok < count ? 'bad' : tokenCalls <= 2 ? 'good' : 'bad', text: `${tokenCalls}` },
    { text: `${ok} of ${count}` },
  ],
};
