import {
  attachAuth,
  Authorizer,
  clientCredentialsSource,
  publicClient,
  refreshTokenSource,
} from '@axios-authorizer/core';
import { TOKEN_URL } from '../world.mjs';
import { axiosFor, tokenAdapter } from './axios-world.mjs';

/** As if each token had been issued for an hour: what is left of it decides how old it is. */
const HOUR_MS = 3_600_000;

export const ours = {
  name: '@axios-authorizer/core',
  create(world, start, observer) {
    const client = axiosFor(world);
    attachAuth(client, new Authorizer(sourceFor(world, start), { initialToken: tokenOf(start), observer }));
    return { send: () => client.get('/things') };
  },
};

function sourceFor(world, { refreshToken }) {
  const options = {
    tokenUrl: TOKEN_URL,
    clientAuth: publicClient({ clientId: 'bench' }),
    transport: { adapter: tokenAdapter(world) },
  };
  return refreshToken === undefined ? clientCredentialsSource(options) : refreshTokenSource(options);
}

function tokenOf({ accessToken, expiresAt, refreshToken }) {
  if (accessToken === undefined) return undefined;
  return { accessToken, refreshToken, expiresAt: new Date(expiresAt), issuedAt: new Date(expiresAt - HOUR_MS) };
}
