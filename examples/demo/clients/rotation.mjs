// A session with a certified OpenID provider: tokens of two seconds, each refresh token good for one use, and the whole
// session lost when one is used twice. The provider counts in whole seconds, so a token may end up to a second before it
// says; what is rejected then has to be retried with a new token.

import { clientSecretBasic, introspectToken, refreshTokenSource } from '@axios-authorizer/core';
import { startLoopback, startOidcProvider } from '@axios-authorizer/test-kit';
import { connect, steadyLoad } from '../load.mjs';

export const rotation = {
  name: 'rotation',
  title: 'refresh tokens that are good for one use',
  about:
    'Elsewhere two refreshes at once use the same refresh token twice, and the provider ends the session; here all requests share one refresh, and the session lasts.',
  setting: 'a certified OpenID provider, tokens of 2 s, 20 requests/s',
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
  const question = { url: provider.introspectionUrl, token, clientAuth };
  // undefined: the provider could not be asked, which is no reason to reject the token
  const active = token !== '' && ((await introspectToken(question)) ?? (await introspectToken(question)));
  response.writeHead(active === true ? 200 : 401, { 'content-type': 'application/json' }).end('{}');
}
