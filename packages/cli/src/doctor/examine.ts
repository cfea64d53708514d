// Goes through the checks of a subject in their order. What one of them needs and is not there is not asked for again in other words:
// the checks that build on it are skipped, with the reason.
import { AuthenticationError } from '@axios-authorizer/core';
import { redact, systemClock } from '@axios-authorizer/core/extend';
import type { AuthErrorKind, Clock } from '@axios-authorizer/core';
import { blockedBy } from './check.js';
import type { Check, CheckContext, Finding, Result, Subject } from './check.js';
import { endedBy, failureOf } from './failure.js';

export interface ExamineOptions {
  /** Limit of one check in ms. Default: 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Ends the examination, such as Ctrl-C. Default: nothing does. */
  readonly signal?: AbortSignal | undefined;
  /** Runs each check, to say what takes long. Default: just runs it. */
  readonly around?: (<T>(title: string, work: () => Promise<T>) => Promise<T>) | undefined;
  /** Told of each result at once. Default: nobody is. */
  readonly onResult?: ((result: Result) => void) | undefined;
  /** Default: that of the process. */
  readonly env?: CheckContext['env'] | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** A proxy on the way, a sleeping server: whoever waits longer has given up already. */
export const CHECK_TIMEOUT_MS = 10_000;
/** A server that has kept silent once is waited for less: it would cost the same at every check. */
const LESS = 4;

/** Runs every check of the subject. @throws only what the signal says */
export async function examine(subject: Subject, options: ExamineOptions = {}): Promise<readonly Result[]> {
  const { around = (_title, work) => work() } = options;
  const results: Result[] = [];
  let { timeoutMs = CHECK_TIMEOUT_MS } = options;
  const onLate = (): void => void (timeoutMs = (options.timeoutMs ?? CHECK_TIMEOUT_MS) / LESS);
  for (const check of subject.checks) {
    options.signal?.throwIfAborted();
    const { id, title } = check;
    const missing = missingFor(check, results);
    const limits = { ...options, timeoutMs, onLate };
    const finding = missing === undefined ? await around(title, () => findingOf(check, limits)) : blockedBy(missing);
    const result = { id, title, ...withoutSecrets(finding, subject.secrets()) };
    results.push(result);
    options.onResult?.(result);
  }
  return results;
}

/** The kind of the first failure; undefined when there is none. */
export function kindOf(results: readonly Result[]): AuthErrorKind | undefined {
  return results.flatMap((result) => (result.status === 'failure' ? [result.kind] : []))[0];
}

function missingFor({ needs = [] }: Check, results: readonly Result[]): Result | undefined {
  return results.find(
    (result) =>
      needs.includes(result.id) && (result.status === 'failure' || (result.status === 'skipped' && result.blocked)),
  );
}

interface Limits extends ExamineOptions {
  readonly timeoutMs: number;
  /** Called when the limit ended a check. */
  readonly onLate: () => void;
}

async function findingOf(check: Check, options: Limits): Promise<Finding> {
  const { clock = systemClock, env = process.env, signal, timeoutMs } = options;
  const limit = new AbortController();
  const [over, asleep] = [new AbortController(), new AbortController()];
  const stop = (): void => over.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  clock.sleep(timeoutMs, asleep.signal).then(
    () => limit.abort(tooSlow(timeoutMs)),
    () => undefined,
  );
  const ended = AbortSignal.any([limit.signal, over.signal]);
  try {
    return await Promise.race([check.run({ signal: ended, clock, env }), rejectedBy(ended)]);
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.signal.aborted) options.onLate();
    return failureOf(endedBy(ended, error));
  } finally {
    asleep.abort();
    signal?.removeEventListener('abort', stop);
  }
}

/** A name server, for one, knows no signal. What does is given a turn to say whom it waited for. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => setImmediate(() => reject(signal.reason)), { once: true });
  });
}

function tooSlow(timeoutMs: number): AuthenticationError {
  const message = `doctor waits no longer than ${timeoutMs / 1000} s`;
  return new AuthenticationError(message, { code: 'timeout', kind: 'unavailable', transient: true });
}

/** The packages redact what they say; a server that repeats a secret in words of its own is caught here. */
function withoutSecrets(finding: Finding, secrets: readonly string[]): Finding {
  const found = oneLine(redact(finding.found, secrets));
  return 'advice' in finding
    ? { ...finding, found, advice: sentence(redact(finding.advice, secrets)) }
    : { ...finding, found };
}

function sentence(text: string): string {
  const line = oneLine(text);
  const first = /^https?:/.test(line) ? line.slice(0, 1) : line.slice(0, 1).toUpperCase();
  return `${first}${line.slice(1)}${/[.!?]$/.test(line) ? '' : '.'}`;
}

/** Whatever a server says cannot move the cursor of a terminal; a login that stands in a URL is not shown. */
function oneLine(text: string): string {
  const withoutLogins = text.replace(/\/\/(?!user:password@)[^\s/@]+@/g, '//');
  // oxlint-disable-next-line no-control-regex -- that is what is taken out
  return withoutLogins.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}
