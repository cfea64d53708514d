// Decides whether a body can be sent a second time, byte for byte, and makes it anew where it must be.
import type { InternalAxiosRequestConfig } from 'axios';
import { copyHeaders } from './headers.js';
import type { Headers } from './headers.js';
import { isWhole } from './http/http-adapter.js';
import { recordOf, ownProperty, asString } from '../internal/records.js';
import { transformersOf } from './http/raw-body.js';
import type { RawBody } from './http/raw-body.js';
import { isStream, isWebStream } from '../internal/streams.js';

export interface Body {
  readonly data: unknown;
  readonly headers: Headers;
}

/** A reason, in words for the caller, why a body is spent. */
export type Spent = string;

/** The body for a second sending, or why there is none. */
export async function bodyAgain(config: InternalAxiosRequestConfig, raw: RawBody | undefined): Promise<Body | Spent> {
  const data: unknown = config.data;
  const resendBody = ownProperty(config, 'resendBody');
  if (resendBody) return madeAnew(config, resendBody);
  if (!isStream(data)) return { data, headers: config.headers };
  if (raw && isWhole(raw)) return transformed(config, raw.value);
  const what = isWebStream(data) ? 'a web stream' : 'a stream';
  return `the request body is ${what} and was used up; give the request \`resendBody: () => body\` to have it sent again`;
}

async function madeAnew(config: InternalAxiosRequestConfig, resendBody: () => unknown): Promise<Body | Spent> {
  try {
    return transformed(config, await resendBody());
  } catch (error) {
    return `resendBody failed (${asString(recordOf(error)['message']) ?? 'no reason given'})`;
  }
}

function transformed(config: InternalAxiosRequestConfig, raw: unknown): Body {
  const headers = copyHeaders(config.headers);
  let data = raw;
  for (const transform of transformersOf(config)) data = transform.call(config, data, headers);
  return { data, headers };
}
