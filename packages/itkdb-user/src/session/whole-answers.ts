// What should be JSON and is not is an error, as in the original: a page of a gateway with status 200, or half an answer. It
// lies beneath the cache, so that nothing keeps such an answer.
import { AxiosError } from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Layer, LayerAdapter } from './layers.js';
import { askedBy, jsonIn, otherThanJson, pageIn } from './listing.js';
import { SUCCESS_STATUSES } from './status-exceptions.js';

/** The code of the axios error that becomes a `BadJSON`. */
export const BAD_JSON = 'ERR_BAD_JSON';

/** What these hand over is a file, which may be of JSON and broken. */
const FILES = /(?:uu-app-binarystore\/getBinaryData|get(?:Batch|Component|Shipment|TestRun)Attachment)\/?$/;

/** @param isOurs whether a request goes to the database; the answers of others are not looked at */
export function wholeAnswers(isOurs: (config: InternalAxiosRequestConfig) => boolean): Layer {
  const answer: LayerAdapter = async (config, next) => {
    const response = await next(config);
    const fault = isOurs(config) && SUCCESS_STATUSES.has(response.status) ? faultOf(response, config) : undefined;
    if (fault === undefined) return response;
    throw new AxiosError(fault, BAD_JSON, config, undefined, response);
  };
  return () => answer;
}

function faultOf({ data, headers }: AxiosResponse<unknown>, config: InternalAxiosRequestConfig): string | undefined {
  const asked = askedBy(config);
  if (asked === undefined && !isJsonDue({ data, headers }, config)) return undefined;
  const json = jsonIn(data);
  if (json === undefined) return otherThanJson(headers, data);
  const page = asked && pageIn(json.value, asked);
  return typeof page === 'string' ? page : undefined;
}

type Came = Pick<AxiosResponse<unknown>, 'data' | 'headers'>;

/** As in the original: an answer of no length is none. */
function isJsonDue({ data, headers }: Came, { method, responseType, url = '' }: InternalAxiosRequestConfig): boolean {
  if (typeof data !== 'string' || method?.toLowerCase() === 'head' || FILES.test(url.split(/[?#]/)[0] ?? ''))
    return false;
  if (data === '' && headers['content-length'] === '0') return false;
  const isNamed = /^application\/json\b/i.test(String(headers['content-type'] ?? ''));
  return responseType === 'json' || (responseType === undefined && isNamed);
}
