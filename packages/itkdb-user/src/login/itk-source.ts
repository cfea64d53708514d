// A token source over the login service: access codes for an id token. There is no refresh; a login is made anew.
import { AuthenticationError, ConfigurationError } from '@axios-authorizer/core';
import { sendForm, assertNoControls, parseObject, systemClock } from '@axios-authorizer/core/extend';
import type { Clock, TokenRequest, TokenSource, Transport } from '@axios-authorizer/core';
import { idTokenVerifier } from './id-token.js';
import { loginOf, secondsLeft } from './itk-token.js';
import type { ItkToken } from './itk-token.js';
import { loginFailure } from './login-error.js';
import type { AccessCodes, LoginOwner } from './login-owner.js';

export interface ItkSourceOptions {
  /** Both or neither; neither means that only a saved login can be used. */
  readonly codes: AccessCodes | undefined;
  /** Of a login that is saved. */
  readonly owner: LoginOwner | undefined;
  readonly scope: string;
  readonly audience: string;
  readonly issuer: string | readonly string[] | false;
  readonly authUrl: string;
  /** In seconds. */
  readonly leeway: number;
  /** In seconds: a login with no more than this left is expired. */
  readonly threshold: () => number;
  readonly allowInsecure?: boolean | undefined;
  readonly transport: Transport | undefined;
  readonly clock: Clock | undefined;
}

/** The original has no limit at all, and one stall froze a whole synchronisation. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How long a login is that of those who waited for it. */
const NEW_MS = 1_000;

export class ItkSource implements TokenSource<ItkToken> {
  readonly #options: ItkSourceOptions;
  readonly #verify: (idToken: string, signal?: AbortSignal) => Promise<unknown>;
  readonly #clock: Clock;
  #last: { readonly idToken: string; readonly at: number } | undefined;

  constructor(options: ItkSourceOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const transport = { timeout: REQUEST_TIMEOUT_MS, ...options.transport };
    this.#verify = idTokenVerifier({ ...options, transport, clock: this.#clock });
  }

  /** @throws LoginError, AuthenticationError `id_token_refused`, or `not_authenticated` when there are no codes */
  async authorize({ signal }: Pick<TokenRequest, 'signal'>): Promise<ItkToken> {
    const { codes, scope, authUrl, audience, allowInsecure, transport, owner } = this.#options;
    if (codes === undefined) throw noCodes();
    owner?.prepare();
    const answer = await sendForm({
      url: `${authUrl}grantToken`,
      body: JSON.stringify({ grant_type: 'password', ...codes, scope }),
      headers: { Accept: '*/*', 'Content-Type': 'application/json' },
      secrets: Object.values(codes),
      allowInsecure,
      signal,
      transport: { timeout: REQUEST_TIMEOUT_MS, ...transport },
      clock: this.#clock,
    });
    const granted = parseObject(answer.text);
    const { access_token: accessToken, id_token: idToken } = granted ?? {};
    if (answer.status !== 200 || typeof accessToken !== 'string' || typeof idToken !== 'string')
      throw loginFailure(answer);
    const login = loginOf(granted, await this.#verify(idToken, signal), { sentAt: answer.sentAt, audience });
    this.#last = { idToken, at: this.#clock.now() };
    return login;
  }

  /**
   * As the original: whole seconds, and equality counts as expired. A login that never lasts longer than the threshold is used
   * by those who waited for it, and made anew for the next, as there.
   */
  expired(token: ItkToken, now: Date): boolean {
    const leftSeconds = secondsLeft(token, now.getTime());
    if (leftSeconds > this.#options.threshold()) return false;
    const isNew = token.idToken === this.#last?.idToken && now.getTime() - this.#last.at < NEW_MS;
    return !isNew || leftSeconds <= 0;
  }

  bearer({ idToken }: ItkToken): string {
    return idToken;
  }
}

function noCodes(): AuthenticationError {
  return new AuthenticationError(
    'The saved login has ended, or there is none, and no access codes were given: log in again',
    {
      code: 'not_authenticated',
      kind: 'session',
    },
  );
}

/**
 * The codes, when both are there.
 * @throws ConfigurationError for one without the other, which the service would take for nobody, and for a control character
 */
export function codesOf(accessCode1: string, accessCode2: string): ItkSourceOptions['codes'] {
  if ((accessCode1 === '') !== (accessCode2 === ''))
    throw new ConfigurationError('One of the two access codes is empty; where are they read from?');
  assertNoControls(accessCode1, 'accessCode1 (ITKDB_ACCESS_CODE1)');
  assertNoControls(accessCode2, 'accessCode2 (ITKDB_ACCESS_CODE2)');
  return accessCode1 === '' ? undefined : { accessCode1, accessCode2 };
}
