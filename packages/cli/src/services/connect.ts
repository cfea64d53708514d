// From a service to the authorizer that keeps its token. What a kind needs is loaded when a service of that kind is used.
import type { Authorizer, Observer, Token, TokenStore } from '@axios-authorizer/core';
import { aboutToken, saveAbout } from '../state/about.js';
import { tokenStoreOf } from '../state/token-place.js';
import type { Terminal } from '../terminal/terminal.js';
import type { Connection } from './connection.js';
import type { Service } from './service.js';

export interface ConnectOptions {
  /** Whether a person is asked for what is missing. Default: false. */
  readonly interactive?: boolean;
  /** Where the token is kept. Default: in the file of the service. */
  readonly store?: TokenStore;
  /** Told what happens. Default: nobody. */
  readonly observer?: Observer;
}

/** The authorizer of a service, on its stored token. Whoever takes it closes it. */
export async function connect(
  service: Service,
  terminal: Terminal,
  { interactive = false, observer, ...given }: ConnectOptions = {},
): Promise<Authorizer> {
  const store = given.store ?? (await tokenStoreOf(service, terminal));
  const { clock } = terminal;
  const onToken = async (token: Token): Promise<void> => {
    hide(token, terminal);
    if (given.store === undefined) await saveAbout(aboutToken(service, token, terminal), terminal);
  };
  const { timeoutMs } = service;
  return authorizerOf({
    service,
    terminal,
    store,
    options: { store, clock, onToken, observer, timeoutMs },
    interactive,
  });
}

async function authorizerOf(connection: Connection): Promise<Authorizer> {
  const { kind } = connection.service.settings;
  if (kind === 'smart') return (await import('./kinds/smart.js')).connectSmart(connection);
  if (kind === 'itkdb') return (await import('./kinds/itkdb.js')).connectItkdb(connection);
  if (kind === 'cognito') return (await import('./kinds/cognito.js')).connectCognito(connection);
  return (await import('./kinds/oauth2.js')).connectOAuth2(connection);
}

/** No message may show it from now on. */
export function hide({ accessToken, refreshToken, idToken }: Partial<Token>, { secrets }: Terminal): void {
  for (const secret of [accessToken, refreshToken, idToken]) if (secret) secrets.add(secret);
}
