// What is wrong with a key, for programs and for people. Nothing of the key itself is ever in the message.
import { ConfigurationError } from '@axios-authorizer/core';

/**
 * `missing`: there is no such file, or nothing was given · `permissions`: others can read it · `malformed`: truncated or no
 * key at all · `encrypted`: a passphrase is wanted · `passphrase`: the one given is wrong · `public`: it is not a private
 * key · `curve`: not P-384 · `too_short`: RSA below 2048 bits · `algorithm`: it is for another algorithm · `kid`: it has no
 * usable key id · `ambiguous`: two keys under one kid · `exists`: it would be overwritten
 */
export type KeyProblem =
  | 'missing'
  | 'permissions'
  | 'malformed'
  | 'encrypted'
  | 'passphrase'
  | 'public'
  | 'curve'
  | 'too_short'
  | 'algorithm'
  | 'kid'
  | 'ambiguous'
  | 'exists';

/**
 * A key that cannot be used; nothing was sent.
 *
 * @example
 * ```ts
 * const problem = error instanceof SmartKeyError ? error.problem : undefined; // 'missing', 'permissions', 'encrypted', …
 * ```
 */
export class SmartKeyError extends ConfigurationError {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'SmartKeyError', configurable: true, writable: true });
  }
  /** What is wrong with the key, as a word that a program can compare, such as "permissions". */
  readonly problem: KeyProblem;

  constructor(problem: KeyProblem, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.problem = problem;
  }
}
