// Notes a body as it was before axios transformed it: in Node axios may turn a plain object into a multipart stream, which can
// be sent once only.
import type { AxiosRequestTransformer, InternalAxiosRequestConfig } from 'axios';
import { isObject } from '../../internal/records.js';
import { isStream } from '../../internal/streams.js';

/** The body as it was before axios transformed it, once that has happened. */
export interface RawBody {
  seen: boolean;
  value: unknown;
  readonly original: InternalAxiosRequestConfig['transformRequest'];
  readonly remember: AxiosRequestTransformer;
}

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

/** Whether the body was noted, and can be sent again. */
export function isWhole({ seen, value }: RawBody): boolean {
  return seen && !holdsStream(value, 0);
}

const DEEPEST_FORM = 5;

function holdsStream(value: unknown, depth: number): boolean {
  if (!isObject(value) || depth > DEEPEST_FORM) return false;
  return isStream(value) || Object.values(value).some((member) => holdsStream(member, depth + 1));
}

/** As a list, whatever the config has. */
export function transformersOf({
  transformRequest,
}: {
  readonly transformRequest?: InternalAxiosRequestConfig['transformRequest'];
}): readonly AxiosRequestTransformer[] {
  return Array.isArray(transformRequest) ? transformRequest : transformRequest ? [transformRequest] : [];
}
