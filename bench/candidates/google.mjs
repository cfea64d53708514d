import { OAuth2Client } from 'google-auth-library';
import { API_URL, TOKEN_URL } from '../world.mjs';

export const google = candidate('google-auth-library OAuth2Client (defaults)', false);
export const googleForced = candidate('google-auth-library OAuth2Client (forceRefreshOnFailure)', true);

/** The world as fetch sees it. */
export function fetchFor(world) {
  return async (url, { headers, body } = {}) => {
    if (String(url).startsWith(TOKEN_URL)) {
      const { status, body: answer } = await world.grant(new URLSearchParams(body).get('refresh_token') ?? undefined);
      return Response.json(answer, { status });
    }
    const status = await world.api(new Headers(headers).get('authorization'));
    return Response.json({}, { status });
  };
}

function candidate(name, forceRefreshOnFailure) {
  return {
    name,
    create(world, { accessToken, expiresAt, refreshToken = 'refresh' }) {
      const client = new OAuth2Client({
        clientId: 'bench',
        endpoints: { oauth2TokenUrl: TOKEN_URL },
        forceRefreshOnFailure,
        transporterOptions: { fetchImplementation: fetchFor(world) },
      });
      client.setCredentials({ access_token: accessToken, refresh_token: refreshToken, expiry_date: expiresAt });
      return { send: () => client.request({ url: `${API_URL}/things` }) };
    },
  };
}
