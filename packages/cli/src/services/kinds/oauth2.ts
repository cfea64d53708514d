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
import type {
  AuthorizerOptions,
  ClientAuth,
  OAuth2SourceOptions,
  TokenSource,
  TokenStore,
} from '@axios-authorizer/core';
import { promptsFor } from '../../terminal/prompts.js';
import type { Terminal } from '../../terminal/terminal.js';
import { limitsWithPerson } from '../connection.js';
import type { Connection } from '../connection.js';
import { settingsOf } from '../service.js';
import type { Service } from '../service.js';
import type { OAuth2Service } from '../types.js';

export type Grant = NonNullable<OAuth2Service['grant']>;

export async function connectOAuth2(connection: Connection): Promise<Authorizer> {
  const service = await withGrant(connection.service, connection.store);
  const options = await sourceOptions(service, connection.terminal);
  const own = { ...connection, service };
  return new Authorizer(sourceOf(options, own), { ...(await authorizerOptions(own)), ...limitsWithPerson(own).whole });
}

/** A session that `login` began goes on with its refresh token; where nothing is said and nothing began, the client asks for itself. */
async function withGrant(service: Service, store: TokenStore): Promise<Service> {
  const settings = settingsOf(service, 'oauth2');
  if (settings.grant !== undefined) return service;
  const stored = await store.load().catch(() => undefined);
  const grant: Grant = stored?.refreshToken === undefined ? 'client_credentials' : 'refresh_token';
  return { ...service, settings: { ...settings, grant } };
}

/** What every grant of the service is asked with. */
export async function sourceOptions(service: Service, terminal: Terminal): Promise<OAuth2SourceOptions> {
  const { tokenUrl, issuer, revocationUrl, scope, parameters, allowInsecure } = settingsOf(service, 'oauth2');
  if (tokenUrl === undefined && issuer === undefined)
    throw new ConfigurationError(`${service.name} needs the token endpoint, or the issuer`);
  const where = tokenUrl === undefined ? { issuer } : { tokenUrl };
  const { transport } = limitsWithPerson({ service, terminal });
  const clientAuth = await clientAuthOf(service);
  return { ...where, revocationUrl, scope, parameters, allowInsecure, clock: terminal.clock, transport, clientAuth };
}

/** How the client authenticates: as the settings say, else by what it has. */
async function clientAuthOf(service: Service): Promise<ClientAuth> {
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

function sourceOf(options: OAuth2SourceOptions, { service, terminal }: Connection): TokenSource {
  const { grant, username } = settingsOf(service, 'oauth2');
  if (grant === 'client_credentials') return clientCredentialsSource(options);
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
async function authorizerOptions({ service, options }: Connection): Promise<AuthorizerOptions> {
  const { grant } = settingsOf(service, 'oauth2');
  if (grant !== 'refresh_token' || !service.hasSecret('refreshToken')) return options;
  return { ...options, initialToken: { refreshToken: await service.secret('refreshToken') } };
}
