// Every fault that the Cognito user pool can simulate at a sign-in.
import { cognitoError, startCognitoPool } from '@axios-authorizer/test-kit';
import type { CognitoPool, CognitoPoolOptions, CognitoPoolUser } from '@axios-authorizer/test-kit';
import { cognitoSubject } from '../../src/doctor/services/cognito.js';
import type { CognitoSubjectOptions } from '../../src/doctor/services/cognito.js';
import { SRPAuthorizer } from '@axios-authorizer/cognito';
import { hanging, loopback, secret } from './stage.js';
import type { Defer, StartStage } from './stage.js';

const alice: CognitoPoolUser = { username: 'alice', password: 'Correct-Horse-1' };
const clientId = 'test-client';

interface Setting {
  readonly user?: Partial<CognitoPoolUser>;
  readonly pool?: CognitoPoolOptions;
  readonly client?: CognitoSubjectOptions;
  readonly with?: (pool: CognitoPool) => unknown;
}

async function started(
  defer: Defer,
  { user, pool: options, client, with: prepare }: Setting,
): Promise<{ pool: CognitoPool; given: CognitoSubjectOptions }> {
  const pool = await startCognitoPool({ users: [{ ...alice, ...user }], clients: [{ clientId }], ...options });
  defer(() => pool.stop());
  await prepare?.(pool);
  const { poolId: userPoolId, endpoint } = pool;
  return { pool, given: { userPoolId, endpoint, clientId, username: 'alice', password: alice.password, ...client } };
}

function stage(setting: Setting): StartStage {
  return async (defer) => cognitoSubject((await started(defer, setting)).given);
}

/** The pool answers the sign-in with that exception. */
function exception(type: string, message: string, status?: number): StartStage {
  return stage({ with: (pool) => pool.next('InitiateAuth', cognitoError(type, message, status)) });
}

/** Five wrong passwords, as somebody who guesses would send them. */
async function lockOut({ poolId: userPoolId, endpoint }: CognitoPool): Promise<void> {
  const authorizer = new SRPAuthorizer(
    { clientId },
    { userPoolId, endpoint, username: 'alice', password: 'wrong', maxRetries: 0 },
  );
  for (let count = 0; count < 5; count += 1) await authorizer.getToken({ force: true }).catch(() => undefined);
}

const withSecret = { clients: [{ clientId, clientSecret: secret }] };
const wrongTime = { clock: { now: () => Date.now() + 3_600_000 } };

export const cognitoStages = {
  'cognito: all is well': async (defer: Defer) => {
    const api = await loopback(defer, (_, response) => void response.end('{}'));
    return cognitoSubject((await started(defer, { client: { call: `${api.origin}/things` } })).given);
  },
  'cognito: nothing is configured': async () => cognitoSubject({}),
  'cognito: the id of the pool is none': stage({ client: { userPoolId: 'pool', endpoint: undefined } }),
  'cognito: there is no such pool': stage({ client: { userPoolId: 'eu-west-1_Another' } }),
  'cognito: the pool is away': stage({ with: (pool) => pool.next('jwks', undefined, { status: 503, text: '' }) }),
  'cognito: something else answers for the pool': stage({
    with: (pool) => pool.next('jwks', undefined, { text: '<html>' }),
  }),
  'cognito: our clock is slow': stage({ pool: wrongTime }),
  'cognito: the password is wrong': stage({ client: { password: 'wrong' } }),
  'cognito: the user is unknown': stage({ client: { username: 'bob' }, pool: { preventUserExistenceErrors: false } }),
  'cognito: the user is unknown, and the pool hides it': stage({ client: { username: 'bob' } }),
  'cognito: the user is locked out': stage({ with: lockOut }),
  'cognito: the user is disabled': stage({ user: { disabled: true } }),
  'cognito: the user is not confirmed': stage({ user: { confirmed: false } }),
  'cognito: the password must be reset': stage({ user: { mustResetPassword: true } }),
  'cognito: the password must be changed': stage({ user: { mustChangePassword: true } }),
  'cognito: a code by SMS is asked for': stage({ user: { mfa: 'SMS_MFA' } }),
  'cognito: a code of an app is asked for': stage({ user: { mfa: 'SOFTWARE_TOKEN_MFA' } }),
  'cognito: a code by e-mail is asked for': stage({ user: { mfa: 'EMAIL_OTP' } }),
  'cognito: a second factor is to be chosen': stage({ user: { mfaChoices: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'] } }),
  'cognito: a second factor is to be set up': stage({ user: { mfaSetup: true } }),
  'cognito: the pool asks a question of its own': stage({
    user: { custom: [{ parameters: { question: '?' }, answer: 'yes' }] },
    client: { authFlow: 'CUSTOM_AUTH' },
  }),
  'cognito: the pool asks what nobody knows': stage({ user: { unknownChallenge: 'DANCE' } }),
  'cognito: the first factor is to be chosen': stage({
    user: { firstFactors: ['EMAIL_OTP', 'SMS_OTP'] },
    client: { authFlow: 'USER_AUTH' },
  }),
  'cognito: the client needs its secret': stage({ pool: withSecret }),
  "cognito: the client's secret is wrong": stage({ pool: withSecret, client: { clientSecret: 'another' } }),
  'cognito: the client is unknown': stage({ client: { clientId: 'nobody' } }),
  'cognito: too many requests': stage({ with: (pool) => pool.throttle(9) }),
  'cognito: the pool has a problem of its own': exception('InternalErrorException', 'Something went wrong'),
  'cognito: the flow is not enabled': exception(
    'InvalidParameterException',
    'USER_SRP_AUTH is not enabled for the client.',
  ),
  'cognito: a Lambda trigger refuses': exception(
    'UserLambdaValidationException',
    'PreAuthentication failed with error not today.',
  ),
  'cognito: a Lambda trigger fails': exception(
    'UnexpectedLambdaException',
    'PreAuthentication invocation failed due to error.',
  ),
  'cognito: an emulator does not know the operation': exception(
    'UnknownOperationException',
    'There is no operation InitiateAuth',
  ),
  'cognito: a firewall stands before the pool': exception(
    'ForbiddenException',
    'Request not allowed due to WAF block.',
    403,
  ),
  'cognito: a page stands before the pool': stage({ with: (pool) => pool.next('InitiateAuth', { text: '<html>' }) }),
  'cognito: the connection is cut': stage({ with: (pool) => pool.next('InitiateAuth', { reset: true }) }),
  'cognito: the sign-in hangs': async (defer: Defer) => {
    const { pool, given } = await started(defer, { with: (one) => one.next('InitiateAuth', { hang: true }) });
    return hanging(cognitoSubject(given), () => pool.count('InitiateAuth'));
  },
  'cognito: the API wants the other token': async (defer: Defer) => {
    const api = await loopback(
      defer,
      (_, response) => void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('{}'),
    );
    return cognitoSubject((await started(defer, { client: { call: `${api.origin}/things` } })).given);
  },
} satisfies Readonly<Record<string, StartStage>>;
