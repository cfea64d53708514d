// Commands take their input, dtoIn, as query parameters and as a JSON body, which a GET may have as well.

import { invalidDtoIn, isInvalid, ItkdbFault } from '../fault.js';
import type { Received } from '@axios-authorizer/testing/extend';

export type DtoIn = Readonly<Record<string, unknown>>;

const json = /^application\/json(?:\s*;|$)/i;
const multipart = /^multipart\/form-data;/i;

/**
 * The input of a request; what came as multipart is left to itself.
 * @param app the application with the command, as errors name them
 * @throws ItkdbFault 415 for another type, 400 for what is no JSON object
 */
export function readDtoIn(request: Received, app: string): DtoIn {
  const { searchParams } = new URL(request.url, 'http://127.0.0.1');
  return { ...Object.fromEntries(searchParams), ...bodyOf(request, app) };
}

export function isRecord(value: unknown): value is DtoIn {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bodyOf({ headers, body }: Received, app: string): DtoIn {
  const type = headers['content-type'] ?? '';
  if (body.length === 0 || multipart.test(type)) {
    return {};
  }
  if (!json.test(type)) {
    throw new ItkdbFault(415, `${app}/unsupportedMediaType`, { message: 'DtoIn must be application/json.' });
  }
  const value = parse(body.toString());
  if (!isRecord(value)) {
    throw invalidDtoIn(app, { invalidValueKeyMap: { $: isInvalid } });
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
