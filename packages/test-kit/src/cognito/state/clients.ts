// App clients and their secrets. A secret hash is made over a user name, and over which one decides between a login that
// works and the message that everybody has searched for.

import { createHmac } from 'node:crypto';
import { CognitoFault, demand } from '../fault.js';
import type { CognitoContext } from '../context.js';
import type { Members } from '../members.js';
import type { CognitoPoolClient } from '../options.js';

/** @throws CognitoFault ResourceNotFoundException */
export function clientOf({ clients }: CognitoContext, body: Members): CognitoPoolClient {
  const id = body.text('ClientId');
  const client = clients.find(({ clientId }) => clientId === id);
  if (client === undefined) {
    throw new CognitoFault('ResourceNotFoundException', `User pool client ${id} does not exist.`);
  }
  return client;
}

/** base64(HMAC-SHA256(secret, username clientId)), and none for a client without secret. */
export function demandSecretHash(
  { clientId, clientSecret }: CognitoPoolClient,
  username: string,
  parameters: Members,
): void {
  const expected = clientSecret === undefined ? undefined : hmac(clientSecret, `${username}${clientId}`);
  const message = `Unable to verify secret hash for client ${clientId}`;
  demand(parameters.optional('SECRET_HASH') === expected, 'NotAuthorizedException', message);
}

/** ClientSecret as it is, where the operation wants that. */
export function demandSecret({ clientId, clientSecret }: CognitoPoolClient, body: Members, type: string): void {
  demand(body.optional('ClientSecret') === clientSecret, type, `Unable to verify the secret of client ${clientId}`);
}

function hmac(secret: string, message: string): string {
  return createHmac('sha256', secret).update(message).digest('base64');
}
