// The attributes of spans and measurements: the semantic conventions' names where they have one, else `axios_authorizer.…`.
// A measurement never gets a URL, since each of its values would be a series of its own.
import type { Attributes } from '@opentelemetry/api';
import type { AuthEvent } from '../token/observer.js';

export const REASON = 'axios_authorizer.reason';
export const ADOPTED = 'axios_authorizer.adopted';
const ERROR_KIND = 'axios_authorizer.error.kind';
const ACCEPTED = 'axios_authorizer.accepted';
const STORE_ACTION = 'axios_authorizer.store.action';
export const STORE_FAILURE = 'axios_authorizer.store.failure';
export const SKIP_REASON = 'axios_authorizer.skip.reason';
export const EXPIRES_IN = 'axios_authorizer.token.expires_in';
export const SCOPE = 'axios_authorizer.token.scope';
export const MESSAGE = 'axios_authorizer.message';
export const ERROR_TYPE = 'error.type';
export const STATUS_CODE = 'http.response.status_code';
export const URL_FULL = 'url.full';
const ADDRESS = 'server.address';
const PORT = 'server.port';

export type Event<T extends AuthEvent['type']> = Extract<AuthEvent, { readonly type: T }>;

/** A duration as OpenTelemetry counts it; a clock that was put back makes none below 0. */
export function seconds(ms: number): number {
  return Math.max(0, ms) / 1_000;
}

/** When what an event tells ended, in ms since the epoch. */
export function endOf({ at, durationMs }: { readonly at: number; readonly durationMs: number }): number {
  return at + Math.max(0, durationMs);
}

export function failureAttributes({ reason, code, kind }: Event<'failed'>): Attributes {
  return { [REASON]: reason, [ERROR_TYPE]: code, [ERROR_KIND]: kind };
}

/** How the one retry of a rejected request ended. */
export function resendAttributes({ status, rejected }: Event<'resent'>): Attributes {
  return { [ACCEPTED]: status !== undefined && !rejected, ...(status !== undefined && { [STATUS_CODE]: status }) };
}

export function storeAttributes({ action, failure }: Event<'store'>): Attributes {
  return { [STORE_ACTION]: action, ...(failure !== undefined && { [ERROR_TYPE]: typeOf(failure) }) };
}

/** The server that `url` names; none when it names none. */
export function serverAttributes(url: string): Attributes {
  if (!URL.canParse(url)) return {};
  const { hostname, port, protocol } = new URL(url);
  const address = hostname.replaceAll(/^\[|\]$/g, '');
  return { [ADDRESS]: address, [PORT]: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

/** A code or a name as it is; words are too many to count by. */
function typeOf(failure: string): string {
  return /^[\w.-]{1,64}$/.test(failure) ? failure : '_OTHER';
}
