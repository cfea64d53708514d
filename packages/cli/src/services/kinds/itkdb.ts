// The ITk production database: a login by two access codes. There is no refresh, so the codes are read at once.
import type { Authorizer } from '@axios-authorizer/core';
import { User } from '@axios-authorizer/itkdb-user';
import type { UserOptions } from '@axios-authorizer/itkdb-user';
import type { Connection } from '../connection.js';
import { settingsOf } from '../service.js';

export async function connectItkdb({ service, terminal, options }: Connection): Promise<Authorizer> {
  const { audience, authUrl, allowInsecure } = settingsOf(service, 'itkdb');
  const accessCode1 = await service.secret('accessCode1');
  const accessCode2 = await service.secret('accessCode2');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the store keeps whatever token it is given
  const { store, onToken, ...limits } = options as Pick<UserOptions, 'store' | 'onToken' | 'observer' | 'timeoutMs'>;
  const user = new User({
    accessCode1,
    accessCode2,
    audience,
    prefixUrl: authUrl,
    allowInsecure,
    ...limits,
    clock: terminal.clock,
    store,
    ...(onToken && { onToken }),
  });
  return user.authorizer;
}
