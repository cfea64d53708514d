// What makes two requests one question: URL, parameters, body, the form of the answer, and who asks.
import { createHash } from 'node:crypto';
import type { CacheRequestConfig } from 'axios-cache-interceptor';
import { stableJson } from '../session/objects.js';

/** Who asks for what: without the user two people on one folder would see each other's answers. */
export function keyOf(config: CacheRequestConfig<unknown, unknown>, user: string, vary?: unknown): string {
  const { baseURL, url, responseType, responseEncoding, decompress } = config;
  const form = { responseType, responseEncoding, decompress };
  const question = { baseURL, url, params: paramsOf(config.params), data: bodyOf(config.data), ...form, user, vary };
  return createHash('sha256').update(stableJson(question)).digest('hex');
}

/** Whether a body can be compared, after the caller's transforms made of it what goes out. */
export function isPlainBody(data: unknown): boolean {
  return data === undefined || data === null || typeof data === 'string' || ArrayBuffer.isView(data);
}

function paramsOf(params: unknown): unknown {
  return params instanceof URLSearchParams ? [...params] : params;
}

/** JSON whatever the order of its members; anything else as it is. */
function bodyOf(data: unknown): unknown {
  if (ArrayBuffer.isView(data))
    return { bytes: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') };
  if (typeof data !== 'string') return undefined;
  try {
    return { json: JSON.parse(data) as unknown };
  } catch {
    return { text: data };
  }
}
