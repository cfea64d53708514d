// What a lock in Redis promises can only be seen on a real Redis: Debian's redis-server, on a unix socket of its own in a
// folder of its own, so that no port clashes and nothing is left behind. It can be killed, started anew, and stopped dead.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killed } from '../processes/programs.js';
import type { ChildProcess } from 'node:child_process';

const startLimitMs = 10_000;
const lookMs = 5;

export interface RedisServer {
  /** Path of the unix socket. */
  readonly socket: string;
  /** Ends the process at once, as a crash would; what it held is gone. */
  kill(): Promise<void>;
  /** Kills it if it runs, and starts it empty at the same socket. */
  restart(): Promise<void>;
  /** Connections stay open, nothing is answered until `resume`. */
  pause(): void;
  resume(): void;
  /** Kills it and removes its folder. */
  stop(): Promise<void>;
}

/** Whether this machine has a redis-server. */
export function hasRedisServer(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts an empty redis-server that keeps nothing on disk. Rejects where there is none. */
export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-authorizer-redis-'));
  const socket = join(folder, 'redis.sock');
  let child = await launch(folder, socket);
  const kill = async (): Promise<void> => killed(child);
  return {
    socket,
    kill,
    restart: async () => {
      await kill();
      child = await launch(folder, socket);
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string, socket: string): Promise<ChildProcess> {
  await rm(socket, { force: true });
  const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  child.on('error', () => undefined); // a program that is missing shows as a server that does not answer
  const deadline = performance.now() + startLimitMs;
  while (!(await answers(socket))) {
    if (child.exitCode !== null || child.pid === undefined || performance.now() > deadline)
      throw new Error('redis-server did not start; is it installed (apt-get install redis-server)?');
    await sleep(lookMs);
  }
  return child;
}

async function answers(socket: string): Promise<boolean> {
  if (!existsSync(socket)) return false;
  const connection = createConnection(socket);
  try {
    await once(connection, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    connection.destroy();
  }
}
