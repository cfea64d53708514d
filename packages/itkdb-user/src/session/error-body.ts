// An error that answers a request for a stream comes as a stream, too: it is read, so that what the database says is told.
import type { AxiosResponse } from 'axios';
import { isObjectLike } from './objects.js';

const MOST_BYTES = 1_048_576;
const LIMIT_MS = 10_000;

/** Puts the text of a stream in its place, as far as it comes before the caller leaves. */
export async function readErrorBody(response: AxiosResponse<unknown>): Promise<void> {
  const { data: stream, config } = response;
  if (!isReadable(stream)) return;
  const end = (): void => void stream.destroy();
  const timer = setTimeout(end, LIMIT_MS);
  const { signal } = config ?? {};
  if (signal?.aborted) end();
  signal?.addEventListener?.('abort', end);
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk));
      if (chunks.reduce((sum, { length }) => sum + length, 0) > MOST_BYTES) break;
    }
  } catch {
    // what has come is told
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener?.('abort', end);
  }
  response.data = Buffer.concat(chunks).toString();
}

interface ReadableBody extends AsyncIterable<Uint8Array | string> {
  destroy(): unknown;
}

function isReadable(data: unknown): data is ReadableBody {
  return isObjectLike(data) && typeof data['destroy'] === 'function' && Symbol.asyncIterator in data;
}
