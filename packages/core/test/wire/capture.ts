// An adapter that sends nothing: it keeps what it was given, so that a test can see what would have gone out and where to.
import { AxiosError } from 'axios';
import type { AxiosAdapter, AxiosInstance, AxiosRequestConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { Authorizer } from '../../src/index.js';

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

/** An authorizer that always has the same token. */
export function always(accessToken: string): Authorizer {
  return new Authorizer(async () => Promise.resolve(accessToken));
}

/** The Authorization that a GET of `url` would carry. */
export async function bearerOf(client: AxiosInstance, url: string, config: AxiosRequestConfig = {}): Promise<unknown> {
  const { adapter, sent } = capture();
  await client.get(url, { adapter, ...config });
  return sent[0]?.headers.get('Authorization');
}
