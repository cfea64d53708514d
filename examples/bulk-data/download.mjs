// The files of an export, a few at a time, each streamed to the disk as NAME.part and renamed when it is complete. An ended
// or revoked token is no matter here: the client retries the 401. A download that was cut begins anew.

import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, isPassing, readWords } from './failure.mjs';
import { LineCounter } from './lines.mjs';
import { retryAfterMs } from './retry-after.mjs';

const AT_ONCE = 3;
const MOST_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;
/** A connection over which nothing comes is dead. */
const SILENCE_MS = 60_000;
/** Health data is its owner's business. */
const FILE_MODE = 0o600;

/**
 * @param options `out`, `withToken`, `signal`, and `view` with `downloading`, `retrying`, `downloaded`
 * @returns each file that was begun, with `lines`, `bytes` and, when it is not complete, `error`
 */
export async function downloadAll(client, files, options) {
  const results = [];
  const queue = files.values();
  const work = async () => {
    for (const file of queue) {
      if (options.signal.aborted) return;
      results.push(await download(client, file, options));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function download(client, file, { sleep = pause, ...options }) {
  const startedAt = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptOf(client, file, options);
    const { error } = outcome;
    if (error === undefined || attempt === MOST_ATTEMPTS || options.signal.aborted || !isPassing(error)) {
      const result = { ...file, ...outcome, ms: performance.now() - startedAt };
      if (!options.signal.aborted) options.view.downloaded(result);
      return result;
    }
    options.view.retrying(file, describe(error));
    const waitMs = retryAfterMs(error.response?.headers['retry-after']) ?? FIRST_PAUSE_MS * 2 ** attempt;
    await sleep(waitMs, options.signal);
  }
}

async function attemptOf(client, file, options) {
  const silence = silenceGuard(options.signal);
  const counter = new LineCounter(() => {
    silence.noise();
    options.view.downloading(file, counter);
  });
  try {
    await save(client, file, { ...options, counter, signal: silence.signal });
    return { lines: counter.lines, bytes: counter.bytes, remark: remarkOn(file, counter) };
  } catch (error) {
    await readWords(error.response); // they came as a stream
    return { lines: 0, bytes: 0, error: silence.blame(error) };
  } finally {
    silence.end();
  }
}

/** All of the file or nothing of it. */
async function save(client, file, { out, withToken, counter, signal }) {
  const part = join(out, `${file.name}.part`);
  try {
    const { data } = await client.get(file.url.href, {
      responseType: 'stream',
      headers: { Accept: 'application/fhir+ndjson' },
      signal,
      ...(!withToken && { authorizer: false }), // no token, not even to the origin that it is for
    });
    await pipeline(data, counter, createWriteStream(part, { mode: FILE_MODE }), { signal });
    assertCount(file, counter);
    await rename(part, join(out, file.name));
  } finally {
    await rm(part, { force: true });
  }
}

function assertCount(file, counter) {
  const miscounted = miscount(file, counter);
  if (miscounted !== undefined && file.list !== 'error') throw new Error(miscounted);
}

/** Files under `error` are reports: one that is counted wrongly is as good to read as any other. */
function remarkOn(file, counter) {
  return file.list === 'error' ? miscount(file, counter) : undefined;
}

function miscount({ count }, { lines }) {
  if (count === undefined || count === lines) return undefined;
  return `the manifest says ${count} resources, there are ${lines}`;
}

/** A signal that follows `signal`, and aborts by itself when no noise is made for long. */
function silenceGuard(signal) {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  return {
    signal: AbortSignal.any([signal, silence.signal]),
    noise: () => timer.refresh(),
    end: () => clearTimeout(timer),
    blame: (error) => (silence.signal.aborted && !signal.aborted ? stalled() : error),
  };
}

function stalled() {
  return Object.assign(new Error(`nothing came for ${SILENCE_MS / 1000} s`), { code: 'STALLED' });
}

/** Ends early when the signal aborts; the next attempt finds that out. */
async function pause(ms, signal) {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
