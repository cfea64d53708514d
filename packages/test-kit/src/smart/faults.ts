// What the token endpoint says when a test has told it to be in a bad mood.

import { Refusal } from './token/refusal.js';
import { outcome } from './bulk/outcome.js';
import type { Answer } from '@axios-authorizer/testing/extend';
import type { SmartFault } from './options.js';

type Mood = Answer | Refusal;

const moods: Readonly<Partial<Record<SmartFault, () => Mood>>> = {
  token_expired_registration_token: () => new Refusal('invalid_client', 'Registration token expired'),
  invalid_jti: () => new Refusal('invalid_client', 'Invalid jti: it was already used'),
  token_invalid_scope: () => new Refusal('invalid_scope', 'The requested scope is invalid'),
  auth_operation_outcome: () => outcome(401, 'login', 'The client could not be authenticated'),
  auth_text: () => ({ status: 401, text: 'Unauthorized' }),
  rate_limited: () => ({ status: 429, headers: { 'retry-after': '2' }, json: { error: 'rate_limited' } }),
};

/** The answer to every token request while `fault` stands; throws the Refusal if it is one; undefined for the usual. */
export function faultyAnswer(fault: SmartFault | undefined): Answer | undefined {
  const mood = fault === undefined ? undefined : moods[fault]?.();
  if (mood instanceof Refusal) {
    throw mood;
  }
  return mood;
}
