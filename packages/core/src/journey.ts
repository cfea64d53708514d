// Where a request has got to, what it may carry there, and the judgement of each hop of a redirect (C9).
import { removeHeader } from './axios-config.js';
import type { Credentials } from './engine.js';
import { isObject } from './members.js';
import { parseUrl } from './request-scope.js';
import type { RequestScope } from './request-scope.js';

/** Where a request has got to, and what may go there. */
export interface Journey extends Credentials {
  readonly scope: RequestScope;
  /** Whether the answer comes from a URL in scope. */
  inScope: boolean;
  /** The headers of the copy that carries the credentials, as long as it is under way. */
  carrier?: object;
}

/** Puts the credentials on the headers of a copy. */
export function carry<H extends object>(journey: Journey, headers: H): H {
  journey.carrier = headers;
  return Object.assign(headers, journey.headers);
}

/**
 * Takes them off again: axios's adapters keep their config for errors that a stream may still throw (C11). An adapter of
 * the caller's own may look at what it was given, as the mocks of tests do.
 */
export function unload({ carrier, names }: Journey, kind: string): void {
  if (carrier === undefined || kind === 'custom') return;
  for (const name of names) Reflect.set(carrier, name, undefined);
}

interface RedirectOptions {
  readonly href?: unknown;
  readonly headers?: unknown;
}

/** Asked by the http adapter before each hop: takes our headers off, and puts them back where they may go. */
export function judgeHop(journey: Journey, options: RedirectOptions): void {
  const { headers } = options;
  const target = parseUrl(String(options.href));
  journey.inScope = target !== undefined && journey.scope.allows(target);
  if (isObject(headers)) applyHeaders(headers, journey);
}

/** Puts our headers on where they may go, and takes them off elsewhere. */
export function applyHeaders(target: object, { headers, inScope }: Journey): void {
  for (const [name, value] of Object.entries(headers)) {
    removeHeader(target, name);
    if (inScope) Reflect.set(target, name, value);
  }
}
