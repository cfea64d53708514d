// A Redis cluster of three masters on loopback ports, made by redis-cli as an administrator makes one: what a key's hash tag
// and a redirected command are good for shows nowhere else.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { killed } from '../processes/programs.js';
import type { ChildProcess } from 'node:child_process';

const execute = promisify(execFile);
const masters = 3;
/** A node listens to the others at its port plus this. */
const busOffset = 10_000;
const host = '127.0.0.1';
const startLimitMs = 20_000;
const lookMs = 20;

export interface RedisCluster {
  /** Where each master answers. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  /** What redis-cli prints for a command to the master at this port. */
  ask(port: number, ...command: readonly string[]): Promise<string>;
  /** Kills the masters and removes their folders. */
  stop(): Promise<void>;
}

/** Starts an empty cluster that keeps nothing on disk but its plan. Rejects where there is no redis-server or redis-cli. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-authorizer-cluster-'));
  const ports = await freePorts();
  const children = await Promise.all(ports.map((port) => launch(join(folder, `${port}`), port)));
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => killed(child)));
    await rm(folder, { recursive: true, force: true });
  };
  const nodes = ports.map((port) => ({ host, port }));
  try {
    await Promise.all(ports.map((port) => until(port, ['ping'], 'PONG')));
    await execute('redis-cli', ['--cluster', 'create', ...ports.map((port) => `${host}:${port}`), '--cluster-yes']);
    for (const port of ports) await until(port, ['cluster', 'info'], 'cluster_state:ok');
    return { nodes, ask, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  await mkdir(folder);
  const quiet = ['--save', '', '--appendonly', 'no', '--dir', folder];
  const args = ['--port', `${port}`, '--bind', host, '--cluster-enabled', 'yes', ...quiet];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  child.on('error', () => undefined); // a program that is missing shows as a server that does not answer
  return child;
}

async function until(port: number, command: readonly string[], expected: string): Promise<void> {
  const deadline = performance.now() + startLimitMs;
  for (;;) {
    const answer = await ask(port, ...command).catch(() => '');
    if (answer.includes(expected)) return;
    if (performance.now() > deadline) throw new Error(`The Redis node at ${port} did not answer ${expected}`);
    await sleep(lookMs);
  }
}

async function ask(port: number, ...command: readonly string[]): Promise<string> {
  return (await execute('redis-cli', ['-h', host, '-p', `${port}`, ...command])).stdout.trim();
}

/** Ports that leave room for the bus above them; the kernel's own choice may be too high. */
async function freePorts(): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < masters) {
    const port = await freePort();
    const isUsable = await Promise.all([port, port + busOffset].map(isFree));
    if (isUsable.every(Boolean) && !ports.includes(port)) ports.push(port);
  }
  return ports;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  server.close();
  await once(server, 'close');
  return port > 65_535 - busOffset ? port - busOffset : port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
