// Who the client is, said in one of two ways: flat among the options, or as an object.
import { checkOptions } from './options-check.js';
import type { OptionTable } from './options-check.js';
import { ConfigurationError } from './errors/errors.js';
import type { ClientInfo } from './token.js';
import type { Secret } from './credential-text.js';

/** The client among the options of a factory. */
export interface ClientOptions {
  /** The client's id, a text that is not empty. Default: that of `clientInfo`. */
  readonly clientId?: string | undefined;
  /** The secret, or a function that reads it at each attempt. Default: that of `clientInfo`; a public client has none. */
  readonly clientSecret?: Secret | undefined;
  /** Sent as `X-Api-Key` with every authorised request; visible ASCII. Default: that of `clientInfo`; not sent. */
  readonly apiKey?: string | undefined;
  /** The three as one object. Default: what is said flat. */
  readonly clientInfo?: Partial<ClientInfo> | undefined;
}

/**
 * The table of a client's own options, for {@link checkOptions} and {@link pickOptions}.
 *
 * @example
 * ```ts
 * Object.keys(CLIENT_OPTIONS); // clientId, clientSecret, apiKey, clientInfo
 * ```
 */
export const CLIENT_OPTIONS: OptionTable<ClientOptions> = {
  clientId: 'string',
  clientSecret: 'any',
  apiKey: 'string',
  clientInfo: 'object',
};
const NAMES = ['clientId', 'clientSecret', 'apiKey'] as const;
const CLIENT_INFO: OptionTable<ClientInfo> = { clientId: 'string', clientSecret: 'any', apiKey: 'string' };

/**
 * The client that the options say, flat or as `clientInfo`.
 * @param where the name of the factory, for messages
 * @returns what is known of it; empty when nothing is
 * @throws ConfigurationError when the two ways differ, or an option has another shape
 * @example
 * ```ts
 * const { clientId, clientSecret } = clientInfoOf({ clientId: 'reports' }, 'createReportsClient');
 * ```
 */
export function clientInfoOf(options: ClientOptions, where: string): Partial<ClientInfo> {
  const info: Partial<ClientInfo> = checkOptions(options.clientInfo, `clientInfo of ${where}`, CLIENT_INFO);
  for (const name of NAMES) {
    const { [name]: flat } = options;
    if (flat !== undefined && info[name] !== undefined && flat !== info[name])
      throw new ConfigurationError(`\`${name}\` of ${where} is given twice, flat and in \`clientInfo\`, and differs`);
  }
  const { clientId = info.clientId, clientSecret = info.clientSecret, apiKey = info.apiKey } = options;
  return {
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
    ...(apiKey !== undefined && { apiKey }),
  };
}
