// `login` to a user pool: what it asks besides the password.
import { assertNoSecrets } from '@axios-authorizer/testing';
import { Interrupted } from '../src/terminal/failure.js';
import { cognitoStage, filesIn } from './stage.js';
import { cli } from './test-terminal.js';

describe('cognito', () => {
  it('asks the password, then the code that the pool sent; the session is refreshed without either', async () => {
    const { args, home, env, pool } = await cognitoStage({ mfa: 'SMS_MFA', phone: '+15550100' });
    const code = (): string => pool.code('ada');
    const ran = await cli(['login', ...args], { home, answers: [env['AXIOS_AUTHORIZER_PASSWORD'] ?? '', code] });
    expect(ran).toMatchObject({ code: 0, out: '' });
    expect(ran.asked).toEqual([
      "The user's password:",
      expect.stringContaining('Code from the text message (sent to '),
    ]);
    expect(ran.err).toContain('renewed by: refresh token');
    const first = await cli(['token', ...args], { home });
    const refreshed = await cli(['token', ...args, '--refresh'], { home });
    expect(refreshed).toMatchObject({ code: 0, asked: [] });
    expect(refreshed.out).not.toBe(first.out);
  });

  it('a wrong code is asked for again, with the reason', async () => {
    const { args, home, env, pool } = await cognitoStage({ mfa: 'SMS_MFA', phone: '+15550100' });
    const code = (): string => pool.code('ada');
    const ran = await cli(['login', ...args], { home, env, answers: ['000000', code] });
    expect(ran.code).toBe(0);
    expect(ran.asked).toHaveLength(2);
    expect(ran.err).toContain('signed in to cognito as ada');
  });

  it('without a terminal a challenge is 3, and says to sign in at one', async () => {
    const { args, home, env } = await cognitoStage({ mfa: 'SMS_MFA', phone: '+15550100' });
    const ran = await cli(['token', ...args], { home, env });
    expect(ran.code).toBe(3);
    expect(ran.err).toContain('run `axios-authorizer login` in a terminal');
  });

  it('Ctrl-C at the code is 130', async () => {
    const { args, home, env } = await cognitoStage({ mfa: 'SMS_MFA', phone: '+15550100' });
    const stop = (): never => {
      throw new Interrupted();
    };
    expect(await cli(['login', ...args], { home, env, answers: [stop] })).toMatchObject({ code: 130, out: '' });
  });

  it.each(['PASSWORD', 'PASSWORD_SRP'] as const)('%s, chosen as the way to sign in, asks the password', async (way) => {
    const { args, home, env } = await cognitoStage({ firstFactors: [way, 'SMS_OTP'], phone: '+15550100' });
    const given = [...args, '--auth-flow', 'USER_AUTH'];
    const answers = [way, ...Object.values(env)];
    const ran = await cli(['login', ...given], { home, answers });
    expect(ran).toMatchObject({ code: 0, asked: ['Sign in with', "The user's password:"] });
    expect(await cli(['login', ...given], { home, env, answers: [way] })).toMatchObject({ code: 0 });
    assertNoSecrets([ran, filesIn(home)], Object.values(env));
  });

  it('a new password is asked for where the pool wants one', async () => {
    const { args, home, env } = await cognitoStage({ mustChangePassword: true });
    const ran = await cli(['login', ...args], { home, env, answers: ['another horse battery 1A!'] });
    expect(ran).toMatchObject({ code: 0, asked: ['New password:'] });
    assertNoSecrets([ran, filesIn(home)], ['another horse battery 1A!', ...Object.values(env)]);
  });
});

it('login to a user pool where nobody can be asked is 2, and says what to set', async () => {
  const { args, home } = await cognitoStage();
  const ran = await cli(['login', ...args], { home });
  expect(ran).toMatchObject({ code: 2, out: '', asked: [] });
  expect(ran.err).toContain('Set AXIOS_AUTHORIZER_PASSWORD');
});
