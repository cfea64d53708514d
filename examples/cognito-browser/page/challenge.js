// Asks the person at the page whatever the pool asks: a code, a new password, a choice.
import { by, only } from './elements.js';

const QUESTIONS = {
  NEW_PASSWORD_REQUIRED: ['A new password', 'This password was for the first time only.', 'New password'],
  SMS_MFA: ['A code by SMS', 'A code was sent to', 'Code'],
  EMAIL_OTP: ['A code by mail', 'A code was sent to', 'Code'],
  SOFTWARE_TOKEN_MFA: ['Your authenticator', 'Open your authenticator app.', 'Code'],
  SELECT_MFA_TYPE: ['Which way?', 'Choose one of', 'Way'],
  MFA_SETUP: ['Set up an authenticator', 'Add this secret to your authenticator app:', 'Its first code'],
};

let answerLast = () => undefined;

/** The `onChallenge` hook: resolves with the answer, or undefined when the person gives up. */
export async function askPerson(challenge) {
  const { name, refusal } = challenge;
  const [title, text, label] = QUESTIONS[name] ?? [name, 'The user pool asks:', 'Answer'];
  by('challenge-title').textContent = title;
  by('challenge-text').textContent =
    `${refusal ? `That was not right: ${refusal.message} ` : ''}${text} ${hintOf(challenge)}`;
  by('challenge-label').textContent = label;
  by('challenge').reset();
  only('challenge');
  void showPhone(challenge);
  return new Promise((resolve) => (answerLast = resolve));
}

export function stopAsking() {
  answerLast(undefined);
}

by('challenge').addEventListener('submit', (event) => {
  event.preventDefault();
  answerLast(new FormData(event.target).get('answer'));
});
by('give-up').addEventListener('click', stopAsking);

function hintOf({ parameters: { CODE_DELIVERY_DESTINATION, SECRET_CODE }, choices = [] }) {
  return CODE_DELIVERY_DESTINATION ?? SECRET_CODE ?? choices.join(', ');
}

/** There is no phone here: the server of this example says what it would have received. */
async function showPhone({ username, name }) {
  if (!/MFA|OTP/.test(name)) return;
  const answer = await fetch(`/phone?username=${encodeURIComponent(username)}`);
  by('phone').textContent = `Your code is ${await answer.text()}`;
}
