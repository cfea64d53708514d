// A person signs in on another device: this one shows a code, and asks again and again until it was typed in there (RFC 8628).
import { abortable, systemClock } from '../../internal/clock.js';
import type { Clock } from '../../internal/clock.js';
import { recordOf } from '../../internal/records.js';
import { ConfigurationError, isAuthenticationError } from '../../token/errors/errors.js';
import { timedOut } from '../../token/errors/lifecycle-errors.js';
import { checkOptions } from '../../token/options-check.js';
import type { Interactive, TokenRequest, TokenSource } from '../../token/source.js';
import type { Token } from '../../token/token.js';
import { askForDeviceCode } from '../sign-in/device-authorization.js';
import type { DeviceAuthorization } from '../sign-in/device-authorization.js';
import { beginAgain, SignInError } from '../sign-in/error.js';
import { refreshTokenSource } from './refresh-token.js';
import { SOURCE_OPTIONS } from './source-options.js';
import type { OAuth2SourceOptions } from './source-options.js';
import { tokenClient } from './token-client.js';

/** What a person needs for a sign-in on another device (RFC 8628 section 3.3). */
export interface UserCode {
  /** What is typed in there, as it is to be shown: on one line, at most 100 characters. */
  readonly userCode: string;
  /** Where: an https URL. */
  readonly verificationUri: string;
  /** The same with the code in it, for a QR code or a browser that is opened; absent where the server has none. */
  readonly verificationUriComplete?: string;
  /** When the code expires, by the local clock. */
  readonly expiresAt: Date;
}

/** The options of {@link deviceCodeSource}. */
export interface DeviceCodeSourceOptions extends OAuth2SourceOptions {
  /** The device authorization endpoint: https, or http on this machine. */
  readonly deviceAuthorizationUrl: string;
  /**
   * Shows the code to the person. It is not awaited: the server is asked meanwhile. One that throws, as when the person cancels,
   * ends the sign-in.
   */
  readonly onUserCode: (code: UserCode) => unknown;
  /** For how long at most the person is waited for, in ms, however long the code is good. Default: 1 800 000, half an hour. */
  readonly timeoutMs?: number | undefined;
  /** Whether any request that finds nobody signed in begins a sign-in. Default: false, `getToken({ force: true })` does. */
  readonly startOnRequest?: boolean | undefined;
}

const WHERE = 'deviceCodeSource';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';
const HALF_AN_HOUR_MS = 1_800_000;

/**
 * A sign-in on another device (RFC 8628), for commands, televisions and machines without a browser; then the refresh token goes on.
 * It begins at `getToken({ force: true })`: requests that find nobody signed in get `not_authenticated` meanwhile. `timeoutMs` of the
 * authorizer bounds everything but the person.
 * @throws ConfigurationError when an option cannot work; asked for a token SignInError `sign_in_refused`, of kind `session`, when
 *   the person declines, nobody comes in time or `onUserCode` throws, and otherwise as `requestToken` does
 *
 * @example
 * ```ts
 * const source = deviceCodeSource({
 *   deviceAuthorizationUrl,
 *   tokenUrl,
 *   clientAuth: publicClient({ clientId }),
 *   scope: 'offline_access',
 *   onUserCode: ({ userCode, verificationUri }) => process.stderr.write(`Open ${verificationUri}, and type ${userCode}\n`),
 * });
 * const authorizer = new Authorizer(source);
 * await authorizer.getToken({ force: true });
 * ```
 */
export function deviceCodeSource(given: DeviceCodeSourceOptions): TokenSource {
  const table = {
    ...SOURCE_OPTIONS,
    deviceAuthorizationUrl: 'string',
    onUserCode: 'function',
    timeoutMs: 'any',
    startOnRequest: 'any',
  } as const;
  const whole = checkOptions<DeviceCodeSourceOptions>(given, WHERE, table);
  const { deviceAuthorizationUrl, onUserCode, timeoutMs = HALF_AN_HOUR_MS, startOnRequest, ...options } = whole;
  if (!deviceAuthorizationUrl || onUserCode === undefined)
    throw new ConfigurationError(`${WHERE} needs \`deviceAuthorizationUrl\` and \`onUserCode\`, which shows the code`);
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0))
    throw new ConfigurationError(`\`timeoutMs\` of ${WHERE} must be a number above 0`);
  const { askAsGranted, scope } = tokenClient(options, WHERE);
  const interactive: Interactive = { timeoutMs, startOnRequest };
  return {
    ...refreshTokenSource(options),
    interactive,
    authorize: async (request) => {
      const device = await askForDeviceCode({ ...options, url: deviceAuthorizationUrl, scope, signal: request.signal });
      const form = { grant_type: GRANT_TYPE, device_code: device.deviceCode };
      const ask = (signal: AbortSignal): Promise<Token> => askAsGranted(form, { ...request, signal });
      const { clock = systemClock } = options;
      const lifeMs = Math.min(device.lifetimeMs, timeoutMs);
      const token = await shown(device, onUserCode, request, (signal) =>
        new Polling({ ask, clock, signal, intervalMs: device.intervalMs, lifeMs }).token(),
      );
      return { ...(scope && { scope }), ...token };
    },
  };
}

