// `status` and `logout`: what is stored, and how it goes away.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assertNoSecrets } from '@axios-authorizer/testing';
import { filesIn, itkdbStage, oauth2Stage, privateFile } from './stage.js';
import { cli, clockAhead } from './test-terminal.js';

describe('status', () => {
  it('says that nothing is stored', async () => {
    const ran = await cli(['status']);
    expect(ran).toMatchObject({ code: 0, out: '' });
    expect(ran.err).toContain('no token is stored');
  });

  it('shows for whom, a bar for the lifetime, and what renews it; no secret, and needs none', async () => {
    const { args, env, home, secrets } = await oauth2Stage();
    await cli(['token', ...args], { env, home });
    const ran = await cli(['status'], { home });
    expect(ran.out).toMatch(/oauth2 +oauth2 +test-client +http:\S+ +█{10} 5\d m +client_credentials/);
    assertNoSecrets(ran, secrets());
  });

  it('shows the name of a person, and how long ago it expired', async () => {
    const { args, env, home } = await itkdbStage();
    await cli(['token', ...args], { env, home });
    const ran = await cli(['status'], { home, clock: clockAhead(86_400_000 * 3) });
    expect(ran.out).toMatch(/itkdb +itkdb +\S.* ░{10} expired 2 d ago +access codes/);
  });

  it('--json is for programs', async () => {
    const { args, env, home, secrets } = await oauth2Stage();
    await cli(['token', ...args], { env, home });
    const { out } = await cli(['status', '--json'], { home });
    expect(JSON.parse(out)).toMatchObject([{ name: 'oauth2', kind: 'oauth2', subject: 'test-client', sealed: false }]);
    assertNoSecrets(out, secrets());
  });
});

describe('what servers say', () => {
  it('cannot move the cursor of who reads it', async () => {
    const { args, env, home, endpoint } = await oauth2Stage();
    endpoint.answerNext({
      status: 400,
      json: { error: 'invalid_scope', error_description: 'no \u001B[2J\u009B\u202E such' },
    });
    const ran = await cli(['token', ...args], { env, home });
    expect(ran.err).toContain('such');
    for (const character of ['\u001B', '\u009B', '\u202E']) expect(ran.err).not.toContain(character);
  });
});

describe('logout', () => {
  const config = (url: string, revocationUrl?: string): string =>
    JSON.stringify({
      services: {
        api: {
          kind: 'oauth2',
          tokenUrl: url,
          clientId: 'test-client',
          clientSecret: 'env:SECRET',
          grant: 'password',
          username: 'ada',
          password: 'env:PASSWORD',
          revocationUrl,
        },
      },
    });

  async function signedIn(withRevocation = true): Promise<Awaited<ReturnType<typeof oauth2Stage>>> {
    const stage = await oauth2Stage();
    const { url, clientSecret, revocationUrl } = stage.endpoint;
    const text = config(url, withRevocation ? revocationUrl : undefined);
    privateFile(stage.home, 'axios-authorizer.config.json', text);
    const env = { SECRET: clientSecret, PASSWORD: 'ada-has-a-password' };
    expect((await cli(['token', 'api'], { env, home: stage.home })).code).toBe(0);
    return { ...stage, env };
  }

  it('revokes at the server and forgets here; what is asked for next is new', async () => {
    const { home, env, endpoint } = await signedIn();
    const [first = ''] = endpoint.issued;
    expect(await cli(['logout', 'api'], { home, env })).toMatchObject({ code: 0, out: '' });
    expect(endpoint.accepts(first)).toBe(false);
    expect(filesIn(home).filter(({ text }) => text.includes(first))).toEqual([]);
    const again = await cli(['token', 'api'], { home, env });
    expect(again).toMatchObject({ code: 0 });
    expect(again.out.trim()).toBe(endpoint.issued[1]);
  });

  it('forgets although the server is away, and says so with 5', async () => {
    const { home, env, endpoint } = await signedIn();
    await endpoint.close();
    const ran = await cli(['logout', 'api'], { home, env, clock: clockAhead(0) });
    expect(ran.code).toBe(5);
    expect(ran.err).toContain('could not be revoked');
    expect((await cli(['status'], { home })).out).toBe('');
  });

  it('forgets what no configuration names any more', async () => {
    const { home } = await signedIn();
    expect(await cli(['logout', 'api'], { home, cwd: '/' })).toMatchObject({ code: 0 });
    expect((await cli(['status'], { home })).out).toBe('');
  });

  it('--all forgets everything', async () => {
    const { home } = await signedIn();
    expect(await cli(['logout', '--all'], { home, cwd: '/' })).toMatchObject({ code: 0 });
    expect(
      readdirSync(join(home, '.local/state/axios-authorizer/tokens')).filter((name) => !name.endsWith('.lock')),
    ).toEqual([]);
  });

  it('takes a kind with the options that it was used with, and revokes at the server', async () => {
    const { args, env, home, endpoint } = await oauth2Stage();
    const all = [...args, '--revocation-url', endpoint.revocationUrl];
    expect((await cli(['token', ...all], { env, home })).code).toBe(0);
    const ran = await cli(['logout', ...all], { env, home });
    expect(ran).toMatchObject({ code: 0, out: '' });
    expect(ran.err).toContain('signed out of oauth2');
    expect(endpoint.accepts(endpoint.issued[0] ?? '')).toBe(false);
    expect((await cli(['status'], { home })).out).toBe('');
  });

  it('does not say that it signed out where no server was asked', async () => {
    const { home, endpoint } = await signedIn();
    const ran = await cli(['logout', '--all'], { home, cwd: '/' });
    expect(ran.err).toContain('removed here and not revoked: the token of api');
    expect(endpoint.accepts(endpoint.issued[0] ?? '')).toBe(true);
  });

  it('says until when the token is good at a server that knows no revocation, and does not say that it signed out', async () => {
    const { home, env, endpoint } = await signedIn(false);
    const ran = await cli(['logout', 'api'], { home, env });
    expect([ran.code, endpoint.accepts(endpoint.issued[0] ?? '')]).toEqual([0, true]);
    expect(ran.err).toMatch(/not revoked: the token of api .*; the server takes it until 20[\dT:.Z-]+ \(\d+ m\)/);
    expect(ran.err).not.toContain('signed out');
    expect((await cli(['status'], { home })).out).toBe('');
  });

  it('asks nobody for the codes of a login in order to forget it', async () => {
    const { args, env, home } = await itkdbStage();
    const service = { kind: 'itkdb', authUrl: args[2], accessCode1: 'env:ITKDB_ACCESS_CODE1', accessCode2: 'prompt' };
    privateFile(home, 'axios-authorizer.config.json', JSON.stringify({ services: { itk: service } }));
    const answers = [env['ITKDB_ACCESS_CODE2'] ?? ''];
    expect((await cli(['login', 'itk'], { env, home, answers })).code).toBe(0);
    expect(await cli(['logout', 'itk'], { home })).toMatchObject({ code: 0, asked: [] });
  });

  it('takes a name or --all, and not neither', async () => {
    expect((await cli(['logout'])).code).toBe(2);
    expect((await cli(['logout', 'nobody'])).code).toBe(2);
  });
});
