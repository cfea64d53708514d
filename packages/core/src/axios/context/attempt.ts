// Where a request has got to, and what it may carry there.
import { headerName, removeHeader } from '../headers.js';
import type { Credentials } from '../../authorizer/credentials.js';
import { recordOf } from '../../internal/records.js';
import type { AllowList } from '../../request/allow-list.js';

/** Where a request has got to, and what may go there. */
export interface Attempt {
  /** As they were put on last: credentials that depend on the request are made anew for each hop. */
  headers: Credentials['headers'];
  names: Credentials['names'];
  readonly allowList: AllowList;
  /** What kind of adapter sends it. */
  kind: string;
  /** Whether the answer comes from an allowed URL that was sent our credentials. */
  isAllowed: boolean;
  /** The headers of the copy that carries the credentials, as long as it is under way. */
  appliedTo: object | undefined;
}

/**
 * Takes the credentials off again: axios's adapters keep their config for errors that a stream may still throw (C11). An adapter of
 * the caller's own may look at what it was given, as the mocks of tests do.
 */
export function stripCredentials({ appliedTo, names, kind }: Attempt): void {
  if (appliedTo === undefined || kind === 'custom') return;
  for (const name of names) Reflect.set(appliedTo, name, undefined);
}

/** Puts our headers on where they may go, and takes them off elsewhere; a value of somebody else's stays (C10). */
export function applyHeaders(target: object, { headers, isAllowed }: Attempt): void {
  for (const [name, value] of Object.entries(headers)) {
    const present = headerName(target, name);
    if (present !== undefined && recordOf(target)[present] !== value) continue;
    removeHeader(target, name);
    if (isAllowed) Reflect.set(target, name, value);
  }
}
