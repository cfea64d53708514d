// Two processes share a file, and a person signs in at one of them: is the other held up meanwhile, and does it go on with that
// session? They run the built package, as users do.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { inFolder, startLoopback, until } from '@axios-authorizer/test-kit';
import type { ChildProcess } from 'node:child_process';
import type { LoopbackServer } from '@axios-authorizer/test-kit';

const program = `
  import { Authorizer, deviceCodeSource, publicClient } from '@axios-authorizer/core';
  import { fileTokenStore } from '@axios-authorizer/core/node';
  const [origin, file] = process.argv.slice(1);
  const source = deviceCodeSource({
    deviceAuthorizationUrl: origin + '/device',
    tokenUrl: origin + '/token',
    clientAuth: publicClient({ clientId: 'tool' }),
    onUserCode: ({ userCode }) => process.send(userCode),
  });
  const authorizer = new Authorizer(source, { store: fileTokenStore(file) });
  process.on('message', async ({ force }) => {
    process.send(await authorizer.getToken({ force }).then(({ accessToken }) => accessToken, ({ code }) => code));
  });
  process.on('disconnect', () => process.exit());
  process.send('ready');`;

/** A server of device codes; the person has typed in theirs as soon as they came. */
async function devices(person: { came: boolean }): Promise<LoopbackServer> {
  return startLoopback(({ url }, response) => {
    const code = { device_code: 'd', user_code: 'WDJB-MJHT', verification_uri: 'https://id.example.org', interval: 1 };
    const token = person.came ? { access_token: 'signed-in', expires_in: 300 } : { error: 'authorization_pending' };
    response.setHeader('content-type', 'application/json');
    response.statusCode = url === '/device' || person.came ? 200 : 400;
    response.end(JSON.stringify(url === '/device' ? { ...code, expires_in: 600 } : token));
  });
}

function started(origin: string, folder: string): ChildProcess {
  const args = ['--input-type=module', '-e', program, origin, join(folder, 'token.json')];
  return spawn(process.execPath, args, { cwd: dirname(__dirname), stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

function said(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => void child.once('message', resolve));
}

/** What a process answers when it is asked for a token. */
async function answered(child: ChildProcess, force = false): Promise<unknown> {
  child.send({ force });
  return said(child);
}

it('a person signs in at one process: the other is not held up, asks nobody, and adopts the session (C25)', async () => {
  const person = { came: false };
  const server = await devices(person);
  await inFolder(async (folder) => {
    const [one, other] = [started(server.origin, folder), started(server.origin, folder)];
    expect(await Promise.all([said(one), said(other)])).toEqual(['ready', 'ready']);
    expect(await answered(one, true)).toBe('WDJB-MJHT');
    expect(await answered(other)).toBe('not_authenticated');
    person.came = true;
    expect(await said(one)).toBe('signed-in');
    let found: unknown;
    while (found !== 'signed-in') found = await answered(other); // it looks into the store once a second
    expect(server.requests.filter(({ url }) => url === '/device')).toHaveLength(1);
    for (const child of [one, other]) child.disconnect();
    await until(() => one.exitCode === 0 && other.exitCode === 0, 'the processes to end');
  });
  await server.stop();
});
