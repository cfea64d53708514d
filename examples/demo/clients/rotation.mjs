// A session with a certified OpenID provider: tokens of two seconds, each refresh token good for one use, and the whole
// session lost when one is used twice. The provider counts in whole seconds, so a token may end up to a second before it
// says; such refusals have to be healed.

import { clientSecretBasic, introspectToken, refreshTokenSource } from '@axios-authorizer/core';
import { startLoopback, startOidcProvider } from '@axios-authorizer/test-kit';
import { connect, steadyLoad } from '../load.mjs';

export const rotation = {
  name: 'rotation',
  about: 'OpenID provider, tokens of 2 s, refresh tokens for one use',
  async start(journal, { seconds, pace, fault }) {
    const provider = await startOidcProvider({ accessTokenSeconds: pace.seconds(2) });
    const clientAuth = clientSecretBasic(provider.clients.rotating);
    const api = await startLoopback((request, response) => serve(request, response, { provider, clientAuth }));
    const { refreshToken } = await provider.signIn();
    const source = refreshTokenSource({ tokenUrl: provider.tokenUrl, clientAuth });
    const given = { journal, pace, fault, initialToken: { refreshToken } };
    const { client, close } = connect({ origin: api.origin, source, ...given });
    return {
      run: () => steadyLoad(client, journal, { perSecond: 20, seconds, pace }),
      promises: async () => {
        const { refreshReuses, granted } = await provider.counters();
        return [
          { says: 'no refresh token is used twice', kept: refreshReuses === 0, seen: `${refreshReuses} were` },
          { says: 'each token costs one call', kept: granted === journal.tokens.length, seen: `${granted} calls` },
        ];
      },
      stop: async () => {
        close();
        await Promise.all([api.stop(), provider.stop()]);
      },
    };
  },
};

/** An API that asks the provider about every token it is shown (RFC 7662). */
async function serve({ headers }, response, { provider, clientAuth }) {
  const [, token = ''] = (headers.authorization ?? '').split(' ');
  const active = token !== '' && (await introspectToken({ url: provider.introspectionUrl, token, clientAuth }));
  response.writeHead(active === true ? 200 : 401, { 'content-type': 'application/json' }).end('{}');
}
