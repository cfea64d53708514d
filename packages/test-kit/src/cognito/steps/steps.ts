// The challenges that follow a password, each with what it tells and what it takes. In which order they come is said once,
// at the top; a remembered device takes the place of a code.

import { demand, demandAuthorized, incorrect } from '../fault.js';
import { deviceStep } from './device-steps.js';
import type { CognitoContext } from '../context.js';
import type { Device } from '../state/devices.js';
import type { CognitoCustomRound, CognitoMfa } from '../options.js';
import type { SignIn, Step } from '../state/sessions.js';
import type { PoolUser } from '../state/user.js';

const shortestPassword = 8;
const answerNames = {
  SMS_MFA: 'SMS_MFA_CODE',
  SOFTWARE_TOKEN_MFA: 'SOFTWARE_TOKEN_MFA_CODE',
  EMAIL_OTP: 'EMAIL_OTP_CODE',
  SMS_OTP: 'SMS_OTP_CODE',
} as const;

/** @param device the confirmed one that the client has named */
export function stepsAfterPassword(context: CognitoContext, signIn: SignIn, device: Device | undefined): Step[] {
  const { user } = signIn;
  const { custom = [], unknownChallenge } = user.profile;
  return [
    ...(user.mustChangePassword ? [newPasswordStep(user)] : []),
    ...(signIn.flow === 'CUSTOM_AUTH' ? custom : []).map((round) => customStep(user, round)),
    ...(unknownChallenge === undefined ? [] : [unknownStep(user, unknownChallenge)]),
    ...(device?.remembered === true ? [] : mfaSteps(user)),
    ...(device === undefined ? [] : [deviceStep(context, signIn, device)]),
  ];
}

function newPasswordStep(user: PoolUser): Step {
  const attributes = Object.fromEntries([...user.attributes].filter(([name]) => name !== 'sub'));
  return {
    name: 'NEW_PASSWORD_REQUIRED',
    parameters: () => ({
      USER_ID_FOR_SRP: user.name,
      requiredAttributes: '[]',
      userAttributes: JSON.stringify(attributes),
    }),
    answer: (answers) => {
      const password = answers.text('NEW_PASSWORD');
      const isLongEnough = password.length >= shortestPassword;
      demand(isLongEnough, 'InvalidPasswordException', 'Password does not conform to policy: Password not long enough');
      answers.startingWith('userAttributes.').forEach(([name, value]) => user.attributes.set(name, value));
      user.setPassword(password);
      user.mustChangePassword = false;
      return [];
    },
  };
}

function customStep(user: PoolUser, { parameters, answer }: CognitoCustomRound): Step {
  return {
    name: 'CUSTOM_CHALLENGE',
    parameters: () => ({ USERNAME: user.name, ...parameters }),
    answer: (answers) => expectAnswer(answers.text('ANSWER'), answer),
  };
}

function unknownStep(user: PoolUser, name: string): Step {
  return {
    name,
    parameters: () => ({ USERNAME: user.name }),
    answer: (answers) => expectAnswer(answers.text('ANSWER'), 'yes'),
  };
}

function expectAnswer(given: string, expected: string): readonly Step[] {
  demandAuthorized(given === expected, incorrect);
  return [];
}

function mfaSteps(user: PoolUser): readonly Step[] {
  const { mfaChoices } = user.profile;
  if (mfaChoices !== undefined) {
    return [selectStep(user, mfaChoices)];
  }
  if (user.mfa !== undefined) {
    return [codeStep(user, user.mfa)];
  }
  return user.needsMfaSetup ? [setupStep(user)] : [];
}

function selectStep(user: PoolUser, choices: readonly CognitoMfa[]): Step {
  return {
    name: 'SELECT_MFA_TYPE',
    parameters: () => ({ USER_ID_FOR_SRP: user.name, MFAS_CAN_CHOOSE: JSON.stringify(choices) }),
    answer: (answers) => {
      const given = answers.text('ANSWER');
      const kind = choices.find((choice) => choice === given);
      demand(kind !== undefined, 'InvalidParameterException', 'Invalid MFA type selected');
      return [codeStep(user, kind)];
    },
  };
}

/** A code, in the place of a password or after it. */
export function codeStep(user: PoolUser, kind: CognitoMfa | 'SMS_OTP'): Step {
  return {
    name: kind,
    parameters: () => {
      user.ask(kind);
      return { USER_ID_FOR_SRP: user.name, ...delivery(kind) };
    },
    answer: (answers) => {
      const isRight = user.accepts(kind, answers.text(answerNames[kind]));
      demand(isRight, 'CodeMismatchException', 'Invalid code or auth state for the user.');
      return [];
    },
  };
}

function delivery(kind: CognitoMfa | 'SMS_OTP'): Readonly<Record<string, string>> {
  if (kind === 'SOFTWARE_TOKEN_MFA') {
    return { FRIENDLY_DEVICE_NAME: 'My authenticator' };
  }
  const [medium, destination] = kind !== 'EMAIL_OTP' ? ['SMS', '+*******0123'] : ['EMAIL', 'u***@e***'];
  return { CODE_DELIVERY_DELIVERY_MEDIUM: medium, CODE_DELIVERY_DESTINATION: destination };
}

/** VerifySoftwareToken takes `needsMfaSetup` away; before it did, an answer without an address is too early. */
function setupStep(user: PoolUser): Step {
  return {
    name: 'MFA_SETUP',
    parameters: () => ({ USER_ID_FOR_SRP: user.name, MFAS_CAN_SETUP: JSON.stringify(user.mfasCanSetup) }),
    answer: (answers) => {
      const address = answers.optional('EMAIL');
      if (address !== undefined) {
        return setUpEmail(user, address);
      }
      demand(!user.needsMfaSetup, 'InvalidParameterException', 'The software token has not been verified.');
      return [];
    },
  };
}

function setUpEmail(user: PoolUser, address: string): readonly Step[] {
  const isOffered = user.mfasCanSetup.includes('EMAIL_OTP');
  demand(isOffered, 'InvalidParameterException', 'Email MFA is not enabled for the user pool');
  demand(/^\S+@\S+$/.test(address), 'InvalidParameterException', 'Invalid email address format.');
  user.attributes.set('email', address);
  user.completeMfaSetup('EMAIL_OTP');
  return [codeStep(user, 'EMAIL_OTP')];
}
