// What can be read only once.
import { isObject, recordOf } from './records.js';

/** As far as it matters here. */
export interface NodeStream {
  readonly pipe: unknown;
  readonly destroy?: () => void;
  readonly on?: (event: string | symbol, heard: (news: unknown) => void) => unknown;
}

export function isNodeStream(value: unknown): value is NodeStream {
  return typeof recordOf(value)['pipe'] === 'function';
}

export function isWebStream(value: unknown): value is ReadableStream {
  return typeof recordOf(value)['getReader'] === 'function';
}

/** Whether a body is used up once it was sent. */
export function isStream(value: unknown): boolean {
  return isNodeStream(value) || isWebStream(value) || (isObject(value) && Symbol.asyncIterator in value);
}
