// The services of samples in which a person signs in: an OpenID provider and somebody who goes where the browser is sent, a
// server of device codes that takes each code as typed in, and one that exchanges tokens.
import { startAssertionGrants, startLoopback, startOidcProvider } from '@axios-authorizer/test-kit';

const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

/** @returns the environment of the sample, and what ends the servers */
export async function start() {
  const [provider, exchange, devices] = [await startOidcProvider(), await startAssertionGrants(), await startDevices()];
  exchange.parties.set('token-of-ada', { sub: 'ada', type: accessToken });
  const browser = await startLoopback(async ({ url }, response) => {
    const target = new URL(url, provider.issuer).searchParams.get('url') ?? '';
    response.end(await provider.authorize(target));
  });
  const env = {
    ISSUER: provider.issuer,
    AUTHORIZATION_URL: provider.authorizationUrl,
    TOKEN_URL: provider.tokenUrl,
    CLIENT_ID: provider.nativeClient.clientId,
    REDIRECT_URI: provider.nativeClient.redirectUri,
    BROWSER_URL: browser.origin,
    DEVICE_URL: devices.origin,
    EXCHANGE_URL: exchange.tokenUrl,
  };
  return { env, stop: () => Promise.all([provider, exchange, devices, browser].map((server) => server.stop())) };
}

async function startDevices() {
  const server = await startLoopback(({ url }, response) => {
    const code = { device_code: 'd', user_code: 'WDJB-MJHT', verification_uri: 'https://id.example.org/device' };
    const answer =
      url === '/device' ? { ...code, expires_in: 600, interval: 1 } : { access_token: 'a', expires_in: 300 };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  return server;
}
