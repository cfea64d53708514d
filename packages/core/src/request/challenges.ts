// What a 401 says of the token in its challenges: whether a new one would help (C7).
import { headerValue } from '../internal/records.js';
import { parseChallenges } from '../token/challenge.js';
import type { AuthChallenge } from '../token/challenge.js';

/** What the challenges of an answer say. */
export interface ChallengeVerdict {
  /** The challenge that says what is wrong, or else the first one. */
  readonly challenge: AuthChallenge | undefined;
  /** Whether they say that another token would be rejected as well. */
  readonly isHopeless: boolean;
}

/** The token is good, but not for this (RFC 6750 section 3.1, RFC 9470 section 3): another one would be as good. */
const INSUFFICIENT = /^insufficient_(?:scope|user_authentication)$/;
/** It is the proof beside the token that is wrong (RFC 9449 sections 7.1 and 9). */
const ABOUT_PROOF = /^(?:invalid_dpop_proof|use_dpop_nonce)$/;

/** Whether it says that the token is good, but not for this. */
export function isInsufficient({ parameters: { error = '' } }: AuthChallenge): boolean {
  return INSUFFICIENT.test(error);
}

/** @param headers of the answer: axios's, those of fetch, or a plain object */
export function challengeIn(headers: unknown): ChallengeVerdict {
  const challenges = challengesOf(headers);
  const errors = challenges.map(({ parameters: { error } }) => error || undefined);
  return {
    challenge: challenges[errors.findIndex(Boolean)] ?? challenges[0],
    isHopeless: saysNoTokenHelps(errors),
  };
}

function saysNoTokenHelps(errors: readonly (string | undefined)[]): boolean {
  for (const error of errors) if (error !== undefined && ABOUT_PROOF.test(error)) return true;
  return INSUFFICIENT.test(errors.find(Boolean) ?? '');
}

/** Those for a token: Bearer and DPoP. An adapter of the caller's own may hand over a list, or the `Headers` of fetch. */
function challengesOf(headers: unknown): readonly AuthChallenge[] {
  const lines: unknown[] = [headerValue(headers, 'www-authenticate')].flat();
  return parseChallenges(lines.filter((line) => typeof line === 'string')).filter(
    ({ scheme }) => scheme === 'bearer' || scheme === 'dpop',
  );
}
