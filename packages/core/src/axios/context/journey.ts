// Where a request has got to, and what it may carry there.
import { headerName, removeHeader } from '../request-config.js';
import type { Credentials } from '../../engine.js';
import { membersOf } from '../../internal/records.js';
import type { RequestScope } from '../../request/allow-list.js';

/** Where a request has got to, and what may go there. */
export interface Journey extends Credentials {
  readonly scope: RequestScope;
  /** Whether the answer comes from a URL in scope that was sent our credentials. */
  inScope: boolean;
  /** Whether the request's config may show what hangs on sockets when it is printed; unknown until it is sent. */
  mayHoldSockets?: boolean;
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

/** Puts our headers on where they may go, and takes them off elsewhere; a value of somebody else's stays (C10). */
export function applyHeaders(target: object, { headers, inScope }: Journey): void {
  for (const [name, value] of Object.entries(headers)) {
    const present = headerName(target, name);
    if (present !== undefined && membersOf(target)[present] !== value) continue;
    removeHeader(target, name);
    if (inScope) Reflect.set(target, name, value);
  }
}
