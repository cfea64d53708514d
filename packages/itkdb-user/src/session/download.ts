// Files of the database: attachments, and what lies in its binary store.
import { ConfigurationError } from '@axios-authorizer/core';
import { asString, recordOf } from '@axios-authorizer/core/extend';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { fileNameIn } from './file-name.js';

/** A file of the database, and what its answer said about it. */
export interface DownloadedFile<Content extends Uint8Array | AsyncIterable<Uint8Array> = Uint8Array> {
  /** As the answer suggests it, without any folder; undefined when it does not. It is whoever uploaded the file that chose it. */
  readonly name: string | undefined;
  /** As the answer says it, with its parameters: "text/plain; charset=UTF-8"; undefined when it does not. */
  readonly type: string | undefined;
  /** The bytes, all of them: a Buffer; as a stream a Readable of Node. */
  readonly content: Content;
}

/** What `download` takes of a request: as for `session.request`. */
export type DownloadRequest = Omit<AxiosRequestConfig<unknown>, 'responseType'>;

/**
 * A file of the database, byte for byte, with its name and type: `getComponentAttachment`, `getShipmentAttachment`,
 * `getTestRunAttachment`, `uu-app-binarystore/getBinaryData` and the like. With `responseType: 'stream'` the content is a
 * stream, for files that are larger than memory.
 * @param request as for `session.request`; its `data` is the command's input
 * @throws ConfigurationError for another `responseType`, and whatever a request throws; a file that is cut off is an axios
 *   error, which a stream emits
 * @example
 * ```ts
 * const session = new Session(); // of the user in the environment
 * const data = { component: 'c1', code: 'bc2eccc5' };
 * const { name, type, content } = await download(session, { url: 'getComponentAttachment', data });
 * const file = new File([new Uint8Array(content)], name ?? 'attachment', { type: type ?? '' });
 * ```
 */
export function download(
  session: AxiosInstance,
  request: DownloadRequest & { readonly responseType: 'stream' },
): Promise<DownloadedFile<AsyncIterable<Uint8Array>>>;
export function download(
  session: AxiosInstance,
  request: DownloadRequest & { readonly responseType?: 'arraybuffer' },
): Promise<DownloadedFile>;
export async function download(
  session: AxiosInstance,
  request: AxiosRequestConfig<unknown>,
): Promise<DownloadedFile<Uint8Array | AsyncIterable<Uint8Array>>> {
  const { responseType = 'arraybuffer', url } = request ?? {};
  if (typeof Reflect.get(Object(session), 'request') !== 'function' || typeof url !== 'string')
    throw new ConfigurationError('download needs a Session, and what to ask of it: { url, data }');
  if (responseType !== 'arraybuffer' && responseType !== 'stream')
    throw new ConfigurationError("download gives bytes, or a stream with `responseType: 'stream'`");
  const { data, headers } = await session.request<Uint8Array | AsyncIterable<Uint8Array>>({
    method: 'get',
    ...request,
    responseType,
  });
  return { name: fileNameIn(headers), type: asString(recordOf(headers)['content-type']), content: data };
}
