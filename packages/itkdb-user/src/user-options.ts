// The options of a user, and what is made of them once.
import { ConfigurationError } from '@axios-authorizer/core';
import { quietly } from '@axios-authorizer/core/extend';
import type { AuthorizerOptions, Clock, Transport } from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import type { ItkToken } from './login/itk-token.js';
import type { LoginOwner } from './login/login-owner.js';
import { savedLogin } from './login/saved-login.js';

/** The options of a `User`: the two codes, the login service, and where the login is kept. */
export interface UserOptions extends Pick<
  AuthorizerOptions<ItkToken>,
  'observer' | 'timeoutMs' | 'maxRetries' | 'onToken' | 'store' | 'initialToken'
> {
  /** The first access code, a secret. Default: ITKDB_ACCESS_CODE1. */
  readonly accessCode1?: string | undefined;
  /** The second access code, a secret. Default: ITKDB_ACCESS_CODE2. */
  readonly accessCode2?: string | undefined;
  /** Whom the id token must be for. Default: ITKDB_ACCESS_AUDIENCE. */
  readonly audience?: string | undefined;
  /** Who may have issued the id token: one, several, or anybody (false). Default: the login service. */
  readonly issuer?: string | readonly string[] | false | undefined;
  /** The login service: https, or http on this machine. Default: ITKDB_AUTH_URL. */
  readonly prefixUrl?: string | undefined;
  /** How the id token is verified. Default: with the leeway of the settings. */
  readonly jwtOptions?:
    | {
        /** How much clocks may differ, in seconds, at least 0. Default: ITKDB_LEEWAY, which is 2. */
        readonly leeway?: number;
      }
    | undefined;
  /** A file that keeps the login between programs. Default: none. */
  readonly saveAuth?: string | undefined;
  /** Seconds before its end at which a login counts as expired. Default: 15. */
  readonly authExpiryThreshold?: number | undefined;
  /** Lets the login go over plain http beyond this machine, where nobody else is on the network (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** How the requests of the login leave: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

export const USER_OPTIONS: OptionTable<UserOptions> = {
  observer: 'function',
  timeoutMs: 'any',
  maxRetries: 'any',
  onToken: 'function',
  store: 'any',
  initialToken: 'any',
  accessCode1: 'string',
  accessCode2: 'string',
  audience: 'string',
  issuer: 'any',
  prefixUrl: 'string',
  jwtOptions: 'object',
  saveAuth: 'string',
  authExpiryThreshold: 'any',
  allowInsecure: 'any',
  transport: 'object',
  clock: 'clock',
};

/** What was made of the options already. */
export interface LoginService {
  /** Of a login that is saved. */
  readonly owner: LoginOwner | undefined;
  readonly authUrl: string;
  readonly audience: string;
  readonly clock: Clock;
}

/**
 * The original logs in as nobody then, which the service refuses with an error 500.
 * @throws ConfigurationError when there is neither a pair of codes nor a place where a login may lie
 */
export function assertSomeLogin(codes: unknown, { saveAuth, store, initialToken }: UserOptions): void {
  if (codes === undefined && saveAuth === undefined && store === undefined && initialToken === undefined)
    throw new ConfigurationError(
      'There are no access codes (ITKDB_ACCESS_CODE1, ITKDB_ACCESS_CODE2) and no saved login; the database knows no anonymous users',
    );
}

/** @throws ConfigurationError when `value` is no number of seconds */
export function secondsOf(value: number | string, name: string): number {
  const seconds = Number(value);
  if (!(seconds >= 0 && seconds < Infinity))
    throw new ConfigurationError(`${name} must be a number of seconds, at least 0`);
  return seconds;
}

/** @throws ConfigurationError for what is neither a text, a list of some, nor false */
export function issuerOf(issuer: UserOptions['issuer'], authUrl: string): string | readonly string[] | false {
  if (issuer === undefined) return authUrl.replace(/\/+$/, '');
  if (issuer === false) return false;
  const all: readonly unknown[] = [issuer].flat();
  if (all.length > 0 && all.every((one) => typeof one === 'string' && one !== '')) return issuer;
  throw new ConfigurationError('issuer takes a text, a list of texts, or false (anybody)');
}

/** What the authorizer of a user takes of them. @throws ConfigurationError when `saveAuth` is empty */
export function authorizerOptionsOf(options: UserOptions, service: LoginService): AuthorizerOptions<ItkToken> {
  const { observer, timeoutMs, maxRetries, clock, onToken, initialToken } = options;
  const limits = { observer, timeoutMs, maxRetries, clock, initialToken, ...(onToken && { onToken }) };
  return { ...limits, ...storeOf(options, service) };
}

/** Whose a saved login is takes a slow hash to tell: a busy machine is given the time for it, since a login lost is one more. */
const SAVED_LOGIN_TIMEOUT_MS = 10_000;

function storeOf(
  { saveAuth, store, observer }: UserOptions,
  { owner, authUrl, audience, clock }: LoginService,
): Pick<AuthorizerOptions<ItkToken>, 'store' | 'storeTimeoutMs'> {
  if (saveAuth === undefined) return { store };
  const notice = (message: string): void => quietly(observer)?.({ type: 'notice', at: clock.now(), message });
  const saved = savedLogin({ path: saveAuth, authUrl, audience, owner, notice });
  return { store: saved, storeTimeoutMs: SAVED_LOGIN_TIMEOUT_MS };
}
