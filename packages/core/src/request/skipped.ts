// What is said of a request that goes out without a token (C9, C10).
import type { Clock } from '../internal/clock.js';
import { recordOf, asString } from '../internal/records.js';
import type { Observer, SkipReason } from '../token/observer.js';
import { describeUrl } from './allow-list.js';

interface Listener {
  readonly observer: Observer | undefined;
  readonly clock: Clock;
}

export function emitSkipped({ observer, clock }: Listener, url: URL | undefined, reason: SkipReason): void {
  observer?.({ type: 'skipped', at: clock.now(), url: describeUrl(url), reason });
}

export function emitNotice({ observer, clock }: Listener, message: string): void {
  observer?.({ type: 'notice', at: clock.now(), message });
}

/**
 * A header that is left over among the defaults, or a generated client's own, would win for ever without a word (C10).
 * @param noticed what was said already
 */
export function noticeOnce(listener: Listener, noticed: Set<SkipReason>, reason: SkipReason): void {
  if (reason === 'opted_out' || noticed.has(reason)) return;
  noticed.add(reason);
  const own = reason === 'basic_auth' ? '`auth`' : 'Authorization header';
  emitNotice(listener, `A request's own ${own} wins over the token; said once a client`);
}

/** On a 401 or 403 whose reader would look for a token. */
export function withheld(url: URL): string {
  return `No token was sent: ${describeUrl(url)} is not allowed to see it. If it should, add its prefix to \`allow\``;
}

/** A hook that fails. A SyntaxError quotes what could not be parsed, and a body may hold secrets. */
export function hookFailed(thrown: unknown): string {
  const { name, message } = recordOf(thrown);
  const kind = asString(name) ?? typeof thrown;
  const words = kind === 'SyntaxError' ? kind : [kind, asString(message) ?? []].flat().join(': ');
  return `The hook \`unauthorized\` failed, which counts as no: ${words}`;
}
