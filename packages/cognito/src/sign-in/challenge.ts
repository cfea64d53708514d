// What a user pool may ask after the password, or in its place; who answers it, and in which words.
import { AuthenticationError, isAuthenticationError } from '@axios-authorizer/core';
import type { AuthErrorCode } from '@axios-authorizer/core';
import { asString, isObject, recordOf } from '@axios-authorizer/core/extend';

/** A challenge as plain data: whoever has it can go on with the sign-in, as long as its session lives (about 3 minutes). */
export interface Challenge {
  /** Which challenge, such as "SMS_MFA"; names that this library does not know come through as they are. */
  readonly name: string;
  /** The user's name within the pool. */
  readonly username: string;
  /** What the pool says to it: where a code was sent; for WEB_AUTHN CREDENTIAL_REQUEST_OPTIONS, for MFA_SETUP also SECRET_CODE. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What may be chosen, for SELECT_CHALLENGE, SELECT_MFA_TYPE and MFA_SETUP. */
  readonly choices?: readonly string[];
  /** A secret: it continues the sign-in. */
  readonly session: string;
  /** Why the last answer to it was refused: a wrong code, a password against the pool's rules. */
  readonly refusal?: ChallengeRefusal;
}

/** Why an answer to a challenge was refused. */
export interface ChallengeRefusal {
  /** `wrong_code` or `invalid_new_password`. */
  readonly code: AuthErrorCode;
  /** With the pool's own words. */
  readonly message: string;
}

/** A passkey's answer as `navigator.credentials.get` returns it, or as its `toJSON` does. */
export interface PasskeyCredential {
  /** The credential's id, in base64url. */
  readonly id: string;
  /** Always "public-key". */
  readonly type: string;
  /** What the authenticator signed (WebAuthn section 5.2). */
  readonly response: object;
}

/** What answers a challenge: a text for the one thing that is asked, the response parameters by name, or a passkey's credential. */
export type ChallengeAnswer = string | Readonly<Record<string, string>> | PasskeyCredential;

/**
 * Asks a person. Without an answer the sign-in stops with a `ChallengeRequiredError`; when it throws, the person has
 * cancelled, and the sign-in ends with that.
 */
export type OnChallenge = (challenge: Challenge) => ChallengeAnswer | undefined | Promise<ChallengeAnswer | undefined>;

const CHALLENGE = Symbol.for('@axios-authorizer/cognito challenge');

/**
 * The pool asks something that nobody here answers. Its `challenge` is plain data: send it to whoever can answer, in this
 * process or another, and hand both to `answerChallenge`.
 *
 * @example
 * ```ts
 * const later = error instanceof ChallengeRequiredError && JSON.stringify(error.challenge); // answered anywhere
 * ```
 */
export class ChallengeRequiredError extends AuthenticationError {
  static {
    Object.defineProperty(this.prototype, 'name', {
      value: 'ChallengeRequiredError',
      configurable: true,
      writable: true,
    });
  }
  /** `challenge.name`, such as "SMS_MFA". */
  readonly challengeName: string;

  constructor(challenge: Challenge) {
    super(
      `The sign-in of ${JSON.stringify(challenge.username)} needs an answer to ${challenge.name}; give \`onChallenge\`, or answer \`error.challenge\`${saidOf(challenge)}`,
      {
        code: 'challenge_required',
        kind: 'credentials',
      },
    );
    this.challengeName = challenge.name;
    Object.defineProperty(this, CHALLENGE, { value: challenge }); // not enumerable: printing the error shows no session
  }

  /** Why the last answer was refused; undefined before there was one. */
  get refusal(): ChallengeRefusal | undefined {
    return this.challenge.refusal;
  }

  /** The challenge, also in a caller's own copy of the error, whose cause is the first. */
  get challenge(): Challenge {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the symbol is ours
    return (Reflect.get(this, CHALLENGE) ?? Reflect.get(Object(this.cause), 'challenge')) as Challenge;
  }
}

function saidOf({ refusal }: Challenge): string {
  return refusal === undefined ? '' : ` (the last answer was refused: ${refusal.message})`;
}

const RESPONSE_NAMES = new Map([
  ['NEW_PASSWORD_REQUIRED', 'NEW_PASSWORD'],
  ['SMS_MFA', 'SMS_MFA_CODE'],
  ['SOFTWARE_TOKEN_MFA', 'SOFTWARE_TOKEN_MFA_CODE'],
  ['EMAIL_OTP', 'EMAIL_OTP_CODE'],
  ['EMAIL_MFA', 'EMAIL_MFA_CODE'],
  ['SMS_OTP', 'SMS_OTP_CODE'],
  ['PASSWORD', 'PASSWORD'],
  ['PASSWORD_SRP', 'PASSWORD'],
  ['WEB_AUTHN', 'CREDENTIAL'],
]);

/** The response parameters of an answer. @throws AuthenticationError when it is empty: an empty code is not tried */
export function responsesOf({ name, username }: Challenge, answer: ChallengeAnswer): Readonly<Record<string, string>> {
  const text = textIn(answer);
  const responses = text === undefined ? recordOf(answer) : { [RESPONSE_NAMES.get(name) ?? 'ANSWER']: text };
  if (!areTexts(responses) || (text === undefined && !isObject(answer))) throw emptyAnswer(name);
  return { USERNAME: username, ...responses };
}

/** A passkey's members are read by its own `toJSON`: in a browser they are no own ones. */
function textIn(answer: ChallengeAnswer): string | undefined {
  if (typeof answer === 'string') return answer;
  return isObject(recordOf(answer)['response']) ? JSON.stringify(answer) : undefined;
}

function areTexts(responses: Readonly<Record<string, unknown>>): responses is Readonly<Record<string, string>> {
  return Object.values(responses).every((value) => typeof value === 'string' && value !== '');
}

export function emptyAnswer(name: string): AuthenticationError {
  return new AuthenticationError(`The answer to ${name} is empty; it is not sent`, {
    code: 'wrong_code',
    kind: 'credentials',
  });
}

/** Of an answer that may have arrived before: then its session is used up, and only a new sign-in helps. */
export function isExpiredChallenge(error: unknown): boolean {
  return isAuthenticationError(error) && error.code === 'challenge_expired';
}

/**
 * What a person's function threw: cancelled, of kind `session`, so that nothing is asked and no message sent again by itself for
 * a while. One of our own errors says itself what is to be done.
 */
export function cancelled(error: unknown, who: string): AuthenticationError {
  if (isAuthenticationError(error)) return error;
  const said = asString(error) ?? asString(recordOf(error)['message']);
  return new AuthenticationError(`The sign-in was cancelled: ${who} threw${said === undefined ? '' : `: ${said}`}`, {
    code: 'sign_in_cancelled',
    kind: 'session',
    cause: error,
  });
}
