// Users who cannot sign in, whatever their password: what is a caller told?
import { alice, asked, failureOf, world } from '../stage.js';
import type { CognitoPoolUser } from '@axios-authorizer/test-kit';

const nobody = { options: { username: 'nobody' } };

it('an unknown user looks like a wrong password in a pool that hides who exists (G4)', async () => {
  const { pool, authorizer } = await world(nobody);
  expect(await failureOf(authorizer.getToken())).toMatchObject({
    code: 'wrong_credentials',
    kind: 'credentials',
    exception: 'NotAuthorizedException',
    operation: 'RespondToAuthChallenge',
  });
  expect(pool.operations).toHaveLength(2);
});

it('an unknown user is refused at once in a pool that tells (G4)', async () => {
  const { pool, authorizer } = await world({ ...nobody, pool: { preventUserExistenceErrors: false } });
  expect(await failureOf(authorizer.getToken())).toMatchObject({
    code: 'wrong_credentials',
    kind: 'credentials',
    exception: 'UserNotFoundException',
    operation: 'InitiateAuth',
  });
  expect(pool.operations).toHaveLength(1);
});

it('a sub is no user name (G4)', async () => {
  const sub = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
  const { authorizer } = await world({ user: { sub }, options: { username: sub } });
  expect(await failureOf(authorizer.getToken())).toMatchObject({
    code: 'wrong_credentials',
    exception: 'UserNotFoundException',
  });
});

it.each<[what: string, user: Partial<CognitoPoolUser>, told: object]>([
  ['unconfirmed', { confirmed: false }, { code: 'user_not_confirmed', exception: 'UserNotConfirmedException' }],
  [
    'whose password must be reset',
    { mustResetPassword: true },
    { code: 'password_reset_required', exception: 'PasswordResetRequiredException' },
  ],
  [
    'disabled',
    { disabled: true },
    {
      code: 'wrong_credentials',
      exception: 'NotAuthorizedException',
      message: expect.stringContaining('User is disabled.') as string,
    },
  ],
])('a user %s needs a person, and is not tried again (G4)', async (_, user, told) => {
  const { pool, authorizer } = await world({ user });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ ...told, kind: 'credentials', transient: false });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cooling_down', kind: 'credentials' });
  expect(asked(pool)).toHaveLength(2);
});

it('an unconfirmed user with a wrong password is told of the password (G4)', async () => {
  const { authorizer } = await world({ user: { confirmed: false }, options: { password: `${alice.password}x` } });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'wrong_credentials' });
});

it('an app client that the pool does not know is a mistake of the program (G4)', async () => {
  const { authorizer } = await world({ pool: { clients: [{ clientId: 'another-client' }] } });
  expect(await failureOf(authorizer.getToken())).toMatchObject({
    kind: 'configuration',
    exception: 'ResourceNotFoundException',
  });
});
