// `token`: what it prints, in which form, where it keeps it, and what it says when there is none.
import { assertNoSecrets, startTokenEndpoint } from '@axios-authorizer/testing';
import { cognitoStage, filesIn, itkdbStage, oauth2Stage, smartStage } from './stage.js';
import { cli, clockAhead } from './test-terminal.js';

describe('each kind', () => {
  it.each([
    ['oauth2', oauth2Stage],
    ['smart', smartStage],
    ['itkdb', itkdbStage],
    ['cognito', cognitoStage],
  ])('%s gives a token to a pipe, and the stored one to the next run', async (_kind, stageOf) => {
    const { args, env, home, secrets } = await stageOf();
    const first = await cli(['token', ...args], { env, home });
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out.trim()).toMatch(/^[\w.~+/=-]{8,}$/);
    const withoutSecrets = await cli(['token', ...args], { home });
    expect(withoutSecrets).toEqual(first);
    assertNoSecrets(first.err, [...secrets(), first.out.trim()]);
    expect(filesIn(home).map(({ mode }) => mode)).not.toContain(0o644);
  });
});

describe('the forms', () => {
  const forms = async (format: string, more: readonly string[] = []): Promise<{ out: string; token: string }> => {
    const { args, env, home, issued } = await oauth2Stage();
    const { out, code } = await cli(['token', ...args, '--format', format, ...more], { env, home });
    expect(code).toBe(0);
    return { out, token: issued()[0] ?? '' };
  };

  it('text is the token alone', async () => {
    const { out, token } = await forms('text');
    expect(out).toBe(`${token}\n`);
  });

  it('json has the words of RFC 6749 and the time of expiry', async () => {
    const { out, token } = await forms('json');
    expect(JSON.parse(out)).toMatchObject({ access_token: token, token_type: 'Bearer' });
    expect(JSON.parse(out)).not.toHaveProperty('refresh_token');
  });

  it('env names the variable', async () => {
    const { out, token } = await forms('env', ['--variable', 'MY_TOKEN']);
    expect(out).toBe(`MY_TOKEN=${token}\n`);
  });

  it('header is what curl takes as -H @-', async () => {
    const { out, token } = await forms('header');
    expect(out).toBe(`Authorization: Bearer ${token}\n`);
  });

  it('curl-config is a line of a configuration of curl', async () => {
    const { out, token } = await forms('curl-config');
    expect(out).toBe(`header = "Authorization: Bearer ${token}"\n`);
  });

  it('exec-credential is what client-go asks for, in the version that it speaks', async () => {
    const { args, env, home, issued } = await oauth2Stage();
    const info = { apiVersion: 'client.authentication.k8s.io/v1beta1', kind: 'ExecCredential', spec: {} };
    const given = { env: { ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) }, home };
    const { out } = await cli(['token', ...args, '--format', 'exec-credential'], given);
    expect(JSON.parse(out)).toMatchObject({
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      kind: 'ExecCredential',
      status: { token: issued()[0] },
    });
    expect(out).toMatch(/"expirationTimestamp":"[\d-]+T[\d:]+Z"/);
  });
});

it.each(['text', 'json', 'env', 'header', 'curl-config', 'exec-credential'])(
  'on a screen the form %s hides the token, unless --show',
  async (format) => {
    const { args, env, home, secrets, issued } = await oauth2Stage();
    const hidden = await cli(['token', ...args, '--format', format], { env, home, screen: true });
    expect(hidden.code).toBe(0);
    assertNoSecrets(hidden, secrets());
    const shown = await cli(['token', ...args, '--format', format, '--show'], { env, home, screen: true });
    expect(shown.out).toContain(issued()[0]);
  },
);

it('--refresh asks for a new one, however good the stored one is', async () => {
  const { args, env, home, issued } = await oauth2Stage();
  await cli(['token', ...args], { env, home });
  const { out } = await cli(['token', ...args, '--refresh'], { env, home });
  expect(issued()).toHaveLength(2);
  expect(out.trim()).toBe(issued()[1]);
});

it('a token that has expired by the clock is not given', async () => {
  const { args, env, home, issued } = await oauth2Stage();
  await cli(['token', ...args], { env, home });
  const clock = clockAhead(3_600_000);
  expect((await cli(['token', ...args], { env, home, clock })).out.trim()).toBe(issued()[1]);
});

