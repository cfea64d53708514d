// What went wrong: whether it may pass by itself, and how it is put into words. What a server says goes to a terminal, so
// it is stripped of control characters; neither URLs, which may be signed, nor headers are ever shown.

import { isAuthenticationError } from '@axios-authorizer/core';
import { isAxiosError } from 'axios';

const LONGEST_TEXT = 300;
/** More than an OperationOutcome needs, and longer than it takes. */
const MOST_BYTES = 16_384;
const WORDS_LIMIT_MS = 5_000;

/** Whether the same request may succeed a little later: 429, 5xx, a connection that was lost. */
export function isPassing(error) {
  if (isAuthenticationError(error)) return error.transient;
  const status = error.response?.status;
  if (status !== undefined) return status === 429 || status >= 500;
  return isAxiosError(error) ? error.code !== 'ERR_CANCELED' : LOST.has(error.code);
}

/** How streams say that they were cut, or, compressed, that their end is missing. */
const LOST = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ETIMEDOUT', 'EPIPE', 'Z_BUF_ERROR', 'STALLED']);

export function describe(error) {
  const said = saidBy(error.response?.data);
  return plain(said === undefined ? error.message : `${error.message}: ${said}`);
}

/** What an OperationOutcome, OAuth's JSON or a plain text says; a page of HTML says nothing. */
function saidBy(data) {
  if (typeof data === 'string') return data.trim() === '' || /^\s*</.test(data) ? undefined : data;
  const issues = Array.isArray(data?.issue) ? data.issue : [];
  const texts = issues.map((issue) => issue?.diagnostics ?? issue?.details?.text).filter(Boolean);
  const said = texts.length > 0 ? texts.join('; ') : (data?.error_description ?? data?.error);
  return typeof said === 'string' ? said : undefined;
}

/** Reads the beginning of an answer that came as a stream, so that `describe` finds the server's words. */
export async function readWords(response) {
  const stream = response?.data;
  if (typeof stream?.destroy !== 'function') return;
  const limit = AbortSignal.timeout(WORDS_LIMIT_MS);
  const end = () => stream.destroy();
  limit.addEventListener('abort', end);
  response.data = parsed(await beginningOf(stream));
  limit.removeEventListener('abort', end);
}

async function beginningOf(stream) {
  const pieces = [];
  let bytes = 0;
  try {
    for await (const piece of stream) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= MOST_BYTES) break;
    }
  } catch {
    // what came until then may say enough
  }
  return Buffer.concat(pieces).toString();
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** One line that does nothing to a terminal. */
export function plain(text) {
  if (text === undefined) return undefined;
  const line = String(text)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line;
}
