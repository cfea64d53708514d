// An adapter that sends nothing: it keeps what it was given, so that a test can see what would have gone out and where to.
import { AxiosError } from 'axios';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';

export interface Capture {
  readonly adapter: AxiosAdapter;
  readonly sent: InternalAxiosRequestConfig[];
}

/** Answers with `statuses` in turn, then with 200; 400 and above are rejections, as axios's own adapters make them. */
export function capture(...statuses: readonly number[]): Capture {
  const sent: InternalAxiosRequestConfig[] = [];
  const left = [...statuses];
  const adapter: AxiosAdapter = async (config) => {
    sent.push(config);
    const status = left.shift() ?? 200;
    const response: AxiosResponse = { data: '', status, statusText: '', headers: {}, config };
    if (status < 400) return response;
    throw new AxiosError(`Request failed with status code ${status}`, 'ERR_BAD_REQUEST', config, {}, response);
  };
  return { adapter, sent };
}
