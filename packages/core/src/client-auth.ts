// How a client authenticates at a token endpoint (RFC 6749 section 2.3.1, OpenID Connect Core section 9).
import type { ClientAuth } from './form-post.js';
import { ConfigurationError } from './errors.js';
import { formEncoded } from './redact.js';

export interface ClientSecret {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** `client_secret_basic`: id and secret, each form-encoded, in an Authorization header (RFC 6749 section 2.3.1). @throws ConfigurationError when either is empty */
export function clientSecretBasic({ clientId, clientSecret }: ClientSecret): ClientAuth {
  assertGiven({ clientId, clientSecret });
  const credentials = btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`);
  return ({ headers }) => {
    headers['Authorization'] = `Basic ${credentials}`;
  };
}

/** `client_secret_post`: id and secret in the body, for servers that do not take Basic. @throws ConfigurationError when either is empty */
export function clientSecretPost({ clientId, clientSecret }: ClientSecret): ClientAuth {
  assertGiven({ clientId, clientSecret });
  return ({ body }) => {
    body.set('client_id', clientId);
    body.set('client_secret', clientSecret);
  };
}

/** `none`: a public client that only says who it is. @throws ConfigurationError when the id is empty */
export function none({ clientId }: Pick<ClientSecret, 'clientId'>): ClientAuth {
  assertGiven({ clientId });
  return ({ body }) => {
    body.set('client_id', clientId);
  };
}

function assertGiven(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values))
    if (typeof value !== 'string' || value === '')
      throw new ConfigurationError(`${name} is empty; where is it read from?`);
}
