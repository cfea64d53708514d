// XMLHttpRequest follows redirects unseen, and a browser takes only Authorization off them. So where further headers of ours
// go along, a page's request is sent by fetch (C9); what fetch does otherwise is refused, or made the same.
import { AxiosError, isAxiosError } from 'axios';
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { adapterOf } from './request-config.js';
import { ConfigurationError } from '../token/errors/errors.js';

/**
 * The fetch adapter, made to time out as xhr does.
 * @param names our headers
 * @returns undefined where the platform has no fetch that can stop at a redirect (jest-jsdom, React Native)
 * @throws ConfigurationError for what fetch cannot do as xhr does
 */
export function fetchForXhr(copy: InternalAxiosRequestConfig, names: readonly string[]): AxiosAdapter | undefined {
  const send = fetchAdapter(copy);
  if (send === undefined) return undefined;
  const wish = wishBeyondFetch(copy);
  if (wish === undefined) return (config) => send(config).catch((error: unknown) => timedOutAsXhr(error, config));
  const header = names.find((name) => name.toLowerCase() !== 'authorization');
  throw new ConfigurationError(
    `XMLHttpRequest would carry ${header} along redirects, and fetch cannot do ${wish}: leave it out; or, if the API redirects to nobody else, say browserRedirects: 'trust'`,
  );
}

function fetchAdapter(copy: InternalAxiosRequestConfig): AxiosAdapter | undefined {
  const { Request } = globalThis;
  if (typeof Request === 'function' && !('redirect' in Request.prototype)) return undefined;
  try {
    return adapterOf('fetch', copy);
  } catch {
    return undefined;
  }
}

function wishBeyondFetch(config: InternalAxiosRequestConfig): string | undefined {
  if (config.onUploadProgress) return '`onUploadProgress`';
  if (config.responseType === 'document') return "`responseType: 'document'`";
  return config.withCredentials === false ? '`withCredentials: false`' : undefined;
}

/** @throws the error, a timeout with the code and the message of the xhr adapter */
function timedOutAsXhr(error: unknown, config: InternalAxiosRequestConfig): never {
  if (!isAxiosError(error) || error.code !== AxiosError.ETIMEDOUT) throw error;
  const { timeoutErrorMessage, transitional } = config;
  if (!transitional?.clarifyTimeoutError) error.code = AxiosError.ECONNABORTED;
  if (timeoutErrorMessage) error.message = timeoutErrorMessage;
  throw error;
}
