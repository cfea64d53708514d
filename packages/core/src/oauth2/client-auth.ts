// How a client authenticates at a token endpoint (RFC 6749 section 2.3.1, OpenID Connect Core section 9).
import type { ClientAuth } from './form-post.js';
import { assertNoControls, readSecret } from '../token/credential-text.js';
import type { Secret } from '../token/credential-text.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { formEncoded } from '../internal/redact.js';

export interface ClientSecret {
  readonly clientId: string;
  /** The secret, or a function that reads it at each attempt, so that it can rotate without a restart. */
  readonly clientSecret: Secret;
}

/**
 * `client_secret_basic`: id and secret, each form-encoded, in an Authorization header (RFC 6749 section 2.3.1).
 * @throws ConfigurationError when either is empty or holds a control character; of a function at the attempt
 */
export function clientSecretBasic({ clientId, clientSecret }: ClientSecret): ClientAuth {
  assertGiven({ clientId, clientSecret });
  return async ({ headers }) => {
    const secret = await readSecret(clientSecret, 'clientSecret');
    headers['Authorization'] = `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(secret)}`)}`;
  };
}

/**
 * `client_secret_post`: id and secret in the body, for servers that do not take Basic.
 * @throws ConfigurationError when either is empty or holds a control character; of a function at the attempt
 */
export function clientSecretPost({ clientId, clientSecret }: ClientSecret): ClientAuth {
  assertGiven({ clientId, clientSecret });
  return async ({ body }) => {
    body.set('client_id', clientId);
    body.set('client_secret', await readSecret(clientSecret, 'clientSecret'));
  };
}

/** `none`: a public client that only says who it is. @throws ConfigurationError when the id is empty or holds a control character */
export function none({ clientId }: Pick<ClientSecret, 'clientId'>): ClientAuth {
  assertGiven({ clientId });
  return ({ body }) => {
    body.set('client_id', clientId);
  };
}

function assertGiven(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (name === 'clientSecret' && typeof value === 'function') continue;
    if (typeof value !== 'string' || value === '')
      throw new ConfigurationError(`${name} is empty; where is it read from?`);
    assertNoControls(value, name);
  }
}
