// The check that a user puts at the end of a test: whatever my program logs or throws holds no credential.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions } from '@axios-authorizer/core/extend';
import { findSecrets } from './renderings.js';
import type { Finding } from './renderings.js';

/** The options of {@link assertNoSecrets}. */
export interface AssertNoSecretsOptions {
  /**
   * Whether objects in properties that are not enumerable count as well, such as the raw request of an AxiosError that came
   * through an attached client. Nothing prints them but a debugger. Default: false.
   */
  readonly hidden?: boolean | undefined;
}

/**
 * A secret was found where none may be.
 * @example
 * ```ts
 * try {
 *   assertNoSecrets(process.env, endpoint.secrets);
 * } catch (leak) {
 *   const findings = leak instanceof SecretLeakError ? leak.findings : []; // [{ index: 0, where: … }]
 * }
 * ```
 */
export class SecretLeakError extends Error {
  /** Always "SecretLeakError". */
  override readonly name = 'SecretLeakError';
  /** Which secret, by its place in the list that was given, and where; never the secret itself. */
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const places = [...new Set(findings.map(({ index, where }) => `secrets[${index}] in ${where}`))];
    const shown = places.slice(0, MOST_SHOWN).map((place) => `\n  ${place}`);
    const more = places.length > MOST_SHOWN ? `\n  and ${places.length - MOST_SHOWN} more places` : '';
    super(`A secret shows:${shown.join('')}${more}`);
    this.findings = findings;
  }
}

const MOST_SHOWN = 8;
/** A word that is shorter is in every text. */
const SHORTEST_SECRET = 4;

/**
 * Throws when one of `secrets` shows in `value`: in what `String`, `JSON.stringify`, `util.inspect` and `console.log` make of it
 * and of its causes, and in every text that hangs on it however deep (properties, those with symbols for names, texts in
 * properties that are not enumerable, Maps, Sets, headers, buffers). Secrets are found as they are, with the escapes of JSON,
 * URLs, forms and HTML, in base64 wherever they stand in it, and in hex. A token is data: one in `value` is found.
 * @throws SecretLeakError, whose message says where, and not the secret; ConfigurationError when there is no secret to look for,
 *   or one below 4 characters
 * @example
 * ```ts
 * const failure = await client.get('/items').catch((reason: unknown) => reason);
 * assertNoSecrets(failure, endpoint.secrets);
 * ```
 */
export function assertNoSecrets(value: unknown, secrets: readonly string[], options?: AssertNoSecretsOptions): void {
  const { hidden = false } = checkOptions(options, 'assertNoSecrets', { hidden: 'any' });
  if (!Array.isArray(secrets) || secrets.length === 0)
    throw new ConfigurationError('assertNoSecrets needs a list of secrets to look for; an empty one finds nothing');
  if (!secrets.every((secret: unknown) => typeof secret === 'string' && secret.length >= SHORTEST_SECRET))
    throw new ConfigurationError(`assertNoSecrets looks for texts of at least ${SHORTEST_SECRET} characters`);
  const findings = findSecrets(value, secrets, hidden);
  if (findings.length > 0) throw new SecretLeakError(findings);
}
