// What makes two requests one question: the URL as it is sent, the body, the form of the answer, and who asks.
import { createHash } from 'node:crypto';
import { Axios } from 'axios';
import type { InternalAxiosRequestConfig } from 'axios';
import { stableJson } from '../session/objects.js';

/**
 * A question, less what an answer says that it varies by: without the user two people on one folder would see each other's
 * answers.
 * @throws what a `paramsSerializer` throws
 */
export function questionOf(config: InternalAxiosRequestConfig, user: string): string {
  const { responseType, responseEncoding, decompress } = config;
  const form = { responseType, responseEncoding, decompress };
  return stableJson({ url: sentUrl(config), data: bodyOf(config.data), ...form, user });
}

/** The text under which a storage keeps the answer. */
export function keyOf(question: string, vary?: unknown): string {
  return createHash('sha256')
    .update(stableJson([question, vary]))
    .digest('hex');
}

/** Whether a body can be compared, after the caller's transforms made of it what goes out. */
export function isPlainBody(data: unknown): boolean {
  return data === undefined || data === null || typeof data === 'string' || ArrayBuffer.isView(data);
}

/** As axios writes it, whatever the order of the parameters; those of one name keep theirs. */
function sentUrl({ baseURL, url, allowAbsoluteUrls, paramsSerializer, ...rest }: InternalAxiosRequestConfig): string {
  const params: unknown = rest.params;
  const address = Object.assign<object, object>({}, { baseURL, url, allowAbsoluteUrls, params, paramsSerializer });
  const [sent = ''] = new Axios().getUri(address).split('#');
  const [path = '', ...query] = sent.split('?');
  const pairs = query.join('?').split('&');
  return [path, ...pairs.toSorted(byName)].join(' ');
}

function byName(one: string, other: string): number {
  return Number(nameOf(one) > nameOf(other)) - Number(nameOf(one) < nameOf(other));
}

function nameOf(pair: string): string {
  return pair.split('=')[0] ?? '';
}

/** JSON whatever the order of its members, unless reading it loses something (numbers beyond 2⁵³); anything else as it is. */
function bodyOf(data: unknown): unknown {
  if (ArrayBuffer.isView(data))
    return { bytes: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') };
  if (typeof data !== 'string') return undefined;
  try {
    const json: unknown = JSON.parse(data);
    return JSON.stringify(json) === data ? { json } : { text: data };
  } catch {
    return { text: data };
  }
}
