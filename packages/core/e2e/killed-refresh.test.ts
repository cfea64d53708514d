// Processes that refresh one rotating token without end are killed at any moment: is the store always whole, is every token
// that was handed out still known, and does the next process go on at once? They run the built package, as users do.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileTokenStore } from '@axios-authorizer/core/node';
import { inFolder } from '@axios-authorizer/test-kit';
import type { ChildProcess } from 'node:child_process';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** More of them: KILLS=200. */
const kills = Number(process.env['KILLS'] ?? 10);
const patienceMs = 30_000 + kills * 3_000;
/** A killed process's lease of 10 s would hold up the next for longer; a start on a busy machine does not. */
const atOnceMs = 5_000;
const mostTurns = 2_000;

const program = `
  import { Authorizer, publicClient, passwordSource } from '@axios-authorizer/core';
  import { fileTokenStore } from '@axios-authorizer/core/node';
  const [tokenUrl, file] = process.argv.slice(1);
  const source = passwordSource({ tokenUrl, clientAuth: publicClient({ clientId: 'client' }), username: 'u', password: 'p' });
  const authorizer = new Authorizer(source, { store: fileTokenStore(file) });
  process.send({ ready: true });
  process.once('message', async () => {
    for (;;) {
      const { refreshToken } = await authorizer.getToken({ force: true });
      process.send({ refreshToken });
    }
  });`;

/** Signs in, rotates, and revokes the family whose refresh token is used twice. */
class Families {
  signIns = 0;
  reuses = 0;
  readonly #current = new Map<string, string>();
  #serial = 0;

  answer(form: URLSearchParams): object {
    const presented = form.get('refresh_token');
    if (presented === null) return this.#issue(`${(this.signIns += 1)}`);
    const family = presented.split('-')[1] ?? '';
    if (this.#current.get(family) === presented) return this.#issue(family);
    if (this.#current.delete(family)) this.reuses += 1;
    return { error: 'invalid_grant' };
  }

  #issue(family: string): object {
    const serial = (this.#serial += 1);
    const refreshToken = `refresh-${family}-${serial}`;
    this.#current.set(family, refreshToken);
    const common = { token_type: 'Bearer', expires_in: 3_600 };
    return { ...common, access_token: `access-${serial}`, refresh_token: refreshToken };
  }
}

async function serve(families: Families): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = families.answer(new URLSearchParams(Buffer.concat(chunks).toString()));
      response.writeHead('error' in answer ? 400 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, server };
}

interface Told {
  readonly refreshToken?: string;
}

/** A process that is ready, and begins when it is sent a message. */
async function ready(url: string, file: string): Promise<ChildProcess> {
  const args = ['--input-type=module', '-e', program, url, file];
  const child = spawn(process.execPath, args, {
    cwd: dirname(__dirname),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await messageOf(child);
  return child;
}

/** @throws when the process ends instead */
async function messageOf(child: ChildProcess): Promise<Told> {
  const [told] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [Told | number | null];
  if (told === null || typeof told === 'number') throw new Error('The process ended by itself');
  return told;
}

/** Begins, and waits for the first token; then keeps the last that was told. */
async function begun(child: ChildProcess): Promise<{ told: Told; ms: number }> {
  const startedAt = performance.now();
  child.send('begin');
  const told = await messageOf(child);
  const state = { told, ms: performance.now() - startedAt };
  child.on('message', (message: Told) => (state.told = message));
  return state;
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  for (let turns = randomInt(mostTurns); turns > 0; turns -= 1) await turn();
  child.kill('SIGKILL');
  await ended;
}

function serialOf(refreshToken: string | undefined): number {
  return Number(refreshToken?.split('-')[2] ?? Number.NaN);
}

async function killAll(url: string, file: string): Promise<number> {
  let slowestMs = 0;
  let current = await ready(url, file);
  for (let count = 0; count < kills; count += 1) {
    const state = await begun(current);
    if (count > 0) slowestMs = Math.max(slowestMs, state.ms);
    const next = await ready(url, file);
    await killed(current);
    const stored = await fileTokenStore(file).load();
    expect(serialOf(stored?.refreshToken)).toBeGreaterThanOrEqual(serialOf(state.told.refreshToken));
    current = next;
  }
  slowestMs = Math.max(slowestMs, (await begun(current)).ms);
  await killed(current);
  return slowestMs;
}

it(
  'whenever the process that refreshes is killed, the store is whole, nothing that was handed out is lost, the next goes on at once, and only a lost answer costs a sign-in (C6)',
  () =>
    inFolder(async (folder) => {
      const families = new Families();
      const { url, server } = await serve(families);
      try {
        expect(await killAll(url, join(folder, 'token.json'))).toBeLessThan(atOnceMs);
      } finally {
        server.closeAllConnections();
        server.close();
      }
      expect(families.signIns).toBeLessThanOrEqual(1 + families.reuses);
      const left = await readdir(folder);
      expect(left).toContain('token.json');
      expect(left.filter((name) => name.endsWith('.new')).length).toBeLessThanOrEqual(1); // the last one's
    }),
  patienceMs,
);
