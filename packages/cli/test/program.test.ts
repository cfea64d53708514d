// What holds for every command: how it ends, and what it says when it fails.
import { withProgress } from '../src/terminal/progress.js';
import { cli, testTerminal } from './test-terminal.js';

it('shows its commands and its version on stdout', async () => {
  const help = await cli(['--help']);
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain('Exit codes:');
  expect(await cli(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' });
});

it('a command that does not exist ends with 2 and names the nearest', async () => {
  const ran = await cli(['tokn']);
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toContain('token');
});

it('a secret that was given as an argument is not repeated, and the error says where it belongs', async () => {
  const ran = await cli(['token', 'oauth2', '--client-secret=hunter2hunter2']);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('A secret is no argument');
  expect(ran.err).not.toContain('hunter2');
});

it('an option that only sounds like a secret is an unknown option', async () => {
  const ran = await cli(['status', '--token-url', 'https://auth.example.org']);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain("unknown option '--token-url'");
  expect(ran.err).not.toContain('A secret is no argument');
});

it.each(['--client-secret', '--password', '--access-token', '--api-key'])(
  '%s is a secret, with and without =',
  async (option) => {
    for (const args of [[`${option}=hunter2hunter2`], [option, 'hunter2hunter2']]) {
      const ran = await cli(['status', ...args]);
      expect(ran.err).toContain('A secret is no argument');
      expect(ran.err).not.toContain('hunter2');
    }
  },
);

it('advice names what can be typed, not the option of a function', async () => {
  const plain = await cli(['token', 'oauth2', '--client-id', 'a', '--token-url', 'http://auth.example.org/token'], {
    env: { AXIOS_AUTHORIZER_CLIENT_SECRET: 'hunter2hunter2' },
  });
  expect(plain).toMatchObject({ code: 2, out: '' });
  expect(plain.err).toContain('--allow-insecure');
});

it.each(['ftp://auth.example.org/token', 'javascript:alert(1)'])('%s is no URL of a server', async (url) => {
  const ran = await cli(['token', 'oauth2', '--client-id', 'a', '--token-url', url]);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('http or https');
});

describe('what takes longer than a second', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is said, and gone when it is done or Ctrl-C ends it', async () => {
    for (const way of ['done', 'Ctrl-C']) {
      const interruption = new AbortController();
      const terminal = testTerminal({ errorScreen: true, interrupted: interruption.signal });
      let finish = (): void => undefined;
      const work = withProgress(terminal, 'asking', () => new Promise<void>((resolve) => (finish = resolve)));
      jest.advanceTimersByTime(1000);
      expect(terminal.printed().err).toBe('asking …');
      if (way === 'Ctrl-C') interruption.abort();
      else finish();
      if (way === 'done') await work;
      expect(terminal.printed().err).toBe('asking …\r\u001B[K');
    }
  });

  it('is not said when it is over before', async () => {
    const terminal = testTerminal({ errorScreen: true });
    await withProgress(terminal, 'asking', async () => undefined);
    jest.advanceTimersByTime(2000);
    expect(terminal.printed().err).toBe('');
  });
});