/** `work`, until what shows the code fails: then the person is not there any more. */
async function shown<R>(
  { userCode, verificationUri, verificationUriComplete, expiresAt }: DeviceAuthorization,
  onUserCode: DeviceCodeSourceOptions['onUserCode'],
  { signal }: TokenRequest,
  work: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const over = new AbortController();
  const leave = (): void => over.abort(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  const complete = verificationUriComplete === undefined ? {} : { verificationUriComplete };
  const showing = async (): Promise<unknown> => onUserCode({ userCode, verificationUri, ...complete, expiresAt });
  showing().catch((cause: unknown) => over.abort(cancelled(cause)));
  try {
    return await work(over.signal);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** One of our own errors says by itself what to do. */
function cancelled(cause: unknown): unknown {
  return isAuthenticationError(cause) ? cause : beginAgain('sign_in_refused', 'The code could not be shown', cause);
}

interface PollingOptions {
  readonly ask: (signal: AbortSignal) => Promise<Token>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly intervalMs: number;
  readonly lifeMs: number;
}

/** What the server says for "too fast" is added for good (section 3.5). */
const SLOWER_BY_MS = 5_000;
/** For one answer. */
const POLL_TIMEOUT_MS = 30_000;
const LONGEST_BACKOFF_MS = 60_000;
/** What ends a code (section 3.5); `invalid_grant` is said of one that was used. */
const ENDS = new Set<unknown>(['access_denied', 'expired_token', 'invalid_grant']);

/** Asks until there is an answer. It counts what it has waited, so that a clock that jumps neither ends nor prolongs it. */
class Polling {
  readonly #options: PollingOptions;
  #intervalMs: number;
  #failures = 0;

  constructor(options: PollingOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs;
  }

  async token(): Promise<Token> {
    const { clock, signal, lifeMs } = this.#options;
    let leftMs = lifeMs;
    let waitMs = this.#intervalMs;
    for (;;) {
      if (waitMs >= leftMs) throw await this.#tooLate(leftMs);
      await clock.sleep(waitMs, signal);
      leftMs -= waitMs;
      try {
        return await this.#asked();
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        waitMs = this.#delayAfter(error);
      }
    }
  }

  async #tooLate(leftMs: number): Promise<SignInError> {
    const { clock, signal } = this.#options;
    await clock.sleep(leftMs, signal);
    return beginAgain('sign_in_refused', 'Nobody has typed in the code in time');
  }

  /** One question, which a server that is silent cannot make last. */
  async #asked(): Promise<Token> {
    const { ask, clock, signal } = this.#options;
    const [limit, done] = [new AbortController(), new AbortController()];
    const leave = (): void => limit.abort(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    clock.sleep(POLL_TIMEOUT_MS, done.signal).then(
      () => limit.abort(timedOut(POLL_TIMEOUT_MS)),
      () => undefined,
    );
    try {
      return await abortable(ask(limit.signal), signal);
    } finally {
      done.abort();
      signal.removeEventListener('abort', leave);
    }
  }

  /** Until the next question, in ms. @throws what ends the sign-in */
  #delayAfter(error: unknown): number {
    const { error: code, errorDescription } = recordOf(error);
    if (ENDS.has(code)) throw declined(code, errorDescription, error);
    if (code === 'authorization_pending' || code === 'slow_down') {
      this.#failures = 0;
      if (code === 'slow_down') this.#intervalMs += SLOWER_BY_MS;
      return this.#intervalMs;
    }
    if (!isAuthenticationError(error) || !error.transient) throw error;
    const backoffMs = Math.min(this.#intervalMs * 2 ** ++this.#failures, LONGEST_BACKOFF_MS);
    return Math.max(this.#intervalMs, backoffMs, error.retryAfterMs ?? 0);
  }
}

const WHY: Readonly<Record<string, string>> = {
  access_denied: 'The sign-in was declined',
  expired_token: 'The code has expired before it was typed in',
  invalid_grant: 'The code is not good any more',
};

function declined(error: unknown, said: unknown, cause: unknown): SignInError {
  const code = String(error);
  const errorDescription = typeof said === 'string' ? said : undefined;
  const message = `${WHY[code] ?? code}; begin the sign-in again`;
  return new SignInError(message, { code: 'sign_in_refused', kind: 'session', error: code, errorDescription, cause });
}