describe('without a token', () => {
  it('a wrong secret is 3, and says what to check', async () => {
    const { args, home } = await oauth2Stage();
    const env = { AXIOS_AUTHORIZER_CLIENT_SECRET: 'not-the-secret' };
    const ran = await cli(['token', ...args], { env, home });
    expect(ran).toMatchObject({ code: 3, out: '' });
    expect(ran.err).toContain('Check the client id');
    assertNoSecrets(ran, ['not-the-secret']);
  });

  it('advice that the message gives is not followed by that for other services', async () => {
    const { args, home, env } = await itkdbStage();
    const ran = await cli(['token', ...args], { env: { ...env, ITKDB_ACCESS_CODE1: 'not-the-code' }, home });
    expect(ran).toMatchObject({ code: 3, out: '' });
    expect(ran.err).toContain('check the access codes');
    expect(ran.err).not.toContain('client id');
  });

  it('a token that was sealed says how its key is given', async () => {
    const { args, home, env } = await oauth2Stage();
    const sealing = { ...env, KEY: Buffer.alloc(32, 7).toString('base64'), SHORT: 'short-key' };
    expect((await cli(['token', ...args, '--store-key-from', 'env:KEY'], { env: sealing, home })).code).toBe(0);
    const without = await cli(['token', ...args], { env, home });
    expect(without).toMatchObject({ code: 2, out: '' });
    expect(without.err).toContain('--store-key-from');
    const short = await cli(['token', ...args, '--store-key-from', 'env:SHORT'], { env: sealing, home });
    expect(short.err).toContain('The key of the store must be 32 bytes');
  });

  it('nobody to ask is 2, and says which variable or option to give', async () => {
    const { args, home } = await oauth2Stage();
    const ran = await cli(['token', ...args], { home });
    expect(ran).toMatchObject({ code: 2, out: '', asked: [] });
    expect(ran.err).toContain('AXIOS_AUTHORIZER_CLIENT_SECRET');
    expect(ran.err).toContain('--client-secret-from');
  });

  it('a person is asked', async () => {
    const { args, home, endpoint } = await oauth2Stage();
    const ran = await cli(['token', ...args], { home, answers: [endpoint.clientSecret] });
    expect(ran).toMatchObject({ code: 0, asked: ["The client's secret:"] });
  });

  it('a server that cannot be reached is 5', async () => {
    const endpoint = await startTokenEndpoint();
    await endpoint.close();
    const args = ['oauth2', '--token-url', endpoint.url, '--client-id', 'a', '--client-secret-from', 'env:S'];
    const ran = await cli(['token', ...args], { env: { S: 'secret' }, clock: clockAhead(0) });
    expect(ran).toMatchObject({ code: 5, out: '' });
    expect(ran.err).toContain('doctor');
  });

  it('a session that only a login can begin is 4', async () => {
    const { args, home } = await oauth2Stage({ clientSecret: null });
    const ran = await cli(['token', ...args, '--grant', 'device_code'], { home });
    expect(ran).toMatchObject({ code: 4, out: '' });
    expect(ran.err).toContain('axios-authorizer login');
  });

  it('a full disk under stdout is 5', async () => {
    const { args, env, home } = await oauth2Stage();
    const full = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
    const ran = await cli(['token', ...args], { env, home, full });
    expect(ran).toMatchObject({ code: 5 });
    expect(ran.err).toContain('The disk is full');
  });

  it('a reader that has enough is no failure', async () => {
    const { args, env, home } = await oauth2Stage();
    const full = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    expect(await cli(['token', ...args], { env, home, full })).toMatchObject({ code: 0, err: '' });
  });

  it('Ctrl-C while the server hangs is 130, and nothing is said', async () => {
    const { args, env, home, endpoint } = await oauth2Stage();
    const interruption = new AbortController();
    const held = endpoint.hangNext();
    const running = cli(['token', ...args], { env, home, interrupted: interruption.signal });
    await held.arrived;
    interruption.abort();
    expect(await running).toMatchObject({ code: 130, out: '', err: '' });
    held.release();
  });
});

it('a needed option that is missing is 2 and is named', async () => {
  const ran = await cli(['token', 'smart', '--client-id', 'a']);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('--base-url');
  expect(ran.err).toContain('--keys');
});
