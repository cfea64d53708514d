// `login`: who is asked what, and what is kept.
import { assertNoSecrets } from '@axios-authorizer/testing';
import { Interrupted } from '../src/terminal/failure.js';
import { cognitoStage, filesIn, itkdbStage } from './stage.js';
import { cli } from './test-terminal.js';

describe('itkdb', () => {
  it('asks for the two codes and keeps neither', async () => {
    const { args, env, home, secrets } = await itkdbStage();
    const ran = await cli(['login', ...args], { home, answers: Object.values(env) });
    expect(ran).toMatchObject({ code: 0, out: '', asked: ['The first access code:', 'The second access code:'] });
    expect(ran.err).toMatch(/signed in to itkdb as .*, good for \d+ m; renewed by: access codes/);
    assertNoSecrets([ran, filesIn(home)], secrets());
    expect((await cli(['token', ...args], { home })).code).toBe(0);
  });

  it('wrong codes are 3 and leave nothing behind', async () => {
    const { args, home } = await itkdbStage();
    const ran = await cli(['login', ...args], { home, answers: ['wrong-code-one', 'wrong-code-two'] });
    expect(ran.code).toBe(3);
    assertNoSecrets(ran, ['wrong-code-one', 'wrong-code-two']);
    expect(filesIn(home)).toEqual([]);
  });

  it.each([0, 1])('Ctrl-C at prompt %i is 130, and nothing is kept', async (at) => {
    const { args, home } = await itkdbStage();
    const stop = (): never => {
      throw new Interrupted('interrupted');
    };
    const ran = await cli(['login', ...args], { home, answers: at === 0 ? [stop] : ['a-first-code', stop] });
    expect(ran).toMatchObject({ code: 130, out: '', err: '' });
    expect(filesIn(home)).toEqual([]);
  });

  it('without a terminal says which variable to set', async () => {
    const { args } = await itkdbStage();
    const ran = await cli(['login', ...args]);
    expect(ran).toMatchObject({ code: 2, asked: [] });
    expect(ran.err).toContain('ITKDB_ACCESS_CODE1');
  });
});

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
      throw new Interrupted('interrupted');
    };
    expect(await cli(['login', ...args], { home, env, answers: [stop] })).toMatchObject({ code: 130, out: '' });
  });

  it('a new password is asked for where the pool wants one', async () => {
    const { args, home, env } = await cognitoStage({ mustChangePassword: true });
    const ran = await cli(['login', ...args], { home, env, answers: ['another horse battery 1A!'] });
    expect(ran).toMatchObject({ code: 0, asked: ['New password:'] });
    assertNoSecrets([ran, filesIn(home)], ['another horse battery 1A!', ...Object.values(env)]);
  });
});
