// Servers that Jest's module loader cannot carry run in a process of their own. This is the thread to such a process:
// start it, wait for its first message, ask it things by name, and end it without a trace.

import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { ChildProcess } from 'node:child_process';

/** A process that says `Ready` when it is, and has an answer to each question that `Answers` names. */
export interface ChildServer<Ready, Answers> {
  readonly ready: Ready;
  /** Asks the process; rejects with its error message, or when it has ended. */
  ask<Name extends keyof Answers>(name: Name, argument?: unknown): Promise<Answers[Name]>;
  stop(): Promise<void>;
}

interface Reply<Value> {
  readonly id: number;
  readonly value: Value;
  readonly error?: string;
}

// Enough for a stack trace.
const keptErrorOutput = 4_000;
const ended = 'The server process has ended';

/** Runs `script` with `settings` as JSON in its first argument, and waits for the message that says it is ready. */
export async function startChild<Ready, Answers>(
  script: string,
  settings: unknown,
): Promise<ChildServer<Ready, Answers>> {
  const child = fork(script, [JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
  const ready = await firstMessage<Ready>(child);
  const questions = new Questions<Answers>(child);
  return { ready, ask: (name, argument) => questions.ask(name, argument), stop: () => stop(child) };
}

/** Matches the answers of a process to the questions that were put to it. */
class Questions<Answers> {
  readonly #child: ChildProcess;
  readonly #replies = new EventEmitter();
  #count = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#replies.setMaxListeners(0);
    child.on('message', (reply: Reply<unknown>) => this.#replies.emit(`${reply.id}`, reply));
    child.once('exit', () => this.#rejectAll());
  }

  ask<Name extends keyof Answers>(name: Name, argument: unknown): Promise<Answers[Name]> {
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve, reject) => {
      if (!this.#child.connected) {
        reject(new Error(ended));
        return;
      }
      this.#replies.once(`${id}`, ({ value, error }: Reply<Answers[Name]>) => {
        if (error === undefined) {
          resolve(value);
        } else {
          reject(new Error(error));
        }
      });
      this.#child.send({ id, name, argument });
    });
  }

  #rejectAll(): void {
    for (const id of this.#replies.eventNames()) {
      this.#replies.emit(id, { error: ended });
    }
  }
}

function firstMessage<Ready>(child: ChildProcess): Promise<Ready> {
  let errorOutput = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errorOutput = (errorOutput + chunk).slice(-keptErrorOutput);
  });
  return new Promise((resolve, reject) => {
    const failed = (): void => reject(new Error(`The server process did not start: ${errorOutput}`));
    child.once('close', failed);
    child.once('error', reject);
    child.once('message', (message: Ready) => {
      child.off('close', failed);
      resolve(message);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const closed = once(child, 'close');
  child.kill();
  await closed;
}
