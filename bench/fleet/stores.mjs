// The stores that a fleet can be measured on. Each child process opens its own.
import { join } from 'node:path';
import { fileTokenStore } from '@axios-authorizer/core/node';

/** By name: { name, open({ folder, leaseMs? }) => TokenStore }. */
export const stores = {
  file: {
    name: 'file',
    open: ({ folder, leaseMs }) => fileTokenStore(join(folder, 'token.json'), { leaseMs }),
  },
};
