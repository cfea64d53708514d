// One question of the doctor's and its answer. A check knows no terminal: it says what it found, and what to do about it.
import type { AuthErrorKind, Clock } from '@axios-authorizer/core';

/** What a check found, each in one line. */
export type Finding =
  | { readonly status: 'ok'; readonly found: string }
  | {
      readonly status: 'skipped';
      readonly found: string;
      /** Whether what it needs was not there, so that what needs this one is skipped as well; else there was nothing to look at. */
      readonly blocked: boolean;
    }
  | { readonly status: 'warning'; readonly found: string; readonly advice: string }
  | {
      readonly status: 'failure';
      readonly found: string;
      readonly advice: string;
      /** What the exit code is chosen by. */
      readonly kind: AuthErrorKind;
    };

/** What every check may use. */
export interface CheckContext {
  /** Ends the check: its limit, or the person's Ctrl-C. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Check {
  /** A word that programs can compare, such as "tls". */
  readonly id: string;
  readonly title: string;
  /** Checks without whose success this one says nothing; those that are not in the list do not count. */
  readonly needs?: readonly string[];
  run(context: CheckContext): Promise<Finding>;
}

/** The answer to one check. */
export type Result = Finding & Pick<Check, 'id' | 'title'>;

/** What is examined: a service, as the command or the configuration describes it. */
export interface Subject {
  readonly type: 'smart' | 'cognito' | 'itkdb' | 'oauth2';
  readonly checks: readonly Check[];
  /** May be long (those of bulk-data-server are JWTs of 600 characters), and is shortened in reports. */
  readonly clientId: string | undefined;
  /** What must not be printed: what was configured, and what was issued meanwhile. */
  secrets(): readonly string[];
}

export function ok(found: string): Finding {
  return { status: 'ok', found };
}

/** There is nothing to look at. */
export function skipped(found: string): Finding {
  return { status: 'skipped', found, blocked: false };
}

/** Another check comes first. */
export function blockedBy({ title }: Pick<Check, 'title'>): Finding {
  return { status: 'skipped', found: `"${title}" comes first`, blocked: true };
}

export function warning(found: string, advice: string): Finding {
  return { status: 'warning', found, advice };
}

export function failure(kind: AuthErrorKind, found: string, advice: string): Finding {
  return { status: 'failure', kind, found, advice };
}

const GRAVITY: Readonly<Record<Finding['status'], number>> = { skipped: 0, ok: 1, warning: 2, failure: 3 };

/** The gravest of several findings about one question; of equal ones the first. */
export function gravest(findings: readonly Finding[]): Finding {
  const sorted = findings.toSorted((one, other) => GRAVITY[other.status] - GRAVITY[one.status]);
  return sorted[0] ?? skipped('there is nothing to look at');
}
