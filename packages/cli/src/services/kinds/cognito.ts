// A user of a Cognito user pool: sign-in by SRP. What the pool asks besides the password, `login` asks the person.
import { Authorizer } from '@axios-authorizer/core';
import { SRPSource } from '@axios-authorizer/cognito';
import type { CognitoToken } from '@axios-authorizer/cognito';
import { fileDeviceStore } from '@axios-authorizer/cognito/node';
import type { AuthorizerOptions } from '@axios-authorizer/core';
import { tokenPlace } from '../../state/token-place.js';
import { promptsFor } from '../../terminal/prompts.js';
import { limitsWithPerson } from '../connection.js';
import type { Connection } from '../connection.js';
import { settingsOf } from '../service.js';
import { askChallenge } from './challenges.js';

export async function connectCognito(connection: Connection): Promise<Authorizer> {
  const { service, terminal, interactive } = connection;
  const settings = settingsOf(service, 'cognito');
  const { userPoolId, clientId, endpoint, tokenUse, authFlow, allowInsecure } = settings;
  const clientSecret = service.hasSecret('clientSecret') ? { clientSecret: () => service.secret('clientSecret') } : {};
  const username = settings.username ?? (interactive ? await askName(connection) : undefined);
  const { whole, transport } = limitsWithPerson(connection);
  const source = new SRPSource(
    { clientId, ...clientSecret },
    {
      userPoolId,
      endpoint,
      tokenUse,
      authFlow,
      allowInsecure,
      clock: terminal.clock,
      transport,
      ...(username !== undefined && { username }),
      ...(hasPassword(connection) && { password: () => service.secret('password') }),
      ...(terminal.isInteractive && { onChallenge: (challenge) => askChallenge(challenge, service, terminal) }),
      devices: fileDeviceStore(tokenPlace(service, terminal).devicesPath),
    },
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the store keeps whatever token it is given
  const options = connection.options as unknown as AuthorizerOptions<CognitoToken>;
  return new Authorizer(source, { ...options, ...whole });
}

/** An application's own questions may come without a password. */
function hasPassword({ service, terminal, interactive }: Connection): boolean {
  const { authFlow } = settingsOf(service, 'cognito');
  if (authFlow === 'CUSTOM_AUTH' || authFlow === 'USER_AUTH') return service.hasSecret('password');
  return service.hasSecret('password') || terminal.isInteractive || interactive; // `login` says what to set where nobody can be asked
}

function askName({ terminal }: Connection): Promise<string> {
  return promptsFor(terminal, "The user's name", 'Give --username, or `username` in the configuration.').text(
    'User name:',
  );
}
