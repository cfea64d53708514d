// Any OAuth 2 server: the grants that need nobody, and the sessions that `login` begins.
import {
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  clientSecretPost,
  ConfigurationError,
  passwordSource,
  publicClient,
  refreshTokenSource,
} from '@axios-authorizer/core';
import type { AuthorizerOptions, ClientAuth, OAuth2SourceOptions, TokenSource } from '@axios-authorizer/core';
import { promptsFor } from '../../terminal/prompts.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { Connection } from '../connect.js';
import { settingsOf } from '../service.js';
import type { Service } from '../service.js';
import type { OAuth2Service } from '../types.js';

export async function connectOAuth2(connection: Connection): Promise<Authorizer> {
  const settings = settingsOf(connection.service, 'oauth2');
  const options = await sourceOptions(connection.service, connection.terminal);
  return new Authorizer(sourceOf(settings, options, connection), await authorizerOptions(settings, connection));
}

/** What every grant of the service is asked with. */
export async function sourceOptions(service: Service, { clock }: Terminal): Promise<OAuth2SourceOptions> {
  const { tokenUrl, revocationUrl, scope, parameters, allowInsecure } = settingsOf(service, 'oauth2');
  if (tokenUrl === undefined) throw new ConfigurationError(`${service.name} needs the token endpoint, or the issuer`);
  const clientAuth = await clientAuthOf(service);
  return { tokenUrl, revocationUrl, scope, parameters, allowInsecure, clock, clientAuth };
}

/** How the client authenticates: as the settings say, else by what it has. */
export async function clientAuthOf(service: Service): Promise<ClientAuth> {
  const { clientId, keys, signWith, clientAuthentication = usual(service) } = settingsOf(service, 'oauth2');
  const clientSecret = (): Promise<string> => service.secret('clientSecret');
  if (clientAuthentication === 'none') return publicClient({ clientId });
  if (clientAuthentication === 'post') return clientSecretPost({ clientId, clientSecret });
  if (clientAuthentication === 'basic') return clientSecretBasic({ clientId, clientSecret });
  if (keys === undefined)
    throw new ConfigurationError('private_key_jwt needs `keys`, the key file or the folder of keys');
  const [{ privateKeyJwt }, { keysOf }] = await Promise.all([
    import('@axios-authorizer/smart-backend'),
    import('./keys.js'),
  ]);
  return privateKeyJwt({ clientId, keys: await keysOf(service, { keys, ...(signWith && { signWith }) }) });
}

/** A client that asks for itself has a secret, which is asked for; one that acts for a user may have none. */
function usual(service: Service): NonNullable<OAuth2Service['clientAuthentication']> {
  const { keys, grant = 'client_credentials' } = settingsOf(service, 'oauth2');
  if (keys !== undefined) return 'private_key_jwt';
  return service.hasSecret('clientSecret') || grant === 'client_credentials' ? 'basic' : 'none';
}

function sourceOf(
  { grant, username }: OAuth2Service,
  options: OAuth2SourceOptions,
  connection: Connection,
): TokenSource {
  const { service, terminal } = connection;
  if (grant === undefined || grant === 'client_credentials') return clientCredentialsSource(options);
  if (grant !== 'password') return refreshTokenSource(options);
  const password = (): Promise<string> => service.secret('password');
  if (username !== undefined) return passwordSource({ ...options, username, password });
  return {
    authorize: async (request) =>
      passwordSource({ ...options, username: await askName(terminal), password }).authorize(request),
  };
}

function askName(terminal: Terminal): Promise<string> {
  return promptsFor(terminal, "The user's name", 'Give --username, or `username` in the configuration.').text(
    'User name:',
  );
}

/** A refresh token from outside begins the session; what the store has is newer. */
async function authorizerOptions({ grant }: OAuth2Service, connection: Connection): Promise<AuthorizerOptions> {
  const { service, options } = connection;
  if (grant !== 'refresh_token' || !service.hasSecret('refreshToken')) return options;
  return { ...options, initialToken: { refreshToken: await service.secret('refreshToken') } };
}
