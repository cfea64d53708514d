// Whether an answer to fetch rejects the token (C7). The hook `unauthorized` may take its time here, and look into a copy of the body.
import { abortable } from '../internal/clock.js';
import { asString, headerValue, recordOf } from '../internal/records.js';
import { isWebStream } from '../internal/streams.js';
import { parseUrl } from '../request/allow-list.js';
import { challengeIn } from '../request/challenges.js';
import type { ChallengeVerdict } from '../request/challenges.js';
import { emitNotice, hookFailed } from '../request/skipped.js';
import { stepUpIn } from '../request/step-up.js';
import type { AuthChallenge } from '../token/challenge.js';
import type { FetchUnauthorized, Sending } from './context.js';
import { discard } from './sending.js';

/** Why an answer is a rejection. */
export interface Rejection {
  readonly status: number;
  readonly challenge: ChallengeVerdict['challenge'];
}

const MOST_BYTES = 1024 * 1024;
const JSON_TYPE = /^\s*(?:application|text)\/(?:[\w.!#$&^-]+\+)?json\s*(?:;|$)/i;

/** @returns undefined unless the answer rejects the token @throws the reason of the caller's signal */
export async function judge(sending: Sending, response: Response): Promise<Rejection | undefined> {
  const { lifecycle } = sending.internals;
  const isRejected = sending.isAllowed && (await isRejection(sending, response));
  if (isRejected) return { status: response.status, challenge: challengeIn(response.headers).challenge };
  if (response.status > 0 && response.status < 400)
    lifecycle.rejections.accepted(sending.token, sending.url, sending.method);
  return undefined;
}

/** The challenge that says that the token is not enough, where the source may have more. */
export function needsMore(sending: Sending, response: Response): AuthChallenge | undefined {
  if (response.status < 400 || !sending.isAllowed || !sending.internals.lifecycle.stepUps.isPossible) return undefined;
  return isOfAllowed(sending, response) ? stepUpIn(response.status, response.headers) : undefined;
}

/** A browser follows redirects unasked. */
function isOfAllowed({ binding }: Sending, response: Response): boolean {
  const url = response.url ? parseUrl(response.url) : undefined;
  return url === undefined || binding.allowList.allows(url);
}

async function isRejection(sending: Sending, response: Response): Promise<boolean> {
  const { unauthorized } = sending.binding;
  if ((!unauthorized && response.status !== 401) || !isOfAllowed(sending, response)) return false;
  return unauthorized ? saysHook(unauthorized, sending, response) : !challengeIn(response.headers).isHopeless;
}

async function saysHook(hook: FetchUnauthorized, sending: Sending, response: Response): Promise<boolean> {
  const { status, headers } = response;
  const { signal } = sending.asked;
  let reading: Promise<unknown> | undefined;
  const json = (): Promise<unknown> => (reading ??= readJson(response, signal));
  const verdict = (async (): Promise<unknown> =>
    hook({ status, headers, url: response.url || sending.url.href }, json))();
  try {
    return Boolean(await abortable(verdict, signal));
  } catch (thrown) {
    if (signal?.aborted) discard(response);
    if (signal?.aborted) throw signal.reason;
    emitNotice(sending.internals, hookFailed(thrown));
    return false;
  }
}

async function readJson(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
  const type = asString(headerValue(response.headers, 'content-type')) ?? '';
  const length = Number(headerValue(response.headers, 'content-length') ?? 0);
  if (!JSON_TYPE.test(type) || length > MOST_BYTES || typeof recordOf(response)['clone'] !== 'function')
    return undefined;
  try {
    const text = await readText(response.clone().body, signal);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined for what is longer than that, or no web stream; what was read of it when `signal` aborts. */
async function readText(body: unknown, signal: AbortSignal | undefined): Promise<string | undefined> {
  if (!isWebStream(body)) return undefined;
  const reader = body.getReader();
  const stop = (): void => void reader.cancel().catch(() => undefined);
  signal?.addEventListener('abort', stop);
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  try {
    while (bytes <= MOST_BYTES) {
      const part: { readonly done: boolean; readonly value?: unknown } = await reader.read();
      if (part.done || !ArrayBuffer.isView(part.value)) return text + decoder.decode();
      bytes += part.value.byteLength;
      text += decoder.decode(part.value, { stream: true });
    }
    stop();
    return undefined;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
