// What went wrong: whether it may pass by itself, and how it is put into words. What a server says goes to a terminal, so
// it is stripped of control characters; neither URLs, which may be signed, nor headers are ever shown.

import { isAuthenticationError } from '@axios-authorizer/core';
import { isAxiosError } from 'axios';

const LONGEST_TEXT = 300;

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

/** What an OperationOutcome says. */
function saidBy(data) {
  const issues = Array.isArray(data?.issue) ? data.issue : [];
  const texts = issues.map((issue) => issue?.diagnostics ?? issue?.details?.text).filter(Boolean);
  return texts.length > 0 ? texts.join('; ') : undefined;
}

/** One line that does nothing to a terminal. */
export function plain(text) {
  if (text === undefined) return undefined;
  const line = String(text)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line;
}
