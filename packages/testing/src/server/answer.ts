// Clients are judged by how they bear what servers should never send: silence, cut connections, pages instead of JSON,
// bodies without end. An Answer describes one such reply, and a Script says which request gets it.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';

/** One reply. With none of status, json, text, body, hang, reset, trickle it is the normal reply, held, delayed, lost or with headers added. */
export interface Answer {
  /** The HTTP status. Default: 200. */
  readonly status?: number;
  /** Headers to add, or to put in place of its own. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, sent as JSON. */
  readonly json?: unknown;
  /** The body as `text/plain` in UTF-8; goes before `json`. */
  readonly text?: string;
  /** A body that is sent as it is read. */
  readonly body?: Readable;
  /** Hold the answer until this settles, either way. */
  readonly after?: Promise<unknown>;
  /** Real time in milliseconds, for benchmarks and demonstrations; tests use `after`. */
  readonly delayMs?: number;
  /** Never answer. */
  readonly hang?: true;
  /** Destroy the socket after the request was read, without acting on it. */
  readonly reset?: true;
  /** Act on the request, then destroy the socket in place of an answer, so that the client cannot know. */
  readonly lost?: true;
  /** A body of that many bytes, chunked, as fast as it is read. */
  readonly trickle?: number;
}

/** Which request gets which answer; made by {@link script}. */
export interface Script<Ask extends readonly unknown[]> {
  /** Adds to the queue: one answer for each of the next requests; undefined stands for the normal one. */
  next(answers: readonly (Scripted<Ask> | undefined)[]): void;
  /** The answer to every request that finds the queue empty; undefined for the normal one. */
  always(answer: Scripted<Ask> | undefined): void;
  /** The answer for the request that has just arrived; undefined means a normal one. */
  take(...ask: Ask): Answer | undefined;
}

/**
 * An answer, or a function that makes one of the request; where it returns undefined, the request gets the normal
 * answer.
 */
export type Scripted<Ask extends readonly unknown[]> = Answer | ((...ask: Ask) => Answer | undefined);

const chunkBytes = 65_536;

/**
 * A queue of answers for the next requests in order of arrival, and one for when the queue is empty.
 * @example
 * ```ts
 * const answers = script();
 * answers.next([{ status: 503 }, { hang: true }]);
 * answers.take(); // { status: 503 }, for the first request
 * ```
 */
export function script<Ask extends readonly unknown[]>(): Script<Ask> {
  const queue: (Scripted<Ask> | undefined)[] = [];
  let standing: Scripted<Ask> | undefined;
  return {
    next: (answers) => void queue.push(...answers),
    always: (answer) => void (standing = answer),
    take: (...ask) => {
      const answer = queue.length > 0 ? queue.shift() : standing;
      return typeof answer === 'function' ? answer(...ask) : answer;
    },
  };
}

/**
 * Waits as the answer says, then answers: with `answer` itself if it says what, else with what `normal` gives then.
 * @example
 * ```ts
 * const answers = script();
 * await startLoopback((request, response) =>
 *   reply(response, answers.take() ?? {}, () => ({ json: { ok: true } })),
 * );
 * ```
 */
export async function reply(
  response: ServerResponse,
  answer: Answer,
  normal: () => Answer | Promise<Answer>,
): Promise<void> {
  await Promise.allSettled([answer.after]);
  await wait(answer.delayMs);
  if (replaces(answer)) {
    await send(response, answer);
    return;
  }
  const usual = await normal();
  await send(response, { ...usual, ...answer, headers: { ...usual.headers, ...answer.headers } });
}

/**
 * Real time, without keeping the process alive.
 * @example
 * ```ts
 * await wait(20); // milliseconds
 * ```
 */
export async function wait(ms = 0): Promise<void> {
  if (ms > 0) {
    await delay(ms, undefined, { ref: false });
  }
}

/**
 * A body of that many bytes that never has to be in memory at once.
 * @example
 * ```ts
 * await startLoopback((request, response) => stream(response, filler(100 * 1024 * 1024))); // 100 MiB
 * ```
 */
export function filler(bytes: number): Readable {
  return Readable.from(chunks(bytes));
}

/**
 * Sends `body` and swallows the error of a client that leaves before its end.
 * @example
 * ```ts
 * import { createReadStream } from 'node:fs';
 * await startLoopback((request, response) => stream(response, createReadStream('report.pdf')));
 * ```
 */
export async function stream(response: ServerResponse, body: Readable): Promise<void> {
  await pipeline(body, response).catch(() => undefined);
}

async function send(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer.hang === true) {
    return;
  }
  if (answer.reset === true || answer.lost === true) {
    response.socket?.destroy();
    return;
  }
  response.statusCode = answer.status ?? 200;
  response.setHeader('content-type', answer.text === undefined ? 'application/json' : 'text/plain; charset=utf-8');
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    response.setHeader(name, value);
  }
  const body = answer.trickle === undefined ? answer.body : filler(answer.trickle);
  await (body === undefined ? response.end(asString(answer)) : stream(response, body));
}

function replaces(answer: Answer): boolean {
  const { status, json, text, body, hang, reset, trickle } = answer;
  return [status, json, text, body, hang, reset, trickle].some((part) => part !== undefined);
}

function asString(answer: Answer): string {
  return answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json));
}

function* chunks(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= chunkBytes) {
    yield Buffer.alloc(Math.min(left, chunkBytes), 'x');
  }
}
