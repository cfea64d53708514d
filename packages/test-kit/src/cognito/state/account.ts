// What a user may ask about himself: with an access token, and for the authenticator with the Session of an unfinished
// sign-in as well.

import { CognitoFault, demand, demandAuthorized } from '../fault.js';
import { toBigInt } from '../steps/srp.js';
import type { CognitoContext } from '../context.js';
import type { Members } from '../members.js';
import type { Operations } from '../operation.js';
import type { TokenOrigin } from './tokens.js';
import type { PoolUser } from './user.js';

const faultsOfTokens = {
  invalid: 'Invalid Access Token',
  expired: 'Access Token has expired',
  revoked: 'Access Token has been revoked',
} as const;

export function accountOperations(context: CognitoContext): Operations {
  const { devices, refreshTokens } = context;
  return {
    GetUser: (body) => describe(bearerOf(context, body).user),
    GlobalSignOut: (body) => {
      const { user } = bearerOf(context, body);
      refreshTokens.revoke((origin) => origin.user === user);
      return {};
    },
    ConfirmDevice: (body) => confirmDevice(context, body),
    UpdateDeviceStatus: (body) => {
      const device = devices.of(bearerOf(context, body).user, body.text('DeviceKey'));
      const status = body.text('DeviceRememberedStatus');
      demand(/^(?:not_)?remembered$/.test(status), 'InvalidParameterException', 'Invalid DeviceRememberedStatus');
      device.remembered = status === 'remembered';
      return {};
    },
    ForgetDevice: (body) => {
      devices.forget(devices.of(bearerOf(context, body).user, body.text('DeviceKey')).key);
      return {};
    },
    AssociateSoftwareToken: (body) => {
      const { user, proceed } = asker(context, body);
      return { SecretCode: user.associateSoftwareToken(), ...proceed() };
    },
    VerifySoftwareToken: (body) => verifySoftwareToken(context, body),
  };
}

/** @throws CognitoFault NotAuthorizedException unless the AccessToken is good */
function bearerOf({ mint }: CognitoContext, body: Members): TokenOrigin {
  const found = mint.inspect('access', body.text('AccessToken'));
  if (typeof found === 'string') {
    throw new CognitoFault('NotAuthorizedException', faultsOfTokens[found]);
  }
  demandAuthorized(!found.user.disabled, 'User is disabled.');
  return found;
}

function describe({ name, attributes, mfa }: PoolUser): object {
  const settings = mfa === undefined ? {} : { UserMFASettingList: [mfa], PreferredMfaSetting: mfa };
  return { Username: name, UserAttributes: [...attributes].map(([Name, Value]) => ({ Name, Value })), ...settings };
}

function confirmDevice(context: CognitoContext, body: Members): object {
  const { devices } = context;
  const device = devices.of(bearerOf(context, body).user, body.text('DeviceKey'));
  const secret = body.inner('DeviceSecretVerifierConfig');
  const [salt, verifier] = [secret.text('Salt'), secret.text('PasswordVerifier')].map(fromBase64);
  devices.confirm(device, salt ?? 0n, verifier ?? 0n);
  return { UserConfirmationNecessary: devices.needsUser };
}

function fromBase64(text: string): bigint {
  return toBigInt(Buffer.from(text, 'base64'));
}

function verifySoftwareToken(context: CognitoContext, body: Members): object {
  const { user, proceed } = asker(context, body);
  const isRight = user.accepts('SOFTWARE_TOKEN_MFA', body.text('UserCode'));
  demand(isRight, 'EnableSoftwareTokenMFAException', 'Code mismatch and fail enable Software Token MFA');
  user.completeMfaSetup('SOFTWARE_TOKEN_MFA');
  return { Status: 'SUCCESS', ...proceed() };
}

interface Asker {
  readonly user: PoolUser;
  /** The next Session for the same challenge, if there was one. */
  readonly proceed: () => { readonly Session?: string };
}

function asker(context: CognitoContext, body: Members): Asker {
  const session = body.optional('Session');
  if (session === undefined) {
    return { user: bearerOf(context, body).user, proceed: () => ({}) };
  }
  const { sessions } = context;
  const pending = sessions.find(session);
  demandAuthorized(pending.step.name === 'MFA_SETUP', 'Invalid session for the user.');
  const { mfasCanSetup } = pending.signIn.user;
  const isOffered = mfasCanSetup.includes('SOFTWARE_TOKEN_MFA');
  demand(isOffered, 'InvalidParameterException', 'Software token MFA is not enabled for the user pool');
  const proceed = (): { readonly Session: string } => {
    sessions.spend(session);
    return { Session: sessions.open(pending) };
  };
  return { user: pending.signIn.user, proceed };
}
