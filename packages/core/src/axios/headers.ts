// Headers of requests: copied so that the caller's never change, and found whatever their case.
import { AxiosHeaders } from 'axios';
import type { InternalAxiosRequestConfig } from 'axios';
import { recordOf } from '../internal/records.js';

/** axios's `AxiosHeaders`, as both of its declarations (ESM and CommonJS) know it. */
export type Headers = InternalAxiosRequestConfig['headers'];

/** A copy of the headers whose changes the caller's config never sees; much cheaper than `AxiosHeaders.from`. */
export function copyHeaders(headers: Headers): Headers {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made of that prototype
  const copy = Object.create(AxiosHeaders.prototype) as Headers;
  return Object.assign(copy, headers);
}

/** The name under which `headers` holds `name`, compared without case; an undefined value is no header. */
export function headerName(headers: object, name: string): string | undefined {
  for (const key of Object.keys(headers))
    if (key.length === name.length && key.toLowerCase() === name.toLowerCase())
      return recordOf(headers)[key] === undefined ? undefined : key;
  return undefined;
}

export function removeHeader(headers: object, name: string): void {
  const present = headerName(headers, name);
  if (present !== undefined) Reflect.deleteProperty(headers, present);
}
