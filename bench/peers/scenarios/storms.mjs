import { enter, sendMany } from '../load.mjs';

/** The 401s of a busy API do not come at the same moment. */
const SPREAD_MS = [10, 410];

export const storms = {
  name: 'storms',
  title: 'Many requests and a token that is no longer good',
  about: (size) =>
    `${size.many} requests at once: the client knows that its token has expired; the API rejects a token that looked good, all at the same moment, or over ${SPREAD_MS.join('–')} ms. Then an API that rejects every token: ${size.few} requests at once, and ${size.few} one after the other. "tok" are calls to the token endpoint. Good: one call, and every request succeeds.`,
  size: { full: { many: 300, few: 50 }, smoke: { many: 20, few: 5 } },
  columns: ['expired', '401, together', '401, spread', 'always 401, at once', 'always 401, in sequence'],
  appliesTo: ({ isVerifier }) => (isVerifier ? 'they verify tokens and send none.' : true),
  async run(client, { many, few }) {
    const cells = [await storm(client, { start: 'expired', together: many }, { count: many })];
    if (client.neverSeesAnswers) return { cells: [...cells, ...Array.from({ length: 4 }, () => undefined)] };
    cells.push(
      await storm(client, { start: 'revoked', together: many }, { count: many }),
      await storm(client, { start: 'revoked', staggerMs: SPREAD_MS }, { count: many }),
      await storm(client, { accepts: false, together: few }, { count: few }),
      await storm(client, { accepts: false, apiMs: 1, tokenMs: 5 }, { count: few, sequential: true }),
    );
    return { cells };
  },
  chart: {
    title: 'Requests that meet 401s over 400 ms: token calls and failed requests (1 is best)',
    value: ({ cells }) => cells[2] && cells[2].tokenCalls + cells[2].failed + cells[2].hung,
    digits: 0,
  },
  cells: ({ cells }, size) =>
    cells.map((cell, index) => (index < 3 ? allShouldSucceed(cell) : allMustFail(cell, size.few))),
};

async function storm(client, options, load) {
  const { world, send, leave } = await enter(client, options);
  const result = await sendMany(send, load);
  const counts = { ...result, tokenCalls: world.tokenCalls(), apiCalls: world.apiCalls() };
  await leave();
  return counts;
}

function allShouldSucceed(cell) {
  if (cell === undefined) return { mark: 'none', text: 'does not see it' };
  const { ok, failed, hung, tokenCalls } = cell;
  const text = [`${tokenCalls} tok`, lost(failed, 'failed'), lost(hung, 'hung')].filter(Boolean).join('; ');
  if (failed + hung > 0) return { mark: 'bad', text: ok > 0 ? `${text}; ${ok} ok` : text };
  return { mark: tokenCalls <= 2 ? 'good' : 'part', text };
}

/** At best one refresh and one retry a request; without a retry the API's answer comes at once, which is as good. */
function allMustFail(cell, count) {
  if (cell === undefined) return { mark: 'none', text: 'does not see it' };
  const { hung, tokenCalls, apiCalls } = cell;
  const text = [`${tokenCalls} tok`, `${apiCalls} API calls`, lost(hung, 'hung')].filter(Boolean).join('; ');
  if (hung > 0 || apiCalls > 3 * count) return { mark: 'bad', text };
  return { mark: tokenCalls <= Math.max(2, count / 10) ? 'good' : 'part', text };
}

function lost(number, how) {
  return number > 0 && `${number} ${how}`;
}
