// A known device proves itself in two challenges, with the same SRP as a user: the DeviceGroupKey for the pool, the
// DeviceKey for the user.

import { demandAuthorized, incorrect, unknownDevice } from '../fault.js';
import type { CognitoContext } from '../context.js';
import type { Device } from '../state/devices.js';
import type { Members } from '../members.js';
import type { SignIn, Step } from '../state/sessions.js';

/** DEVICE_SRP_AUTH, and DEVICE_PASSWORD_VERIFIER right after it. */
export function deviceStep(context: CognitoContext, signIn: SignIn, device: Device): Step {
  return {
    name: 'DEVICE_SRP_AUTH',
    parameters: () => ({ USERNAME: signIn.user.name, DEVICE_KEY: device.key }),
    answer: (answers) => {
      const subject = subjectOf(context, device, answers);
      const opened = context.deviceProofs.open(subject, answers.text('SRP_A'), device.key);
      return [verifierStep(context, { signIn, device, opened })];
    },
  };
}

interface Opened {
  readonly signIn: SignIn;
  readonly device: Device;
  readonly opened: Readonly<Record<string, string>>;
}

function verifierStep(context: CognitoContext, { signIn, device, opened }: Opened): Step {
  return {
    name: 'DEVICE_PASSWORD_VERIFIER',
    parameters: () => ({ ...opened, USERNAME: signIn.user.name, DEVICE_KEY: device.key }),
    answer: (answers) => {
      subjectOf(context, device, answers);
      const block = answers.text('PASSWORD_CLAIM_SECRET_BLOCK');
      const proof = context.deviceProofs.find(block);
      const holds = proof?.about === device.key && context.deviceProofs.holds(proof, answers);
      context.deviceProofs.close(block);
      demandAuthorized(holds, incorrect);
      signIn.device = device;
      return [];
    },
  };
}

/** The device may have been forgotten since it was asked for. */
function subjectOf({ devices }: CognitoContext, device: Device, answers: Members): NonNullable<Device['subject']> {
  const { subject } = devices.of(device.user, answers.text('DEVICE_KEY'));
  if (subject === undefined || subject.id !== device.key) {
    throw unknownDevice();
  }
  return subject;
}
