// The answer to an authorized fetch: a rejection is retried once with a new token, and where an API wants more than the token is
// good for, once with a better one (C7, C26).
import type { Internals } from '../authorizer/internals.js';
import type { TokenDemand } from '../lifecycle/single-flight.js';
import { FRESH_TOKEN_REJECTED, renewal, retried } from '../request/retry.js';
import { emitNotice } from '../request/skipped.js';
import { afterStepUp, steppedUp } from '../request/step-up.js';
import { loggedOut } from '../token/errors/lifecycle-errors.js';
import type { Token } from '../token/token.js';
import type { Sending } from './context.js';
import { judge, needsMore } from './rejection.js';
import type { Rejection } from './rejection.js';
import type { Asked } from './request.js';
import { bodyAgain, carried, discard, send, withoutBody } from './sending.js';
import type { Carried } from './sending.js';

/** @throws AuthenticationError, also `logged_out` when the session of the token is over; the reason of the caller's signal */
export async function awaitToken(
  { lifecycle }: Internals<Token>,
  { signal }: Asked,
  demand?: TokenDemand<Token>,
): Promise<Token> {
  const token = await lifecycle.get({ ...demand, signal });
  if (lifecycle.sessionOf(token) !== lifecycle.session) throw loggedOut();
  return token;
}

export function sendingOf(request: Omit<Sending, keyof Carried | 'token'>, token: Token): Sending {
  return { ...request, token, ...carried(request, token) };
}

export async function authorizedAnswer(sending: Sending): Promise<Response> {
  const response = await send(sending);
  const rejection = await judge(sending, response);
  return rejection ? afterRejection(sending, response, rejection) : orWithMore(sending, response);
}

/** The answer to one retry with a token that is good for more, where the API says that this is what the request lacks. */
async function orWithMore(sending: Sending, response: Response): Promise<Response> {
  const { asked } = sending;
  const challenge = needsMore(sending, response);
  if (!challenge) return response;
  const next = await steppedUp(sending, challenge, {
    bodyAgain: () => bodyAgain(sending, asked),
    waiting: (wait) => wait(asked.signal),
  }).catch((error: unknown) => {
    discard(response);
    throw error;
  });
  if (next === undefined) return response;
  if ('spent' in next) return withSpentNotice(sending, response, next.spent);
  discard(response);
  return retryWithMore(sendingOf({ ...sending, ...next.body }, next.token));
}

async function retryWithMore(sending: Sending): Promise<Response> {
  const at = sending.internals.clock.now();
  let response: Response | undefined;
  try {
    response = await send(sending);
    return response;
  } finally {
    afterStepUp(sending, at, response);
  }
}

function withSpentNotice({ internals }: Sending, response: Response, spent: string): Response {
  emitNotice(internals, `Not sent again: ${spent}`);
  return response;
}

/** The answer to one retry with a new token, or the rejection as it came (C7, C8). */
async function afterRejection(sending: Sending, response: Response, rejection: Rejection): Promise<Response> {
  const { internals, asked, binding } = sending;
  let isDiscarded = false;
  const next = await renewal(sending, rejection, {
    bodyAgain: () => bodyAgain(sending, asked),
    discard: () => {
      isDiscarded = true;
      discard(response);
    },
    mayBeGood: binding.unauthorized !== undefined,
    awaitToken: (demand) => awaitToken(internals, asked, demand),
  });
  if (next === undefined) return isDiscarded ? withoutBody(response) : response;
  if ('token' in next) return retry(sendingOf({ ...sending, ...next.body }, next.token));
  return withSpentNotice(sending, response, next.spent);
}

async function retry(sending: Sending): Promise<Response> {
  const at = sending.internals.clock.now();
  let [status, rejected]: [number | undefined, boolean] = [undefined, false];
  try {
    const response = await send(sending);
    ({ status } = response);
    rejected = (await judge(sending, response)) !== undefined;
    if (rejected) emitNotice(sending.internals, FRESH_TOKEN_REJECTED);
    else return orWithMore(sending, response);
    return response;
  } finally {
    retried(sending, { at, status, rejected });
  }
}
