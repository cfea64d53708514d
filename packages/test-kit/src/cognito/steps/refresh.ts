// New tokens for a refresh token, by the operation of today and by the one of old, and the end of a refresh token. They
// differ in how a client proves its secret, and in that the old one is closed to rotation.

import { clientOf, demandSecret, demandSecretHash } from '../state/clients.js';
import { demand, demandAuthorized } from '../fault.js';
import type { CognitoContext } from '../context.js';
import type { Members } from '../members.js';
import type { Operations } from '../operation.js';
import type { CognitoPoolClient } from '../options.js';

interface Presented {
  readonly client: CognitoPoolClient;
  readonly token: string;
  readonly deviceKey: string | undefined;
}

export function refreshOperations(context: CognitoContext): Operations {
  return {
    GetTokensFromRefreshToken: (body) => {
      const client = clientOf(context, body);
      demandSecret(client, body, 'NotAuthorizedException');
      return refresh(context, { client, token: body.text('RefreshToken'), deviceKey: body.optional('DeviceKey') });
    },
    RevokeToken: (body) => revoke(context, body),
  };
}

/** AuthFlow REFRESH_TOKEN_AUTH. */
export function refreshByInitiateAuth(context: CognitoContext, client: CognitoPoolClient, parameters: Members): object {
  const isRotating = (context.options.refreshRotation ?? false) !== false;
  demandAuthorized(!isRotating, 'Refresh token rotation is enabled for the client: use GetTokensFromRefreshToken.');
  const token = parameters.text('REFRESH_TOKEN');
  const username = context.refreshTokens.originOf(token)?.user.name ?? '';
  demandSecretHash(client, username, parameters);
  return {
    ChallengeParameters: {},
    ...refresh(context, { client, token, deviceKey: parameters.optional('DEVICE_KEY') }),
  };
}

function refresh({ refreshTokens, devices, mint }: CognitoContext, { client, token, deviceKey }: Presented): object {
  const isOurs = refreshTokens.originOf(token)?.clientId === client.clientId;
  demandAuthorized(isOurs, 'Invalid Refresh Token');
  const origin = refreshTokens.check(token);
  const { user } = origin;
  user.demandActive();
  if (origin.deviceKey !== undefined) {
    demandAuthorized(deviceKey === origin.deviceKey, 'Invalid Refresh Token');
    devices.of(user, deviceKey);
  }
  const successor = refreshTokens.successor(token);
  return {
    AuthenticationResult: { ...mint.issue(origin), ...(successor !== undefined && { RefreshToken: successor }) },
  };
}

/** As RFC 7009 has it, a token that nobody knows is no error. */
function revoke(context: CognitoContext, body: Members): object {
  const client = clientOf(context, body);
  demandSecret(client, body, 'UnauthorizedException');
  const token = body.text('Token');
  const { mint, refreshTokens } = context;
  demand(!mint.valid('access', token), 'UnsupportedTokenTypeException', 'Wrong token type');
  const origin = refreshTokens.originOf(token);
  const isForeign = origin !== undefined && origin.clientId !== client.clientId;
  demand(!isForeign, 'UnauthorizedException', 'The token belongs to another client');
  refreshTokens.revoke((one) => one === origin);
  return {};
}
