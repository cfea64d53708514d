// What to do about what one service alone says: keys, Cognito's exceptions and questions, the login of the ITk database.
import { asString, recordOf } from '@axios-authorizer/core/extend';
import type { AuthenticationError } from '@axios-authorizer/core';

/** Undefined for what is not of one service. */
export function serviceAdvice(error: AuthenticationError): string | undefined {
  const { problem, exception, said, challengeName, errorDescription } = recordOf(error);
  if (typeof problem === 'string') return BY_PROBLEM[problem];
  if (typeof challengeName === 'string') return questionAdvice(challengeName);
  if (typeof exception === 'string') return cognitoAdvice(exception, String(said));
  if (/private key/i.test(asString(errorDescription) ?? '')) return PRIVATE_KEY_SHOWN;
  return BY_MESSAGE.find(([pattern]) => pattern.test(error.message))?.[1];
}

const PRIVATE_KEY_SHOWN =
  'the private key was registered in place of the public one, so it is lost: make a new key (axios-authorizer keys generate) and register what keys jwks prints';

/** Of a key (SmartKeyError). */
const BY_PROBLEM: Readonly<Record<string, string>> = {
  missing: 'check the path (`keys`); axios-authorizer keys generate makes a key',
  permissions:
    'take the rights of the others away (chmod 600 the file, chmod 700 its folder); for secrets that an orchestrator mounts there is anyMode',
  encrypted: 'give its passphrase (AXIOS_AUTHORIZER_PASSPHRASE, or `passphrase` in the configuration)',
  passphrase: 'the passphrase is another: check where it is read from',
  public: 'that is the half for the server: give the file with the private key',
  malformed: 'the file is cut off or no key: PEM (PKCS#8), JWK and JWK Set can be read',
  curve: 'SMART takes keys on P-384 for ES384: axios-authorizer keys generate makes one',
  too_short: 'make a longer one with axios-authorizer keys generate, and register it',
  algorithm: 'SMART takes RS384 and ES384: axios-authorizer keys generate makes such a key',
};

/** A person is needed, whatever the question. */
function questionAdvice(name: string): string {
  return (
    QUESTIONS[name] ?? `the pool asks what only your application can answer (${name}): give the program an onChallenge`
  );
}

const ENTER_A_CODE =
  'a person has to enter a code: axios-authorizer login asks for it and keeps the session; a program that runs alone needs a user without a second factor, or a remembered device';
const CHOOSE =
  'a person has to choose how to sign in: axios-authorizer login asks; a program gives preferredChallenge or an onChallenge';
const QUESTIONS: Readonly<Record<string, string>> = {
  NEW_PASSWORD_REQUIRED:
    'the user must choose a new password: axios-authorizer login asks for it, or an administrator sets one that stays (admin-set-user-password --permanent)',
  SMS_MFA: ENTER_A_CODE,
  SOFTWARE_TOKEN_MFA: ENTER_A_CODE,
  EMAIL_OTP: ENTER_A_CODE,
  SMS_OTP: ENTER_A_CODE,
  SELECT_MFA_TYPE: CHOOSE,
  SELECT_CHALLENGE: CHOOSE,
  MFA_SETUP: 'the pool wants a second factor, and the user has none: set one up with axios-authorizer login',
};

function cognitoAdvice(exception: string, said: string): string | undefined {
  const byWords = COGNITO_WORDS.find(([name, words]) => name === exception && words.test(said))?.[2];
  return byWords ?? COGNITO[exception];
}

const COGNITO_WORDS: readonly (readonly [exception: string, words: RegExp, advice: string])[] = [
  [
    'NotAuthorizedException',
    /secret/i,
    'the app client has another secret, or one that is not given here (clientSecret), or none while one is given: compare with the page of the app client; one for browsers has none',
  ],
  [
    'NotAuthorizedException',
    /disabled/i,
    'an administrator has disabled the user: have it enabled, or sign in as another',
  ],
  [
    'ResourceNotFoundException',
    /client/i,
    'there is no such app client in this pool: check clientId, and that it is of this pool and region',
  ],
  [
    'InvalidParameterException',
    /not enabled/i,
    'allow the flow in the app client (ALLOW_USER_SRP_AUTH and the like), or set authFlow to one that is allowed',
  ],
];
const COGNITO: Readonly<Record<string, string>> = {
  TooManyRequestsException:
    'Cognito limits the requests of an account: wait, then try again; many programs that sign in at once may be the reason',
  InternalErrorException: 'Cognito has a problem of its own: try again later; the health page of AWS says more',
  UserLambdaValidationException:
    'a Lambda trigger of the pool refused the sign-in: its words say why; ask whoever wrote it',
  UnexpectedLambdaException: 'a Lambda trigger of the pool failed: its log in CloudWatch says why',
  UnknownOperationException:
    'the endpoint does not know this operation: an emulator may lack it, or the endpoint is that of another service',
  ForbiddenException:
    'a firewall (AWS WAF) of the pool refuses the request: does it allow the address of this machine?',
};

const BY_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [
    /^There is no metadata/,
    'compare the issuer with what the server calls itself, or give tokenUrl in its place: not every server publishes metadata',
  ],
  [
    /^(?!The SMART).*\btoken_endpoint\b/,
    'the server does not publish a token endpoint that can be used: give tokenUrl',
  ],
  [
    /keys for verifying tokens could not be read/,
    'the key set of the login service could be read a moment ago, and now it cannot: try again; if it lasts, tell whoever runs the service',
  ],
  [/second factor in a browser/, 'turn the access codes on in the profile of the account, or use another account'],
  [/id token .*jwt (?:expired|not active)/, "the clocks differ: set this machine's clock (NTP)"],
  [/id token .*audience invalid/, 'the login is for another application: check the audience (ITKDB_ACCESS_AUDIENCE)'],
  [
    /id token .*issuer invalid/,
    'another service issued the login than the one that was expected: check authUrl, and the option issuer',
  ],
  [
    /of token_type/,
    'list the type in acceptTokenTypes if the API takes it as Bearer all the same; another type cannot be sent',
  ],
];
