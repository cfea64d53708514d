// What a user pool may ask after the password, or in its place; who answers it, and in which words.
import { AuthenticationError, isAuthenticationError } from '@axios-authorizer/core';

/** A challenge as plain data: whoever has it can go on with the sign-in, as long as its session lives (about 3 minutes). */
export interface Challenge {
  /** Such as "SMS_MFA"; names that this library does not know come through as they are. */
  readonly name: string;
  /** The user's name within the pool. */
  readonly username: string;
  /** What the pool says to it: where a code was sent, which choices there are; for MFA_SETUP also SECRET_CODE. */
  readonly parameters: Readonly<Record<string, string>>;
  /** A secret: it continues the sign-in. */
  readonly session: string;
  /** Whether an answer to it was just refused as wrong. */
  readonly refused?: boolean;
}

/** What answers a challenge: a text for the one thing that is asked, or the response parameters by name. */
export type ChallengeAnswer = string | Readonly<Record<string, string>>;

/** Asks a person. Without an answer the sign-in stops with a `ChallengeRequiredError`. */
export type OnChallenge = (challenge: Challenge) => ChallengeAnswer | undefined | Promise<ChallengeAnswer | undefined>;

const CHALLENGE = Symbol.for('@axios-authorizer/cognito challenge');

/**
 * The pool asks something that nobody here answers. Its `challenge` is plain data: send it to whoever can answer, in this
 * process or another, and hand both to `answerChallenge`.
 */
export class ChallengeRequiredError extends AuthenticationError {
  static {
    Object.defineProperty(this.prototype, 'name', {
      value: 'ChallengeRequiredError',
      configurable: true,
      writable: true,
    });
  }
  readonly challengeName: string;

  constructor(challenge: Challenge) {
    super(
      `The sign-in of ${JSON.stringify(challenge.username)} needs an answer to ${challenge.name}; give \`onChallenge\`, or answer \`error.challenge\``,
      {
        code: 'challenge_required',
        kind: 'credentials',
      },
    );
    this.challengeName = challenge.name;
    Object.defineProperty(this, CHALLENGE, { value: challenge }); // not enumerable: printing the error shows no session
  }

  /** The challenge, also in a caller's own copy of the error, whose cause is the first. */
  get challenge(): Challenge {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the symbol is ours
    return (Reflect.get(this, CHALLENGE) ?? Reflect.get(Object(this.cause), 'challenge')) as Challenge;
  }
}

const RESPONSE_NAMES = new Map([
  ['NEW_PASSWORD_REQUIRED', 'NEW_PASSWORD'],
  ['SMS_MFA', 'SMS_MFA_CODE'],
  ['SOFTWARE_TOKEN_MFA', 'SOFTWARE_TOKEN_MFA_CODE'],
  ['EMAIL_OTP', 'EMAIL_OTP_CODE'],
  ['SMS_OTP', 'SMS_OTP_CODE'],
  ['PASSWORD', 'PASSWORD'],
]);

/** The response parameters of an answer. @throws AuthenticationError when it is empty: an empty code is not tried */
export function responsesOf({ name, username }: Challenge, answer: ChallengeAnswer): Readonly<Record<string, string>> {
  const responses = typeof answer === 'string' ? { [RESPONSE_NAMES.get(name) ?? 'ANSWER']: answer } : answer;
  if (Object.values(responses).some((value) => typeof value !== 'string' || value === '')) throw emptyAnswer(name);
  return { USERNAME: username, ...responses };
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
