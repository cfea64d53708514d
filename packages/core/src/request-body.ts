// Decides whether a body can be sent a second time, byte for byte, and makes it anew where it must be.
import type { AxiosRequestTransformer, InternalAxiosRequestConfig } from 'axios';
import { copyHeaders } from './axios-config.js';
import type { Headers } from './axios-config.js';
import { isObject, membersOf, ownMember, textOf } from './members.js';
import { isStream, isWebStream } from './streams.js';

/** The body as it was before axios transformed it, once that has happened. */
export interface RawBody {
  seen: boolean;
  value: unknown;
  readonly original: InternalAxiosRequestConfig['transformRequest'];
  readonly remember: AxiosRequestTransformer;
}

export interface Body {
  readonly data: unknown;
  readonly headers: Headers;
}

/** A reason, in words for the caller, why a body is spent. */
export type Spent = string;

/** Puts a first transformer that notes the raw body, since axios may turn a plain object into a one-shot multipart stream. */
export function noteRawBody(config: InternalAxiosRequestConfig): RawBody | undefined {
  const data: unknown = config.data;
  if (!isObject(data) || isStream(data)) return undefined;
  const remember: AxiosRequestTransformer = (value: unknown) => {
    note.seen = true;
    note.value = value;
    return value;
  };
  const note: RawBody = { seen: false, value: undefined, original: config.transformRequest, remember };
  config.transformRequest = [remember, ...transformersOf(config)];
  return note;
}

/** Takes that transformer out again. */
export function forgetRawBody(config: InternalAxiosRequestConfig, { original, remember }: RawBody): void {
  const standing = transformersOf(config);
  const others = standing.filter((transformer) => transformer !== remember);
  if (others.length === standing.length) return;
  if (others.length !== transformersOf({ transformRequest: original }).length) config.transformRequest = others;
  else if (original === undefined) delete config.transformRequest;
  else config.transformRequest = original;
}

/** The body for a second sending, or why there is none. */
export async function bodyAgain(config: InternalAxiosRequestConfig, raw: RawBody | undefined): Promise<Body | Spent> {
  const data: unknown = config.data;
  const resendBody = ownMember(config, 'resendBody');
  if (resendBody) return madeAnew(config, resendBody);
  if (!isStream(data)) return { data, headers: config.headers };
  if (raw?.seen && !holdsStream(raw.value, 0)) return transformed(config, raw.value);
  const what = isWebStream(data) ? 'a web stream' : 'a stream';
  return `the request body is ${what} and was used up; give the request \`resendBody: () => body\` to have it sent again`;
}

async function madeAnew(config: InternalAxiosRequestConfig, resendBody: () => unknown): Promise<Body | Spent> {
  try {
    return transformed(config, await resendBody());
  } catch (error) {
    return `resendBody failed (${textOf(membersOf(error)['message']) ?? 'no reason given'})`;
  }
}

function transformed(config: InternalAxiosRequestConfig, raw: unknown): Body {
  const headers = copyHeaders(config.headers);
  let data = raw;
  for (const transform of transformersOf(config)) data = transform.call(config, data, headers);
  return { data, headers };
}

function transformersOf({
  transformRequest,
}: {
  readonly transformRequest?: InternalAxiosRequestConfig['transformRequest'];
}): readonly AxiosRequestTransformer[] {
  return Array.isArray(transformRequest) ? transformRequest : transformRequest ? [transformRequest] : [];
}

const DEEPEST_FORM = 5;

function holdsStream(value: unknown, depth: number): boolean {
  if (!isObject(value) || depth > DEEPEST_FORM) return false;
  return isStream(value) || Object.values(value).some((member) => holdsStream(member, depth + 1));
}
