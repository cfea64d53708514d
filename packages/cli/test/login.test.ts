// `login`: who is asked what, and what is kept.
import { startLoopback, startOidcProvider, until } from '@axios-authorizer/test-kit';
import { assertNoSecrets } from '@axios-authorizer/testing';
import { browserCommand } from '../src/login/browser-command.js';
import { Interrupted } from '../src/terminal/failure.js';
import { run } from '../src/program.js';
import { afterwards, filesIn, itkdbStage, oauth2Stage } from './stage.js';
import { cli, clockAhead, freshFolder, testTerminal } from './test-terminal.js';
import type { Terminal } from '../src/terminal/terminal.js';

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
      throw new Interrupted();
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

describe('oauth2 in a browser', () => {
  const authorizationUrl = 'http://127.0.0.1:1/authorize';
  /** A browser in which the person agrees at once: it comes back with a code. */
  const agreeing =
    (change: (callback: URL) => void = () => undefined): Terminal['open'] =>
    async (_command, args) => {
      const { searchParams } = new URL(args.at(-1) ?? '');
      const callback = new URL(searchParams.get('redirect_uri') ?? '');
      callback.search = String(new URLSearchParams({ code: 'the-code', state: searchParams.get('state') ?? '' }));
      change(callback);
      void fetch(callback);
      return true;
    };

  it('comes back to a port on loopback, and the session is refreshed by the other commands', async () => {
    const { args, home, endpoint, secrets } = await oauth2Stage({ clientSecret: null });
    const opened: (readonly string[])[] = [];
    const browser = agreeing();
    const open: Terminal['open'] = (command, given) => {
      opened.push([command, ...given]);
      return browser(command, given);
    };
    const signIn = ['login', ...args, '--authorization-url', authorizationUrl, '--scope', 'read'];
    const ran = await cli(signIn, { home, open, platform: 'darwin' });
    expect(ran).toMatchObject({ code: 0, out: '', asked: [] });
    const url = new URL(opened[0]?.at(-1) ?? '');
    expect(opened[0]?.[0]).toBe('open');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ code_challenge_method: 'S256', scope: 'read' });
    expect(ran.err).toContain(url.href); // where no browser opens
    expect(url.searchParams.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    assertNoSecrets(ran, secrets());
    const refreshed = await cli(['token', ...args, '--scope', 'read', '--refresh'], { home, platform: 'darwin' });
    expect(refreshed.out.trim()).toBe(endpoint.issued[1]);
    expect(endpoint.calls.map(({ grantType }) => grantType)).toEqual(['authorization_code', 'refresh_token']);
  });

  it.each([
    ['linux', 'xdg-open'],
    ['darwin', 'open'],
    ['win32', 'rundll32'],
  ] as const)('on %s it is opened by %s, and no shell reads the URL', (platform, command) => {
    const url = 'https://auth.example.org/authorize?state=a&scope=%20b';
    const opened = browserCommand(url, platform);
    expect(opened.command).toBe(command);
    expect(opened.args.at(-1)).toBe(url);
  });

  it('--no-browser opens none, and prints the URL', async () => {
    const { args, home } = await oauth2Stage({ clientSecret: null });
    const terminal = testTerminal({ home, open: () => Promise.reject(new Error('opened')) });
    const running = run(['login', ...args, '--authorization-url', authorizationUrl, '--no-browser'], terminal);
    await until(() => terminal.printed().err.includes(authorizationUrl));
    const url = /http\S+authorize\S+/.exec(terminal.printed().err)?.[0] ?? '';
    await agreeing()('', [url]);
    expect(await running).toBe(0);
  });

  it('a callback that is not ours does not end the wait', async () => {
    const { args, home } = await oauth2Stage({ clientSecret: null });
    const answers: number[] = [];
    const open: Terminal['open'] = async (command, given) => {
      const redirect = new URL(given.at(-1) ?? '').searchParams.get('redirect_uri') ?? '';
      for (const wrong of ['?code=x&state=of-another', '?code=x', '/../favicon.ico'])
        answers.push((await fetch(redirect + wrong)).status);
      answers.push((await fetch(redirect, { method: 'POST' })).status);
      return agreeing()(command, given);
    };
    expect((await cli(['login', ...args, '--authorization-url', authorizationUrl], { home, open })).code).toBe(0);
    expect(answers).toEqual([400, 400, 400, 400]);
  });

  it('a person who declines is 4, and nothing is kept', async () => {
    const { args, home } = await oauth2Stage({ clientSecret: null });
    const open = agreeing((callback) => {
      callback.searchParams.delete('code');
      callback.searchParams.set('error', 'access_denied');
    });
    const ran = await cli(['login', ...args, '--authorization-url', authorizationUrl], { home, open });
    expect(ran).toMatchObject({ code: 4, out: '' });
    expect(filesIn(home)).toEqual([]);
  });

  it('Ctrl-C while the browser is open is 130, and closes the port', async () => {
    const { args, home } = await oauth2Stage({ clientSecret: null });
    const interruption = new AbortController();
    let redirect = '';
    const open: Terminal['open'] = async (_command, given) => {
      redirect = new URL(given.at(-1) ?? '').searchParams.get('redirect_uri') ?? '';
      return true;
    };
    const terminal = testTerminal({ home, open, interrupted: interruption.signal });
    const running = run(['login', ...args, '--authorization-url', authorizationUrl], terminal);
    await until(() => terminal.printed().err.includes(authorizationUrl));
    interruption.abort();
    expect(await running).toBe(130);
    await expect(fetch(redirect)).rejects.toThrow('fetch failed');
  });

  it('nobody who comes back within ten minutes is 4', async () => {
    const { args, home } = await oauth2Stage({ clientSecret: null });
    const clock = { ...clockAhead(0), sleep: async () => undefined };
    const signIn = ['login', ...args, '--authorization-url', authorizationUrl, '--no-browser'];
    const ran = await cli(signIn, { home, clock });
    expect(ran.code).toBe(4);
    expect(ran.err).toContain('--device');
  });

  it('finds the endpoints of an issuer', async () => {
    const { endpoint, home } = await oauth2Stage({ clientSecret: null });
    const server = await startLoopback((_request, response) => {
      const { origin } = server;
      const endpoints = { issuer: origin, authorization_endpoint: `${origin}/authorize`, token_endpoint: endpoint.url };
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(endpoints));
    });
    afterwards(() => server.stop());
    const args = ['oauth2', '--issuer', server.origin, '--client-id', endpoint.clientId];
    expect(await cli(['login', ...args], { home, open: agreeing() })).toMatchObject({ code: 0 });
    expect((await cli(['token', ...args, '--refresh'], { home })).out.trim()).toBe(endpoint.issued[1]);
  });

  it('without an endpoint is 2, and says which option to give', async () => {
    const { args } = await oauth2Stage({ clientSecret: null });
    const ran = await cli(['login', ...args]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('--authorization-url');
    expect((await cli(['login', ...args, '--device'])).err).toContain('--device-authorization-url');
  });
});

describe('oauth2 on another device', () => {
  it('shows a code and where to type it, and waits until it was', async () => {
    const provider = await startOidcProvider();
    afterwards(() => provider.stop());
    const { issuer, nativeClient } = provider;
    const home = freshFolder();
    const args = [
      'oauth2',
      '--issuer',
      issuer,
      '--client-id',
      nativeClient.clientId,
      '--scope',
      'openid offline_access',
    ];
    const terminal = testTerminal({ home, clock: clockAhead(0) });
    const running = run(['login', ...args, '--device'], terminal);
    await until(() => terminal.printed().err.includes('or open'));
    const url = /or open (\S+)/.exec(terminal.printed().err)?.[1] ?? '';
    await provider.confirmDevice({ url });
    expect(await running).toBe(0);
    expect(terminal.printed().err).toMatch(/type [A-Z-]+ \(good for \d+ m\)/);
    expect((await cli(['token', ...args, '--refresh'], { home })).code).toBe(0);
  });

  it('is for oauth2 alone', async () => {
    const { args, env, home } = await itkdbStage();
    expect((await cli(['login', ...args, '--device'], { env, home })).code).toBe(2);
  });
});
