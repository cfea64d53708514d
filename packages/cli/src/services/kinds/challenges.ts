// What a user pool asks a person in the course of a sign-in, as prompts.
import type { Challenge, ChallengeAnswer } from '@axios-authorizer/cognito';
import { onOneLine } from '../../terminal/printable.js';
import { whileAsking } from '../../terminal/prompts.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { Service } from '../service.js';

const QUESTIONS: Readonly<Record<string, string>> = {
  SMS_MFA: 'Code from the text message',
  SMS_OTP: 'Code from the text message',
  EMAIL_OTP: 'Code from the e-mail',
  EMAIL_MFA: 'Code from the e-mail',
  SOFTWARE_TOKEN_MFA: 'Code from your authenticator app',
  NEW_PASSWORD_REQUIRED: 'New password',
  PASSWORD: 'Password',
  PASSWORD_SRP: 'Password',
};

/** Asks it. A text for the one thing that is asked; what cannot be answered in a terminal is left to the error that follows. */
export function askChallenge(
  challenge: Challenge,
  service: Service,
  terminal: Terminal,
): Promise<ChallengeAnswer | undefined> {
  return whileAsking(terminal.asking, () => answerOf(challenge, service, terminal));
}

async function answerOf(
  challenge: Challenge,
  service: Service,
  terminal: Terminal,
): Promise<ChallengeAnswer | undefined> {
  const { name, refusal, choices } = challenge;
  if (refusal) await terminal.stderr.write(`axios-authorizer: ${onOneLine(refusal.message)}\n`);
  if (name === 'WEB_AUTHN') return undefined; // a passkey needs a browser
  if (choices && choices.length > 0 && name !== 'MFA_SETUP')
    return withPassword(await choose(challenge, choices, terminal), service);
  if (name === 'MFA_SETUP') return setUp(challenge, choices ?? [], terminal);
  const answer = await terminal.prompts.secret(`${questionOf(challenge)}:`);
  terminal.secrets.add(answer);
  return answer;
}

function questionOf({ name, parameters }: Challenge): string {
  const { CODE_DELIVERY_DESTINATION: place } = parameters;
  const question = QUESTIONS[name] ?? onOneLine(name);
  return place === undefined ? question : `${question} (sent to ${onOneLine(place)})`;
}

function choose(challenge: Challenge, choices: readonly string[], { prompts }: Terminal): Promise<string> {
  const named = choices.map((value) => ({ value, name: QUESTIONS[value] ?? value }));
  return prompts.choose(challenge.name === 'SELECT_MFA_TYPE' ? 'Second factor' : 'Sign in with', named);
}

/** Whoever chooses the password is asked for it, unless something says where it is. */
async function withPassword(choice: string, service: Service): Promise<ChallengeAnswer> {
  const isPassword = choice === 'PASSWORD' || choice === 'PASSWORD_SRP';
  return isPassword ? { ANSWER: choice, PASSWORD: await service.secret('password') } : choice;
}

/** The secret of an authenticator app is shown once: the person needs it. An e-mail address is asked for. */
async function setUp(
  { parameters }: Challenge,
  choices: readonly string[],
  terminal: Terminal,
): Promise<ChallengeAnswer | undefined> {
  const { SECRET_CODE: secret } = parameters;
  if (secret === undefined) {
    const isMail = choices.some((choice) => choice.startsWith('EMAIL'));
    return isMail ? { EMAIL: await terminal.prompts.text('E-mail address for codes:') } : undefined;
  }
  await terminal.stderr.write(`Add this key to your authenticator app: ${secret}\n`);
  return terminal.prompts.secret('Code from your authenticator app:');
}
