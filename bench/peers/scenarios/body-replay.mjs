import { bodies } from '../bodies.mjs';
import { enter } from '../load.mjs';
import { within } from '../world.mjs';

export const bodyReplay = {
  name: 'body-replay',
  title: 'A POST that is answered 401',
  about: ({ budgetMs }) =>
    `The token was revoked; one POST with a body. Good: it is sent again with the new token, the body arrives whole, once. A stream can be read once: sent again if the client offers a way, else an error; what has no answer after ${budgetMs / 1000} s hangs.`,
  size: { full: { budgetMs: 3000 }, smoke: { budgetMs: 1500 } },
  columns: ['JSON', 'FormData', 'stream'],
  appliesTo: ({ isVerifier, retries401 }) => {
    if (isVerifier) return 'they verify tokens and send none.';
    return retries401 ? true : 'they send no request again.';
  },
  async run(client, { budgetMs }) {
    const outcomes = [];
    for (const body of Object.values(bodies)) outcomes.push(await outcomeOf(client, body, budgetMs));
    return { outcomes };
  },
  cells: ({ outcomes }) => outcomes.map((outcome) => OUTCOMES[outcome]),
};

const OUTCOMES = {
  whole: { mark: 'good', text: 'whole' },
  error: { mark: 'part', text: 'not sent again, an error' },
  hung: { mark: 'bad', text: 'hangs' },
  lost: { mark: 'bad', text: 'sent again without its body, and "succeeds"' },
  twice: { mark: 'bad', text: 'arrives twice' },
};

async function outcomeOf(client, body, budgetMs) {
  const { world, send, leave } = await enter(client, { start: 'revoked', apiMs: 0, tokenMs: 20 });
  const answer = await within(
    budgetMs,
    send({ url: '/things', method: 'POST', body }).then(
      ({ status }) => status,
      () => 'error',
    ),
  );
  const accepted = world.api.requests.slice(1);
  await leave();
  if (answer === 'timeout') return 'hung';
  if (answer !== 200) return 'error';
  if (accepted.length !== 1) return 'twice';
  return body.isWhole(accepted[0]) ? 'whole' : 'lost';
}
