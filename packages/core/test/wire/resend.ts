// One request that meets a 401 and is retried, as the API saw it: the refused sending, the resend, and for comparison the
// same request from an axios client that knows nothing of us.
import axios from 'axios';
import type { AxiosRequestConfig } from 'axios';
import type { Received } from '@axios-authorizer/test-kit';
import type { Stage } from './world.js';

export interface Sendings {
  readonly plain: Sending;
  readonly refused: Sending;
  readonly resent: Sending;
}

/** What arrived, without what must differ: the token, and the random boundary of a multipart body. */
export interface Sending {
  readonly line: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export interface RequestMaker {
  (): AxiosRequestConfig;
}

/** Sends what `make` makes, twice: through a plain client, and through ours while the token is refused once. */
export async function sendings({ world }: Stage, make: RequestMaker, path = ''): Promise<Sendings> {
  const { client, api, idp } = await world({ attach: {} });
  await client.get('/first');
  const baseURL = api.origin + path;
  await axios.request({ baseURL, ...make(), validateStatus: null });
  idp.revokeAll();
  const { status } = await client.request({ baseURL, ...make() });
  const [, plain, refused, resent, more] = api.requests;
  if (status !== 200 || !plain || !refused || !resent || more) throw new Error('Expected a 401 and a 200');
  if (refused.headers.authorization === resent.headers.authorization) throw new Error('Expected another token');
  return { plain: describe(plain), refused: describe(refused), resent: describe(resent) };
}

function describe({ method, url, headers, body }: Received): Sending {
  const { authorization: _token, ...others } = headers;
  const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1];
  const neutral = (text: string): string => (boundary === undefined ? text : text.replaceAll(boundary, 'BOUNDARY'));
  const shown = { ...others, ...(boundary && { 'content-type': neutral(headers['content-type'] ?? '') }) };
  return { line: `${method} ${url}`, headers: shown, body: neutral(body.toString('latin1')) };
}
