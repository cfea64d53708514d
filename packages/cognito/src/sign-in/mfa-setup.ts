// MFA_SETUP: a user who has no second factor yet sets one up within the sign-in. What the pool offers decides; codes by SMS are
// set up by an administrator only.
import { AuthenticationError } from '@axios-authorizer/core';
import { asString, recordOf } from '@axios-authorizer/core/extend';
import { emptyAnswer, responsesOf } from './challenge.js';
import type { Challenge, ChallengeAnswer } from './challenge.js';
import type { PoolSession } from '../pool/session.js';
import type { PoolAnswer } from '../pool/user-pool.js';

interface Asking {
  readonly session: PoolSession;
  readonly signal: AbortSignal;
}

const APP = 'SOFTWARE_TOKEN_MFA';
const EMAIL = 'EMAIL_OTP';

/** With the secret for the app where that is all that is offered. A pool that offers nothing by name means an app. */
export async function offeredMfa(challenge: Challenge, asking: Asking): Promise<Challenge> {
  const { choices = [APP] } = challenge;
  const known = choices.filter((choice) => choice === APP || choice === EMAIL);
  const offered = { ...challenge, choices: known.length === 0 ? choices : known };
  return isApp(offered) ? withSecret(offered, asking) : offered;
}

/** Asked again for what was chosen among several; undefined when nothing was. */
export function chosenMfa(challenge: Challenge, answer: ChallengeAnswer): Challenge | undefined {
  const { name, choices = [], refusal: _before, ...rest } = challenge;
  const text = typeof answer === 'string' ? answer : textIn(answer, 'ANSWER');
  const isChoice = name === 'MFA_SETUP' && choices.length > 1 && choices.includes(text ?? '');
  return isChoice ? { name, ...rest, choices: [text ?? ''] } : undefined;
}

/** Hands in what sets it up: an address, or the first code of the app. */
export async function setUpMfa(challenge: Challenge, answer: ChallengeAnswer, asking: Asking): Promise<PoolAnswer> {
  const { name, choices, parameters, session, username } = challenge;
  const address = addressIn(challenge, answer);
  if (address === undefined && 'SECRET_CODE' in parameters) return setUpApp(challenge, answer, asking);
  if (address === undefined && choices?.includes(EMAIL)) throw noChoice(choices);
  const responses = address === undefined ? responsesOf(challenge, answer) : { USERNAME: username, EMAIL: address };
  return asking.session.respond({ name, responses, session, purpose: 'challenge' }, asking.signal);
}

/** An authenticator app is set up with a secret, which the pool hands out for the challenge's session. */
async function withSecret(challenge: Challenge, { session, signal }: Asking): Promise<Challenge> {
  if ('SECRET_CODE' in challenge.parameters) return challenge;
  const associate = { Session: challenge.session };
  const { members } = await session.perform('AssociateSoftwareToken', associate, signal, 'challenge');
  const SECRET_CODE = asString(members['SecretCode']) ?? '';
  return {
    ...challenge,
    session: asString(members['Session']) ?? challenge.session,
    parameters: { ...challenge.parameters, SECRET_CODE },
  };
}

/** The answer is the first code of the app. */
async function setUpApp(
  challenge: Challenge,
  answer: ChallengeAnswer,
  { session, signal }: Asking,
): Promise<PoolAnswer> {
  const { USERNAME: _name, ...given } = responsesOf(challenge, answer);
  const UserCode = given['ANSWER'] ?? given['SOFTWARE_TOKEN_MFA_CODE'];
  if (UserCode === undefined) throw emptyAnswer(challenge.name);
  const verify = { Session: challenge.session, UserCode };
  const { members } = await session.perform('VerifySoftwareToken', verify, signal, 'challenge');
  const next = asString(members['Session']) ?? challenge.session;
  const responses = { USERNAME: challenge.username };
  return session.respond({ name: 'MFA_SETUP', responses, session: next, purpose: 'challenge' }, signal);
}

/** `{ EMAIL }`; a text where nothing but an address is asked for, or where it can be nothing else. */
function addressIn({ choices = [] }: Challenge, answer: ChallengeAnswer): string | undefined {
  if (typeof answer !== 'string') return textIn(answer, 'EMAIL');
  const isAddress = choices.includes(EMAIL) && (choices.length === 1 || answer.includes('@'));
  return isAddress ? asString(answer) : undefined;
}

function textIn(answer: unknown, name: string): string | undefined {
  return asString(recordOf(answer)[name]);
}

function isApp({ choices = [] }: Challenge): boolean {
  return choices.length === 1 && choices[0] === APP;
}

function noChoice(choices: readonly string[]): AuthenticationError {
  const message = `MFA_SETUP takes one of ${choices.join(', ')}, or { EMAIL: 'an address' }; the answer is not sent`;
  return new AuthenticationError(message, { code: 'wrong_code', kind: 'credentials' });
}
