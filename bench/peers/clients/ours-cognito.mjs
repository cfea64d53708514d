import { attachAuth } from '@axios-authorizer/core';
import { SRPAuthorizer } from '@axios-authorizer/cognito';
import { axiosFor } from './axios-client.mjs';
import { ourSenderOf } from './ours.mjs';

export const oursCognito = {
  name: '@axios-authorizer/cognito',
  packageName: '@axios-authorizer/cognito',
  used: '`SRPAuthorizer` that resumes a session, `attachAuth`',
  isOurs: true,
  opensPool: true,
  retries401: true,
  bundle: `import axios from 'axios';
    import { attachAuth } from '@axios-authorizer/core';
    import { SRPAuthorizer } from '@axios-authorizer/cognito';
    export const client = axios.create({ baseURL: API_URL });
    attachAuth(client, new SRPAuthorizer({ clientId: 'app' }, { userPoolId: POOL, username: 'ada', password: 'x' }));`,
  open(world) {
    const { clientId, apiKey, pool, start, lifetimeS } = world;
    const expiresAt = new Date(start.expiresAt);
    const issuedAt = new Date(start.expiresAt - lifetimeS * 1000);
    const authorizer = new SRPAuthorizer(
      { clientId, ...(apiKey && { apiKey }) },
      { ...pool, initialToken: { ...start, expiresAt, issuedAt } },
    );
    const client = axiosFor({ ...world, apiKey: undefined });
    attachAuth(client, authorizer);
    return { send: ourSenderOf(client), close: () => authorizer.close() };
  },
};
