// The browser comes back: is it the one that left, and is the answer from whom it was sent to (RFC 6749 section 4.1.2, RFC 9207)?
import { systemClock } from '../../internal/clock.js';
import type { Clock } from '../../internal/clock.js';
import { isObject } from '../../internal/records.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import { checkOptions } from '../../token/options-check.js';
import type { OptionTable } from '../../token/options-check.js';
import type { AuthorizationCode } from '../sources/authorization-code.js';
import { beginAgain, mixedUp, refusedCallback } from './error.js';
import type { SignInError } from './error.js';
import { assertPending } from './pending.js';
import type { PendingSignIn } from './pending.js';

/** The options of {@link readCallback}. */
export interface ReadCallbackOptions {
  /** The issuer of the server that the browser was sent to, letter for letter. Default: that of `pending`; where none is known it is not compared. */
  readonly issuer?: string | undefined;
  /** Whether the server says `iss` in each callback, so that one without it is refused. Default: as `pending` says, else false. */
  readonly issParameterSupported?: boolean | undefined;
  /** For how long after its beginning a sign-in may come back, in ms. Default: 3 600 000, an hour. */
  readonly validForMs?: number | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const OPTIONS: OptionTable<ReadCallbackOptions> = {
  issuer: 'string',
  issParameterSupported: 'any',
  validForMs: 'any',
  clock: 'clock',
};
const HOUR_MS = 3_600_000;
/** Each comes once at most (RFC 6749 section 3.1); what else comes is ignored (section 4.1.2). */
const ANSWERS = ['state', 'iss', 'error', 'error_description', 'code'] as const;

type Answer = Readonly<Partial<Record<(typeof ANSWERS)[number], string>>>;

/**
 * Reads what a browser came back with: checks that it is the answer to this sign-in, in this order: where it came to, `state`,
 * its age, `iss` (RFC 9207), `error`, `code`. Nothing is sent. A code is good once, and so is `pending`: let it go before.
 * @param callback the URL that the browser came to, whole or from its path on (on a server behind a proxy: from its path on), with
 *   the answer in its query or its fragment; of a form post (response_mode=form_post) `new URLSearchParams(body)`
 * @param pending what `authorizationRequest` returned, parsed where it was kept as JSON
 * @returns the `grant` of `authorizationCodeSource`, which checks the id token, too
 * @throws SignInError `callback_invalid`, `state_mismatch`, `issuer_mismatch`, or `sign_in_refused` with the server's `error`, of kind
 *   `session` where the sign-in can just be begun again; ConfigurationError for arguments that cannot be meant
 *
 * @example
 * ```ts
 * const pending = JSON.parse(sessionStorage.getItem('sign-in') ?? 'null');
 * sessionStorage.removeItem('sign-in');
 * const grant = readCallback(location.href, pending);
 * const source = authorizationCodeSource({ tokenUrl, clientAuth: publicClient({ clientId }), grant });
 * ```
 */
export function readCallback(
  callback: string | URL | URLSearchParams,
  pending: PendingSignIn,
  options?: ReadCallbackOptions,
): AuthorizationCode {
  const { clock = systemClock, ...given } = checkOptions(options, 'readCallback', OPTIONS);
  const validForMs: unknown = given.validForMs ?? HOUR_MS;
  if (typeof validForMs !== 'number' || !(validForMs > 0))
    throw new ConfigurationError('`validForMs` of readCallback must be a number above 0');
  assertPending(pending);
  const answer = answerIn(callback, pending.redirectUri);
  assertOwn(answer, pending, clock.now() - validForMs);
  const issuer = assertSender(answer, pending, given);
  if (answer.error !== undefined) throw refusedCallback(answer.error, answer.error_description);
  if (!answer.code) throw invalid('holds neither a code nor an error');
  return grantOf(answer.code, pending, issuer);
}

/** @throws SignInError for a callback of another sign-in, or of one that was begun before `since` */
function assertOwn({ state }: Answer, pending: PendingSignIn, since: number): void {
  if (!state) throw beginAgain('state_mismatch', 'The callback holds no state');
  if (state !== pending.state)
    throw beginAgain('state_mismatch', 'The state of the callback is not that of this sign-in');
  if (pending.startedAt < since) throw beginAgain('state_mismatch', 'The sign-in was begun too long ago');
}

/** @returns the issuer, where it is known. @throws SignInError for the answer of another server than was asked */
function assertSender({ iss }: Answer, pending: PendingSignIn, given: ReadCallbackOptions): string | undefined {
  const { issuer = pending.issuer, issParameterSupported = pending.issParameterSupported } = given;
  if (pending.issuer !== undefined && issuer !== pending.issuer)
    throw mixedUp('This sign-in was begun at another authorization server');
  if (issParameterSupported === true && issuer === undefined)
    throw new ConfigurationError(
      '`issParameterSupported` of readCallback needs `issuer`, which `iss` is compared with',
    );
  if (iss === undefined && issParameterSupported === true)
    throw mixedUp(`The callback does not say that it is from ${issuer}`);
  if (iss !== undefined && issuer !== undefined && iss !== issuer)
    throw mixedUp(`The callback is not from the issuer ${issuer}`);
  return issuer;
}

/** What the id token is compared with goes with the code. */
function grantOf(code: string, pending: PendingSignIn, issuer: string | undefined): AuthorizationCode {
  const { redirectUri, codeVerifier, clientId, nonce, maxAgeSeconds } = pending;
  const idToken = {
    clientId,
    ...(nonce !== undefined && { nonce }),
    ...(issuer !== undefined && { issuer }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
  };
  return { code, redirectUri, codeVerifier, idToken };
}

function answerIn(callback: unknown, redirectUri: string): Answer {
  const lists = isParameters(callback) ? [callback] : parametersOf(callback, redirectUri);
  const found = ANSWERS.map((name) => [name, lists.flatMap((list) => list.getAll(name))] as const);
  if (found.some(([, values]) => values.length > 1)) throw invalid('holds a parameter twice');
  return Object.fromEntries(found.flatMap(([name, [value]]) => (value ? [[name, value]] : [])));
}

/** Of any realm. */
function isParameters(value: unknown): value is URLSearchParams {
  return isObject(value) && typeof value['getAll'] === 'function' && !('href' in value);
}

/** Query and fragment of a URL that the browser was sent to. @throws SignInError for another place than `redirectUri` */
function parametersOf(callback: unknown, redirectUri: string): readonly URLSearchParams[] {
  const url = parsed(callback, redirectUri);
  const wanted = new URL(redirectUri);
  const isThere = (['protocol', 'host', 'pathname'] as const).every((part) => url[part] === wanted[part]);
  if (!isThere) throw invalid('is not the redirect URI of this sign-in');
  return [url.searchParams, new URLSearchParams(url.hash.slice(1))];
}

function parsed(callback: unknown, redirectUri: string): URL {
  try {
    return new URL(String(callback), redirectUri);
  } catch {
    throw invalid('is no URL');
  }
}

function invalid(why: string): SignInError {
  return beginAgain('callback_invalid', `What the browser came back with ${why}`);
}
