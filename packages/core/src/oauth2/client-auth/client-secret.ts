// How a client authenticates at a token endpoint (RFC 6749 section 2.3.1, OpenID Connect Core section 9).
import { assertNoControls, readSecret } from '../../token/credential-text.js';
import type { Secret } from '../../token/credential-text.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import { recordOf } from '../../internal/records.js';
import { checkOptions } from '../../token/options-check.js';
import type { OptionTable } from '../../token/options-check.js';
import { formEncoded } from '../../internal/redact.js';
import { describedAuth } from './client-auth.js';
import type { ClientAuth } from './client-auth.js';

/** A client and its secret, for `clientSecretBasic` and `clientSecretPost` (RFC 6749 section 2.3.1). */
export interface ClientSecret {
  /** The client's id, as it was registered; not empty. */
  readonly clientId: string;
  /** The secret, or a function that reads it at each attempt, so that it can rotate without a restart. */
  readonly clientSecret: Secret;
}

const CLIENT_SECRET: OptionTable<ClientSecret> = { clientId: 'any', clientSecret: 'any' };

/**
 * `client_secret_basic`: id and secret, each form-encoded, in an Authorization header (RFC 6749 section 2.3.1).
 * @throws ConfigurationError when either is empty or holds a control character; of a function at the attempt
 *
 * @example
 * ```ts
 * const source = clientCredentialsSource({ tokenUrl, clientAuth: clientSecretBasic({ clientId, clientSecret }) });
 * ```
 */
export function clientSecretBasic(client: ClientSecret): ClientAuth {
  const { clientId, clientSecret } = read(client, 'clientSecretBasic', CLIENT_SECRET);
  const authenticate: ClientAuth = async ({ headers }) => {
    const secret = await readSecret(clientSecret, 'clientSecret');
    headers['Authorization'] = `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(secret)}`)}`;
  };
  return describedAuth(authenticate, { methods: ['client_secret_basic'] });
}

/**
 * `client_secret_post`: id and secret in the body, for servers that do not take Basic.
 * @throws ConfigurationError when either is empty or holds a control character; of a function at the attempt
 *
 * @example
 * ```ts
 * const readSecret = async () => clientSecret; // a function is asked anew each time: rotation without a restart
 * const source = clientCredentialsSource({
 *   tokenUrl,
 *   clientAuth: clientSecretPost({ clientId, clientSecret: readSecret }),
 * });
 * ```
 */
export function clientSecretPost(client: ClientSecret): ClientAuth {
  const { clientId, clientSecret } = read(client, 'clientSecretPost', CLIENT_SECRET);
  const authenticate: ClientAuth = async ({ body }) => {
    body.set('client_id', clientId);
    body.set('client_secret', await readSecret(clientSecret, 'clientSecret'));
  };
  return describedAuth(authenticate, { methods: ['client_secret_post'] });
}

/**
 * `none` (OpenID Connect Core section 9): a public client, which has no secret and only says who it is.
 * @throws ConfigurationError when the id is empty or holds a control character
 * @example
 * ```ts
 * const source = refreshTokenSource({ tokenUrl, clientAuth: publicClient({ clientId: 'reports' }) });
 * ```
 */
export function publicClient(client: Pick<ClientSecret, 'clientId'>): ClientAuth {
  const { clientId } = read(client, 'publicClient', { clientId: 'any' });
  return ({ body }) => {
    body.set('client_id', clientId);
  };
}

/** All that the table names, none of it empty. */
function read<O extends object>(given: O, where: string, table: OptionTable<O>): O {
  const client = checkOptions(given, where, table);
  for (const name of Object.keys(table)) {
    const value = recordOf(client)[name];
    if (name === 'clientSecret' && typeof value === 'function') continue;
    if (typeof value !== 'string' || value === '')
      throw new ConfigurationError(`${where} needs \`${name}\`, and it is empty or no text; where is it read from?`);
    assertNoControls(value, name);
  }
  return client;
}
