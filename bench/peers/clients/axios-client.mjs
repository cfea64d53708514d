// What the clients on axios share: an instance whose requests end in the world, and the token request that users of the plain
// plugins write themselves.

import { Readable } from 'node:stream';
import axios from 'axios';

/** An axios instance for the API of `world`. */
export function axiosFor({ apiUrl, apiKey, axiosAdapter }) {
  return axios.create({
    baseURL: apiUrl,
    ...(axiosAdapter && { adapter: axiosAdapter }),
    ...(apiKey !== undefined && { headers: { 'X-Api-Key': apiKey } }),
  });
}

/** @returns a function that sends one request; a body is one of bodies.mjs */
export function senderOf(client) {
  return ({ url = '/things', method = 'GET', body } = {}) => client.request({ url, method, data: dataOf(body) });
}

function dataOf(body) {
  return body?.kind === 'stream' ? Readable.from(body.make()) : body?.make();
}

/** The function that each plain plugin asks for: takes a refresh token, returns new tokens. */
export async function requestTokens({ tokenUrl, clientId }, refreshToken) {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId });
  const { data } = await axios.post(tokenUrl, form);
  return {
    accessToken: data.access_token,
    refreshToken: data.refresh_token ?? refreshToken,
    expiresAt: Date.now() + data.expires_in * 1000,
  };
}

/** axios with the token in a header that an interceptor sets, and nothing else: what the others are measured against. */
export function bareAxios(world) {
  const client = axiosFor(world);
  client.defaults.headers.Authorization = `Bearer ${world.start.accessToken}`;
  return { name: 'axios with a fixed header', send: senderOf(client) };
}
