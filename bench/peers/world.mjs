// What every client meets: a token endpoint and an API of test-kit on loopback, and a session that has begun. The tokens look like
// JWTs, since some clients read the expiry there.

import { setTimeout as sleep } from 'node:timers/promises';
import { gate, startResourceServer, startTokenEndpoint } from '@axios-authorizer/test-kit';

const CLIENT_ID = 'bench';
/** A token endpoint takes longer than an API. */
export const DEFAULTS = { lifetimeS: 3600, tokenMs: 50, apiMs: 20, start: 'live', rotating: false, down: false };

/**
 * Opens a world with one session.
 * @param options lifetimeS: of tokens; tokenMs, apiMs: how long answers take; staggerMs: range over which 401s are spread;
 *   rotating: refresh tokens are good for one use; down: the token endpoint answers 503; start: 'live', 'expired' (and the client
 *   knows), 'revoked' (and the client does not); together: 401s wait until there are that many; challenge: of a 401; apiKey: sent
 *   beside the token; accepts: false for an API that takes none
 */
export async function openWorld(options = {}) {
  const settings = { ...DEFAULTS, ...options };
  const tokens = await tokenServer(settings);
  const callsBefore = tokens.calls;
  return {
    ...(await apiWorld(settings, tokens)),
    tokenUrl: tokens.url,
    clientId: CLIENT_ID,
    start: tokens.start,
    tokenCalls: () => tokens.calls - callsBefore,
    tokenRequests: () => tokens.requests.slice(callsBefore),
    reuses: () => tokens.reuses,
    isFamilyAlive: () => tokens.familyAlive,
    revokeAll: () => tokens.revokeAll(),
    secrets: () => [...tokens.issued, tokens.start.refreshToken],
  };
}

/** The API of a world whose tokens come from `tokens`, and what else all worlds have. */
export async function apiWorld(settings, tokens) {
  const { staggerMs, challenge, apiMs: delayMs, together, apiKey, lifetimeS } = settings;
  const hold401 = together && heldUntil(together);
  const accepts = (bearer) => settings.accepts !== false && bearer !== undefined && tokens.valid(bearer);
  const api = await startResourceServer({ accepts, staggerMs, delayMs, hold401, ...(challenge && { challenge }) });
  const close = async () => {
    await Promise.all([api.stop(), tokens.stop()]);
  };
  return { api, apiUrl: api.origin, apiKey, lifetimeS, apiCalls: () => api.requests.length, close };
}

/** Holds the first 401s until all of them are there. */
function heldUntil(count) {
  const all = gate();
  return (index) => {
    if (index === count - 1) all.open();
    return index < count ? all.opened : undefined;
  };
}

/** A token endpoint that has signed somebody in. */
async function tokenServer({ lifetimeS, tokenMs, rotating, down, start }) {
  const shownLifetime = { ms: start === 'expired' ? -60_000 : lifetimeS * 1000 };
  const endpoint = await startTokenEndpoint({
    expiresIn: lifetimeS,
    delayMs: tokenMs,
    refreshTokens: rotating ? 'rotating' : 'fixed',
    clock: { now: () => Date.now() },
    get prefix() {
      return unsignedJwt(Date.now() + shownLifetime.ms);
    },
  });
  const { access_token: accessToken, refresh_token: refreshToken } = await signIn(endpoint.url);
  const expiresAt = Date.now() + shownLifetime.ms;
  if (start !== 'live') endpoint.revoke(accessToken);
  if (down) endpoint.always({ status: 503, json: { error: 'temporarily_unavailable' } });
  shownLifetime.ms = lifetimeS * 1000;
  return Object.assign(endpoint, { start: { accessToken, refreshToken, expiresAt } });
}

async function signIn(url) {
  const body = new URLSearchParams({ grant_type: 'password', username: 'ada', password: 'x', client_id: CLIENT_ID });
  return (await fetch(url, { method: 'POST', body })).json();
}

/** The number of the token follows, as its signature. */
function unsignedJwt(expiresAtMs) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: 'ada', iat, exp: Math.floor(expiresAtMs / 1000) })}.signature`;
}

/** A world without a network: what remains is the client's own work. */
export function instantWorld() {
  const expiresAt = Date.now() + 3_600_000;
  return {
    tokenUrl: 'http://127.0.0.1:9/token',
    clientId: CLIENT_ID,
    apiUrl: 'http://127.0.0.1:9',
    lifetimeS: 3600,
    start: { accessToken: `${unsignedJwt(expiresAt)}-1`, refreshToken: 'refresh-1', expiresAt },
    axiosAdapter: async (config) => ({ status: 200, statusText: '', headers: {}, data: '{}', config, request: {} }),
    fetch: async () => new Response('{}'),
    isInstant: true,
  };
}

/** @returns what `work` gave, or 'timeout' */
export async function within(ms, work) {
  const over = new AbortController();
  const late = sleep(ms, 'timeout', { signal: over.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}
