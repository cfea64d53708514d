// How long is a server waited for that takes the connection and says nothing, and who is told?
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { cli, freshFolder, testTerminal } from './test-terminal.js';
import { withProgress } from '../src/terminal/progress.js';
import { whileAsking } from '../src/terminal/prompts.js';
import { afterwards, oauth2Stage, smartStage } from './stage.js';

/** Its URL. */
async function silentServer(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const env = {
  AXIOS_AUTHORIZER_CLIENT_SECRET: 'a-secret-of-this-client',
  AXIOS_AUTHORIZER_PASSWORD: 'a-password-of-this-user',
  ITKDB_ACCESS_CODE1: 'first-code-of-ada',
  ITKDB_ACCESS_CODE2: 'second-code-of-ada',
};
const oauth2 = ['oauth2', '--client-id', 'a'];
const cognito = ['cognito', '--user-pool-id', 'eu-west-1_AbC', '--client-id', 'a', '--username', 'ada'];

describe('--timeout ends the wait for a server that is silent with 5', () => {
  it.each<readonly [what: string, argv: (url: string) => readonly string[]]>([
    ['token oauth2', (url) => ['token', ...oauth2, '--token-url', url]],
    ['token oauth2 with an issuer', (url) => ['token', ...oauth2, '--issuer', url]],
    ['token itkdb', (url) => ['token', 'itkdb', '--auth-url', url]],
    ['token cognito', (url) => ['token', ...cognito, '--endpoint', url]],
    ['login itkdb', (url) => ['login', 'itkdb', '--auth-url', url]],
    ['login cognito', (url) => ['login', ...cognito, '--endpoint', url]],
    ['login by browser', (url) => ['login', ...oauth2, '--issuer', url, '--no-browser']],
    ['login by device code', (url) => ['login', ...oauth2, '--issuer', url, '--device']],
    [
      'login with a password',
      (url) => ['login', ...oauth2, '--token-url', url, '--grant', 'password', '--username', 'a'],
    ],
    ['doctor oauth2', (url) => ['doctor', ...oauth2, '--token-url', url]],
    ['doctor itkdb', (url) => ['doctor', 'itkdb', '--auth-url', url]],
    ['doctor cognito', (url) => ['doctor', ...cognito, '--endpoint', url]],
  ])('%s', async (_what, argv) => {
    const url = await silentServer();
    const ran = await cli([...argv(url), '--timeout', '0.3'], { env: { ...env, ITKDB_API_URL: url } });
    expect([ran.code, ran.out + ran.err]).toEqual([5, expect.stringMatching(/300 ms|0\.3 s/)]);
  });

  it('smart', async () => {
    const { args, home } = await smartStage();
    const at = args.map((word) => (word.startsWith('http') ? '' : word));
    const silent = await silentServer();
    const given = at.map((word) => (word === '' ? silent : word));
    for (const command of ['token', 'login', 'doctor'])
      expect((await cli([command, ...given, '--timeout', '0.3'], { home })).code).toBe(5);
  });

  it('exec, whose own failures are 125', async () => {
    const argv = ['exec', ...oauth2, '--token-url', await silentServer(), '--timeout', '0.3', '--', 'true'];
    const ran = await cli(argv, { env });
    expect([ran.code, ran.err]).toEqual([125, expect.stringContaining('300 ms')]);
  });

  it('logout, which forgets all the same', async () => {
    const { args, env: own, home, endpoint } = await oauth2Stage();
    const argv = [...args, '--revocation-url', await silentServer()];
    const given = { env: own, home };
    await cli(['token', ...argv], given);
    const ran = await cli(['logout', ...argv, '--timeout', '0.3'], given);
    expect([ran.code, endpoint.issued.length > 0]).toEqual([5, true]);
    expect(ran.err).toContain('could not be revoked');
    expect((await cli(['status'], given)).err).toContain('no token is stored');
  });

  it('in a terminal as well, where a person could be asked meanwhile', async () => {
    const argv = ['token', ...oauth2, '--token-url', await silentServer(), '--timeout', '0.3'];
    const ran = await cli(argv, { answers: ['a-secret-of-this-client'] });
    expect([ran.code, ran.asked]).toEqual([5, ["The client's secret:"]]);
  });
});

it.each(['0', '-1', '1e3', '3601', 'ten', ''])('--timeout %j is 2', async (seconds) => {
  const ran = await cli(['token', ...oauth2, '--token-url', 'http://127.0.0.1:1/', '--timeout', seconds], { env });
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('at most 3600')]);
});

it('doctor waits less for a server that has kept silent once, and looks at the rest all the same', async () => {
  const silent = await silentServer();
  const ran = await cli(['doctor', ...oauth2, '--token-url', silent, '--timeout', '0.4'], { env });
  expect(ran.out).toMatch(/^✖ Clock .*0\.4 s$/m);
  expect(ran.out).toMatch(/^✖ Token .*0\.1 s$/m);
});

describe('what takes long', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is not said while a person is asked, is gone before a question is shown, and is said again afterwards', async () => {
    const terminal = testTerminal({ errorScreen: true, home: freshFolder() });
    let answer = (): void => undefined;
    let finish = (): void => undefined;
    const work = withProgress(terminal, 'asking', async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      await whileAsking(terminal.asking, async () => {
        await terminal.stderr.write('Code:');
        await new Promise<void>((resolve) => (answer = resolve));
      });
      await new Promise<void>((resolve) => (finish = resolve));
    });
    await jest.advanceTimersByTimeAsync(1000);
    answer();
    await jest.advanceTimersByTimeAsync(5000);
    expect(terminal.printed().err).toBe('asking …\r\u001B[KCode:');
    answer();
    await jest.advanceTimersByTimeAsync(2000);
    expect(terminal.printed().err).toBe('asking …\r\u001B[KCode:asking …');
    finish();
    await work;
    expect(terminal.printed().err).toBe('asking …\r\u001B[KCode:asking …\r\u001B[K');
  });
});
