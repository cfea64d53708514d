// cognito-local, an emulator that others wrote, in a process of its own with a folder of its own: a second judge of what
// we send. It listens where it likes and says so on its output.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import type { AxiosResponse } from 'axios';

export interface CognitoLocal {
  readonly endpoint: string;
  /** What an operation answers. @throws AxiosError when it is refused */
  ask(operation: string, parameters: object): Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

const listening = /running on (http:\/\/127\.0\.0\.1:\d+)/;

export async function startCognitoLocal(): Promise<CognitoLocal> {
  const folder = await mkdtemp(join(tmpdir(), 'cognito-local-'));
  const child = spawn(process.execPath, [require.resolve('cognito-local/lib/bin/start.js')], {
    cwd: folder, // its data lie in .cognito beneath
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endpoint = `${await originOf(child)}/`;
  return {
    endpoint,
    ask: (operation, parameters) => ask(endpoint, operation, parameters),
    stop: () => stop(child, folder),
  };
}

function originOf(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: unknown): void => {
      output += String(chunk);
      const origin = listening.exec(output)?.[1];
      if (origin !== undefined) resolve(origin);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('close', () => reject(new Error(`cognito-local did not start: ${output.slice(-2_000)}`)));
  });
}

async function ask(
  endpoint: string,
  operation: string,
  parameters: object,
): Promise<Readonly<Record<string, unknown>>> {
  const { data }: AxiosResponse<Record<string, unknown>> = await axios.post(endpoint, JSON.stringify(parameters), {
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
    },
  });
  return data;
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const closed = once(child, 'close');
  if (child.kill()) await closed;
  await rm(folder, { recursive: true, force: true });
}
