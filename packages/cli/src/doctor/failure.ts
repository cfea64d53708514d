// What an error means to a person: the packages say what happened and often what to do; where they leave that open, it is added here.
import { isAuthenticationError } from '@axios-authorizer/core';
import { asString, recordOf } from '@axios-authorizer/core/extend';
import { adviceOf, BY_KIND } from './advice.js';
import { failure } from './check.js';
import type { Finding } from './check.js';

/** The failure that an error is. */
export function failureOf(error: unknown): Finding {
  if (!isAuthenticationError(error))
    return failure('configuration', asString(recordOf(error)['message']) ?? String(error), UNEXPECTED);
  const { kind, message, cause, code } = error;
  const [own, ownAdvice] = inHalves(message);
  const [said] = inHalves(isAuthenticationError(cause) && code !== 'timeout' ? cause.message : message);
  const advice = adviceOf(error);
  if (advice !== undefined) return failure(kind, said, advice);
  if (!isAuthenticationError(cause)) return failure(kind, own, ownAdvice ?? BY_KIND[kind]);
  return failure(kind, said, explanationOf(message, said) ?? adviceOf(cause) ?? BY_KIND[kind]);
}

const UNEXPECTED =
  'this is not one of the failures that doctor knows; please report it with the page that --report writes';

/** What happened, and what to do: "…; what to do" and "…: what to do" are how messages of the packages end that have advice. */
function inHalves(message: string): readonly [found: string, advice: string | undefined] {
  const [, found = message, advice] =
    /^(.{20,}?)(?:; |: (?=check |set |give |use |chmod |pass |put ))(.+)$/s.exec(message) ?? [];
  return [found, advice === undefined || advice === GENERAL_ADVICE ? undefined : (PLAINER[advice] ?? advice)];
}

const GENERAL_ADVICE = 'the request must be fixed';
/** A question to the writer of a program is one to the person here. */
const PLAINER: Readonly<Record<string, string>> = {
  'where is it read from?': 'look at what the configuration, the option or the variable of the environment says',
};

/** A package's explanation of what a server said, less the words of the server; undefined when it adds none. */
function explanationOf(message: string, said: string): string | undefined {
  const at = message.indexOf(said);
  const before = at > 0 ? message.slice(0, at).replace(/^[\w ]+ failed: $/, '') : at < 0 ? message : '';
  const after = at < 0 ? undefined : inHalves(message.slice(at))[1];
  const all = [before.replace(/[\s.:;]+$/, ''), after?.replace(/^it is not tried again by itself for a while$/, '')];
  return all.filter((part) => part !== undefined && part !== '').join('; ') || undefined;
}

/** What ended the wait, in place of the axios error that says no more than that it ended. */
export function endedBy({ aborted, reason }: AbortSignal, error: unknown): unknown {
  return aborted && recordOf(error)['code'] === 'ERR_CANCELED' ? reason : error;
}
