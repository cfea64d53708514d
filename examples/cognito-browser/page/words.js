// What the program reports, in a person's words.

const REASONS = {
  missing: 'there was none',
  stale: 'in the background, before the old one expires',
  expiring: 'the old one was expiring',
  unauthorized: 'the old one was rejected',
  forced: 'asked for',
};

const EVENTS = {
  acquiring: ({ reason }) => ['fetching', `a token: ${REASONS[reason] ?? reason}`],
  acquired: ({ durationMs }) => ['token', `a new one, after ${Math.round(durationMs)} ms`],
  failed: (event) => ['failed', `no new token (${event.code}): ${troubleInWords(event)}`],
  waited: () => ['waited', 'for a token'],
  unauthorized: ({ status, url }) => ['rejected', `${status} from ${new URL(url).pathname}`],
  resent: ({ status }) => ['retried', `with the new token: ${status ?? 'no answer'}`],
  notice: ({ message }) => ['notice', message],
};

const BY_CODE = {
  wrong_credentials: 'Incorrect username or password. Check both and try again.',
  locked_out: 'There were too many tries. The account is locked for a while; wait some minutes before the next one.',
  wrong_code: 'That code is wrong, or it came too late. Sign in again to get a new one.',
  challenge_required: 'The sign-in was cancelled.',
  challenge_expired: 'That took too long, or the answer was wrong too often. Sign in again.',
  invalid_new_password:
    'The user pool does not accept that password. Choose a longer one with letters, digits and signs.',
  password_reset_required: 'Your password has to be reset before you can sign in.',
  user_not_confirmed: 'Your account has to be confirmed before you can sign in.',
  throttled: 'The user pool is busy. Try again in a moment.',
};

const BY_KIND = {
  credentials: 'The sign-in failed. Check what you entered and try again.',
  session: 'Your session is over. Sign in again.',
  unavailable: 'The user pool cannot be reached at the moment. Try again in a moment.',
  configuration: 'This page is set up wrongly; the program says below what to change.',
};

/** A short name for the log and the rest of the line; undefined for what a person need not see. */
export function eventInWords(event) {
  return EVENTS[event.type]?.(event);
}

/** One or two sentences: what happened, and what to do. */
export function troubleInWords({ code, kind, response }) {
  if (response !== undefined) return `The API answered with an error (${response.status}). Try again in a moment.`;
  return BY_CODE[code] ?? BY_KIND[kind] ?? 'The API cannot be reached at the moment. Try again in a moment.';
}
