// Sends a request once more, with a token that is good for more, where the API says that this is what it lacks (C26).
import type { AuthChallenge } from '../../token/challenge.js';
import { abortable } from '../../internal/clock.js';
import { afterStepUp, steppedUp, stepUpIn } from '../../request/step-up.js';
import type { Sent } from '../../request/retry.js';
import { waiting } from '../context/deadline.js';
import { contextOf, sendingOf } from '../context/request-context.js';
import type { Sending } from '../context/request-context.js';
import { isOfAllowed, judge, withSpentNote } from '../rejection.js';
import { bodyAgain } from '../request-body.js';
import { discard, ofRequest } from '../response.js';
import type { Answer } from '../response.js';
import { startSending } from '../send-attempt.js';

/** The challenge that says that the token is not enough, where the source may have more. */
export function needsMore({ context, isAllowed }: Sending, { response }: Answer): AuthChallenge | undefined {
  if (response === undefined || response.status < 400 || !isAllowed) return undefined;
  if (!context.internals.lifecycle.stepUps.isPossible || !isOfAllowed(context, response)) return undefined;
  return stepUpIn(response.status, response.headers);
}

/** The answer to one retry with such a token, or the one that came. */
export async function sentWithMore(sending: Sending, answer: Answer, challenge: AuthChallenge): Promise<Answer> {
  const { context } = sending;
  const { config, authAdapter, internals, startedAt } = context;
  const next = await steppedUp(sentBy(sending), challenge, {
    bodyAgain: () => waiting(context, (signal) => abortable(bodyAgain(config, authAdapter.raw), signal)),
    waiting: (wait) => waiting(context, wait),
  }).catch((error: unknown) => {
    if (answer.response) discard(answer.response);
    throw ofRequest(error, config);
  });
  if (next === undefined) return answer;
  if ('spent' in next) return withSpentNote(context, answer, next.spent);
  const later = contextOf(config, authAdapter, startedAt); // somebody may have changed it meanwhile (C9)
  if (later?.internals !== internals) return answer;
  if (answer.response) discard(answer.response);
  const again = sendingOf(later, next.token);
  const at = internals.clock.now();
  const final = await startSending(again, asItCame, { isLate: true, body: next.body });
  judge(again, final);
  afterStepUp(sentBy(again), at, final.response);
  return final;
}

function sentBy({ context: { internals, url, config }, token }: Sending): Sent {
  return { internals, token, url, method: config.method };
}

function asItCame(_sending: Sending, answer: Answer): Answer {
  return answer;
}
