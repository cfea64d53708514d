// A caller's `transport` (follow-redirects, or one written by hand) might follow redirects by itself, with our headers.
import { isObject, recordOf } from './records.js';

export interface HeldTransport {
  /** What takes its place in the config. */
  readonly transport: unknown;
  /** Whether its last answer is one that it would have followed, had it not been told to stay. */
  readonly stayed: () => boolean;
}

/**
 * The same transport, asked not to follow (`followRedirects: false`, as follow-redirects has it). One that follows all the
 * same finds none of `names` in the options it was given: they are taken off as soon as its first request is made.
 * @returns undefined for what is no transport
 */
export function heldTransport(inner: unknown, names: readonly string[]): HeldTransport | undefined {
  if (!isObject(inner) && typeof inner !== 'function') return undefined;
  const request: unknown = Reflect.get(inner, 'request');
  if (typeof request !== 'function') return undefined;
  const secret = new Set(names.map((name) => name.toLowerCase()));
  let follows = false;
  const held = (options: object, answered: (response: unknown) => void): unknown => {
    const headers = { ...recordOf(recordOf(options)['headers']) };
    const asked = { ...options, headers, followRedirects: false, maxRedirects: 0 };
    const noted = (response: unknown): void => {
      follows = Array.isArray(recordOf(response)['redirects']); // the mark of follow-redirects
      answered(response);
    };
    const made: unknown = Reflect.apply(request, inner, [asked, noted]);
    for (const name of Object.keys(headers)) if (secret.has(name.toLowerCase())) Reflect.deleteProperty(headers, name);
    return made;
  };
  const transport: unknown = Object.create(inner, { request: { value: held } });
  return { transport, stayed: () => follows };
}
