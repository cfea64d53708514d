// An export at the server: kick it off, ask until it is done, cancel it (Bulk Data Access, "Request Flow").

import { setTimeout as wait } from 'node:timers/promises';
import { isPassing, plain } from './failure.mjs';
import { retryAfterMs } from './retry-after.mjs';

const LIMIT_MS = 60_000;
const CANCEL_LIMIT_MS = 5_000;
/** Without Retry-After the pauses grow from the first to the last. */
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 30_000;
/** 429, 5xx and lost connections in a row that are waited for. */
const MOST_FAILURES = 8;

/**
 * Asks for the export. It knows no signal: an export that has begun unseen could not be cancelled.
 * @returns the URL of its status
 */
export async function kickOff(client, { group, type, since }) {
  const query = new URLSearchParams(given({ _type: type, _since: since }));
  const path = group === undefined ? '/$export' : `/Group/${encodeURIComponent(group)}/$export`;
  const url = query.size > 0 ? `${path}?${query}` : path;
  const { status, headers } = await client.get(url, { headers: { Prefer: 'respond-async' }, timeout: LIMIT_MS });
  const location = headers['content-location'];
  if (status !== 202) throw new Error(`The server began no export: its answer was ${status} and not 202`);
  if (location === undefined)
    throw new Error('The server does not say where to ask for the export: no Content-Location');
  return new URL(location, client.getUri({ url })); // may be relative
}

/** @returns the manifest, once there is one; each answer until then is told with the pause that follows it */
export async function pollUntilDone(client, statusUrl, { signal, told, sleep = pause }) {
  for (let asked = 1, failures = 0; ; asked += 1) {
    const answer = await ask(client, statusUrl, signal);
    if (answer.status === 200) return answer.data;
    failures = answer.status === 202 ? 0 : failures + 1;
    if (failures > MOST_FAILURES) throw answer.error;
    const waitMs = retryAfterMs(answer.headers?.['retry-after']) ?? pauseMs(asked);
    told({ waitMs, progress: plain(answer.headers?.['x-progress']), error: answer.error });
    await sleep(waitMs, signal);
  }
}

/** Tells the server that the export is not wanted any more. */
export async function cancel(client, statusUrl) {
  await client.delete(statusUrl.href, { timeout: CANCEL_LIMIT_MS, signal: AbortSignal.timeout(CANCEL_LIMIT_MS) });
}

/** A failure that may pass by itself is an answer too. */
async function ask(client, statusUrl, signal) {
  try {
    const answer = await client.get(statusUrl.href, {
      signal,
      timeout: LIMIT_MS,
      headers: { Accept: 'application/json' },
    });
    if (answer.status === 200 || answer.status === 202) return answer;
    throw new Error(`The status of the export was answered with ${answer.status}`);
  } catch (error) {
    if (signal.aborted || !isPassing(error)) throw error;
    return { status: error.response?.status, headers: error.response?.headers, error };
  }
}

function pauseMs(asked) {
  return Math.min(FIRST_PAUSE_MS * 1.5 ** (asked - 1), LAST_PAUSE_MS);
}

function pause(ms, signal) {
  return wait(ms, undefined, { signal });
}

function given(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
