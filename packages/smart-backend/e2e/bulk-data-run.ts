// Runs the bulk-data example the way people do: as a program of its own, with a key in a file, against a server that is
// strict. Its functions are ES modules, so where one of them is asked alone it is asked in a process of its own too.
import { generateEcKeyPair, publicJwks } from '@axios-authorizer/smart-backend';
import { startSmartServer } from '@axios-authorizer/test-kit';
import type { SmartBulkOptions, SmartServer, SmartServerOptions } from '@axios-authorizer/test-kit';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const example = join(__dirname, '../../../examples/bulk-data');
const clientId = 'bulk-tests';
/** Far above what a run takes, far below the five minutes that a misread Retry-After would cost. */
const patienceMs = 20_000;

interface Ended {
  /** The exit code; null for one who had to be killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run {
  readonly ended: Promise<Ended>;
  /** What it wrote to its output so far. */
  readonly printed: () => string;
  readonly interrupt: () => void;
}

export interface Place {
  readonly server: SmartServer;
  readonly folder: string;
  /** What may not be printed: the private key and every token so far. */
  readonly secrets: () => readonly string[];
  /** Begins the example with these further arguments. */
  readonly begin: (...args: readonly string[]) => Run;
  /** Runs it to its end. */
  readonly run: (...args: readonly string[]) => Promise<Ended>;
  /** What lies in the output directory, by name. */
  readonly names: () => readonly string[];
  readonly content: (name: string) => string;
}

/** Gives `work` a server, a key that it knows and an empty folder, and takes all of them away afterwards. */
export async function withServer(
  bulk: SmartBulkOptions,
  work: (place: Place) => Promise<void>,
  options: SmartServerOptions = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bulk-data-'));
  const keys = await generateEcKeyPair(join(folder, 'keys'));
  const clients = [{ clientId, jwks: await publicJwks(keys) }];
  const server = await startSmartServer({ clients, bulk: { polls: 0, ...bulk }, ...options });
  try {
    await work(placeOf(server, folder, String(keys.privateJwk['d'])));
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function placeOf(server: SmartServer, folder: string, privateKey: string): Place {
  const out = join(folder, 'out');
  const known = ['--base-url', server.baseUrl, '--client-id', clientId, '--keys', join(folder, 'keys')];
  const begin = (...args: readonly string[]): Run => beginProgram([...known, '--out', out, ...args], folder);
  return {
    server,
    folder,
    secrets: () => [privateKey, ...server.issued],
    begin,
    run: (...args) => begin(...args).ended,
    names: () => (existsSync(out) ? readdirSync(out).toSorted() : []),
    content: (name) => readFileSync(join(out, name), 'utf8'),
  };
}

/** The example with nothing but these arguments, in `cwd`. */
export function beginProgram(args: readonly string[], cwd: string): Run {
  return startNode([join(example, 'bulk-data.mjs'), ...args], cwd);
}

/** What `script`, a module in the example's folder, writes to its output as JSON. */
export async function evaluate(script: string): Promise<unknown> {
  const { code, stdout, stderr } = await startNode(['--input-type=module', '-e', script], example).ended;
  if (code !== 0) throw new Error(`The script ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

function startNode(args: readonly string[], cwd: string): Run {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, args, { cwd, stdio, timeout: patienceMs, killSignal: 'SIGKILL' });
  const printed = collect(child.stdout);
  const complained = collect(child.stderr);
  const ended = endOf(child).then((code) => ({ code, stdout: printed(), stderr: complained() }));
  return { ended, printed, interrupt: () => void child.kill('SIGINT') };
}

function collect(stream: Readable): () => string {
  let all = '';
  stream.setEncoding('utf8').on('data', (piece: string) => (all += piece));
  return () => all;
}

function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<number | null> {
  return new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
}

/** How many resources a file holds. */
export function linesOf(content: string): number {
  return content.split('\n').filter((line) => line !== '').length;
}
