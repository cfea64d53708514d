// The world as axios sees it, and the token request that users of the plain plugins write themselves.

import axios, { AxiosError } from 'axios';
import { API_URL } from '../world.mjs';

/** An axios instance whose requests end in `world`. */
export function axiosFor(world) {
  return axios.create({ baseURL: API_URL, adapter: apiAdapter(world) });
}

function apiAdapter(world) {
  return async (config) => {
    const status = await world.api(config.headers.get('Authorization'));
    const response = { status, statusText: '', headers: {}, data: '{}', config, request: {} };
    if (status === 200) return response;
    throw new AxiosError(`status ${status}`, AxiosError.ERR_BAD_REQUEST, config, {}, response);
  };
}

/** The token endpoint behind an axios adapter. */
export function tokenAdapter(world) {
  return async (config) => {
    const { status, body } = await world.grant(new URLSearchParams(config.data).get('refresh_token') ?? undefined);
    const headers = { 'content-type': 'application/json' };
    return { status, statusText: '', headers, data: JSON.stringify(body), config, request: {} };
  };
}

/** What people write by hand: keeps the refresh token, returns a new access token. */
export function handWrittenRefresh(world, { refreshToken }) {
  let current = refreshToken;
  return async () => {
    const { status, body } = await world.grant(current);
    if (status !== 200) throw new Error(`token endpoint: ${status}`);
    current = body.refresh_token ?? current;
    return { accessToken: body.access_token, expiresAt: Date.now() + body.expires_in * 1000 };
  };
}
