// Who holds a lock, and whether it still runs. A process is known by its pid and the moment at which it started, since pids
// are given out again; only Linux tells that moment (proc(5), /proc/pid/stat). Of another machine nothing is known, nor of
// another pid namespace: containers that share a folder do not see each other's processes.
import { createHash, randomBytes } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { recordOf, parseObject } from '../internal/records.js';

/** dead: it will never come back; unknown: only the age of its lease can tell. */
export type Fate = 'alive' | 'dead' | 'unknown';

export interface LockOwner {
  /** machine-pid-startedAt-random: safe in a file name, and never used twice. */
  readonly id: string;
  readonly machine: string;
  readonly pid: number;
  /** In clock ticks since the machine was started; empty where nobody tells. */
  readonly startedAt: string;
}

const ID = /^(?<machine>[0-9a-f]{8})-(?<pid>\d+)-(?<startedAt>\d*)-[0-9a-f]{12}$/;
const MACHINE_LENGTH = 8;
const RANDOM_BYTES = 6;
/** Fields of /proc/pid/stat, counted from the one behind the command, which may itself hold blanks and brackets. */
const STATE = 0;
const START_TIME = 19;
/** A zombie has ended, although its parent has not yet asked how; X: dead. */
const ENDED = ['Z', 'X'];

export async function newOwner(): Promise<LockOwner> {
  const machine = await thisMachine();
  const startedAt = (await statOf(process.pid))?.[START_TIME] ?? '';
  const id = [machine, process.pid, startedAt, randomBytes(RANDOM_BYTES).toString('hex')].join('-');
  return { id, machine, pid: process.pid, startedAt };
}

/** The owner that an id tells of, or undefined. */
export function ownerOf(id: string): LockOwner | undefined {
  const { machine, pid, startedAt } = ID.exec(id)?.groups ?? {};
  if (machine === undefined || startedAt === undefined) return undefined;
  return { id, machine, pid: Number(pid), startedAt };
}

/** What stands in a lock file. */
export function ownerAsText({ id }: LockOwner): string {
  return `${JSON.stringify({ id })}\n`;
}

/** @returns undefined for what is no lock file of ours */
export function ownerFromText(text: string): LockOwner | undefined {
  return ownerOf(String(parseObject(text)?.['id']));
}

export async function fateOf({ machine, pid, startedAt }: LockOwner): Promise<Fate> {
  if (machine !== (await thisMachine())) return 'unknown';
  if (!isRunning(pid)) return 'dead';
  const stat = startedAt === '' ? undefined : await statOf(pid);
  if (stat === undefined) return 'unknown';
  return stat[START_TIME] === startedAt && !ENDED.includes(stat[STATE] ?? '') ? 'alive' : 'dead';
}

async function thisMachine(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  const digest = createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex');
  return digest.slice(0, MACHINE_LENGTH);
}

/** Undefined where it cannot be read, if only because too many files are open. */
async function statOf(pid: number): Promise<readonly string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return recordOf(error)['code'] !== 'ESRCH';
  }
}
