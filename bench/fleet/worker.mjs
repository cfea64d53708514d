// One process of the fleet. Its role and settings come on the command line; it begins when it is sent a message.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import {
  attachAuth,
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  passwordSource,
  refreshTokenSource,
} from '@axios-authorizer/core';
import { stores } from './stores.mjs';

const API_URL = 'https://api.example';
const TICK_MS = 10;

const [role, text] = process.argv.slice(2);
const settings = JSON.parse(text);
const store = stores[settings.store].open(settings);
const roles = { load, refresh, rounds };

// Waiting for a lease does not by itself keep a process alive.
const hold = setInterval(() => undefined, 60_000);
await tell('ready');
await once(process, 'message');
await roles[role](settings);
clearInterval(hold);
process.disconnect();

/** A long message takes a while, and is lost when the process ends before. */
function tell(message) {
  return new Promise((resolve) => process.send(message, resolve));
}

function authorizer(observer) {
  const { tokenUrl, client, refreshToken, source } = settings;
  const common = { tokenUrl, clientAuth: clientSecretBasic(client ?? { clientId: 'fleet', clientSecret: 'secret' }) };
  if (source === 'client credentials') return new Authorizer(clientCredentialsSource(common), { store, observer });
  if (refreshToken === undefined)
    return new Authorizer(passwordSource({ ...common, username: 'u', password: 'p' }), { store, observer });
  return new Authorizer(refreshTokenSource(common), { store, observer, initialToken: { refreshToken } });
}

/** Requests at a steady rate until told to end, to an API that takes live tokens only. */
async function load({ perSecond, lifeMs }) {
  const result = { requests: 0, failed: 0, longestMs: 0, acquisitionMs: 0, causes: {} };
  const auth = authorizer(({ type, durationMs }) => {
    if (type === 'acquired') result.acquisitionMs = Math.max(result.acquisitionMs, Math.round(durationMs));
  });
  const client = axios.create({ baseURL: API_URL, adapter: api(lifeMs) });
  attachAuth(client, auth);
  const over = new AbortController();
  process.once('message', () => over.abort());
  await auth.getToken(); // nobody has a token before the first one is there
  const startedAt = performance.now();
  const underway = new Set();
  while (!over.signal.aborted) {
    for (; result.requests < ((performance.now() - startedAt) * perSecond) / 1000; result.requests += 1) {
      const sent = one(client, result).finally(() => underway.delete(sent));
      underway.add(sent);
    }
    await sleep(TICK_MS);
  }
  await Promise.all(underway);
  await tell({ ...result, source: settings.source });
}

async function one(client, result) {
  const sentAt = performance.now();
  try {
    await client.get('/');
  } catch (error) {
    const cause = error.code ?? error.message;
    result.failed += 1;
    result.causes[cause] = (result.causes[cause] ?? 0) + 1;
  }
  result.longestMs = Math.max(result.longestMs, Math.round(performance.now() - sentAt));
}

/** A token says when it ends; of one that does not, the life is counted from when it was first seen. */
function api(lifeMs) {
  const firstSeen = new Map();
  return (config) => {
    const bearer = String(config.headers.get('authorization')).slice('Bearer '.length);
    if (!firstSeen.has(bearer)) firstSeen.set(bearer, Date.now());
    const endsAt = /^access-\d+-(\d+)$/.exec(bearer)?.[1] ?? firstSeen.get(bearer) + lifeMs;
    const status = Date.now() < Number(endsAt) ? 200 : 401;
    const response = { status, statusText: '', headers: {}, config, data: '' };
    return status === 200 ? Promise.resolve(response) : Promise.reject(refused(config, response));
  };
}

function refused(config, response) {
  return new axios.AxiosError('Refused', 'ERR_BAD_REQUEST', config, undefined, response);
}

/** Refreshes without end, and tells each token once it is handed out. */
async function refresh() {
  const auth = authorizer();
  for (;;) {
    const startedAt = performance.now();
    const { refreshToken } = await auth.getToken({ force: true });
    process.send({ refreshToken, ms: Math.round(performance.now() - startedAt) });
  }
}

/** Works under the lease, and is paused in it now and then for longer than it lasts. */
async function rounds({ count, leaseMs }) {
  const result = { rounds: 0, held: [], standing: 0, backwards: 0, unavailable: 0, newestAt: 0 };
  while (result.rounds < count) {
    try {
      await store.exclusive(() => round(result, leaseMs));
      result.rounds += 1;
    } catch (error) {
      if (error.code !== 'lease_unavailable') throw error;
      result.unavailable += 1;
    }
  }
  await tell(result);
}

async function round(result, leaseMs) {
  const from = process.hrtime.bigint();
  look(result, await store.load());
  const issuedAt = new Date(); // as an authorizer does: what is asked for is newer than what was loaded
  if (randomInt(100) < 2) standStill(randomInt(leaseMs, leaseMs * 3));
  const standing = await store.save({ accessToken: `${process.pid}-${result.rounds}`, issuedAt });
  if (standing === undefined) result.newestAt = Math.max(result.newestAt, issuedAt.getTime());
  else result.standing += 1; // ours was never there
  look(result, await store.load());
  result.held.push([`${from}`, `${process.hrtime.bigint()}`]);
}

/** What this process has seen or written, or anything newer, must be there. */
function look(result, token) {
  const at = token?.issuedAt?.getTime() ?? 0;
  if (at < result.newestAt) result.backwards += 1;
  result.newestAt = Math.max(result.newestAt, at);
}

/** No timer runs, as in a process that was stopped. */
function standStill(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
