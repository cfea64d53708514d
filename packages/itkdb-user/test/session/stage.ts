// What the tests of sessions, cache and pages share beside the world: limits for what must not hang, adapters that send
// nothing, and the small ways of looking at answers.
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';

/** Far beyond what anything on loopback takes, and short of the runner's own limit. */
const limitMs = 8_000;

/** The promise, or an error when it hangs. */
export async function settled<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('It hangs')), limitMs);
  });
  try {
    return await Promise.race([promise, hangs]);
  } finally {
    clearTimeout(timer);
  }
}

/** How a promise ends: the name of the error, or the status. */
export function endOf(promise: Promise<AxiosResponse>): Promise<string | number> {
  return settled(promise).then(
    ({ status }) => status,
    (error: Error) => (error.message === 'It hangs' ? error.message : error.name),
  );
}

export interface Offline {
  readonly sent: InternalAxiosRequestConfig[];
  readonly adapter: AxiosAdapter;
}

/** An adapter that answers by itself, so that nothing leaves this machine. */
export function offline(data: unknown = {}): Offline {
  const sent: InternalAxiosRequestConfig[] = [];
  const adapter: AxiosAdapter = (config) => {
    sent.push(config);
    return Promise.resolve({ data, status: 200, statusText: 'OK', headers: {}, config });
  };
  return { sent, adapter };
}

/** `{ dtoIn, made, … }` of the database's answer. */
export interface Made {
  readonly made: number;
  readonly dtoIn: unknown;
  readonly askedBy: string;
}

/** All that is left in an iterator. */
export async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
