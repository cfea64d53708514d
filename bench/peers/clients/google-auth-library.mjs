import { Readable } from 'node:stream';
import { gaxios, OAuth2Client } from 'google-auth-library';

const README = { retries401: false, forceRefreshOnFailure: false, eagerMs: () => undefined };
/** 15 s, or less for tokens that live for less than a minute or two: what a careful user writes. */
const TUNED = {
  retries401: true,
  keepsRotated: true,
  forceRefreshOnFailure: true,
  eagerMs: (lifetimeS) => Math.min(15_000, lifetimeS * 100),
};

export const google = adapter('google-auth-library', '`OAuth2Client` as its README says', README);
export const googleTuned = adapter(
  'google-auth-library, tuned',
  '`OAuth2Client` with `forceRefreshOnFailure`, `eagerRefreshThresholdMillis` of at most 15 s, and a listener to `tokens` that keeps a rotated refresh token',
  TUNED,
);

function adapter(name, used, { retries401, forceRefreshOnFailure, eagerMs, keepsRotated }) {
  return {
    name,
    packageName: 'google-auth-library',
    used,
    retries401,
    isNodeOnly: true,
    bundle: `import { OAuth2Client } from 'google-auth-library';
      export const client = new OAuth2Client({ clientId: 'app', endpoints: { oauth2TokenUrl: TOKEN_URL } });`,
    bare,
    open(world) {
      const { accessToken, refreshToken, expiresAt } = world.start;
      const client = new OAuth2Client({
        clientId: world.clientId,
        endpoints: { oauth2TokenUrl: world.tokenUrl },
        forceRefreshOnFailure,
        eagerRefreshThresholdMillis: eagerMs(world.lifetimeS),
        ...(world.fetch && { transporterOptions: { fetchImplementation: world.fetch } }),
      });
      client.setCredentials({ access_token: accessToken, refresh_token: refreshToken, expiry_date: expiresAt });
      if (keepsRotated) {
        client.on('tokens', (tokens) => (client.credentials.refresh_token = tokens.refresh_token ?? refreshToken));
      }
      return { send: senderOf(client, world) };
    },
  };
}

function senderOf(client, { apiUrl, apiKey }) {
  const headers = apiKey === undefined ? {} : { 'X-Api-Key': apiKey };
  return ({ url = '/things', method = 'GET', body } = {}) =>
    client.request({ url: new URL(url, apiUrl).href, method, headers, ...(body && { data: dataOf(body) }) });
}

function dataOf(body) {
  return body.kind === 'stream' ? Readable.from(body.make()) : body.make();
}

function bare(world) {
  const client = new gaxios.Gaxios({ fetchImplementation: world.fetch });
  const [url, headers] = [`${world.apiUrl}/things`, { authorization: `Bearer ${world.start.accessToken}` }];
  return { name: 'gaxios with a fixed header', send: () => client.request({ url, headers }) };
}
