// A server of device codes that answers as the test says, and the waits of whoever asks it.
import { startLoopback, until } from '@axios-authorizer/test-kit';
import { deviceCodeSource, publicClient } from '../../src/index.js';
import type { Clock, DeviceCodeSourceOptions, TokenSource } from '../../src/index.js';
import { afterwards } from '../endpoint/stage.js';

/** What a poll gets: an `error` or "silence", a status, or a token. */
export type Poll = string | number | object;

export interface Device {
  readonly source: TokenSource;
  /** How long was waited before each question, in ms. */
  readonly waits: number[];
  /** The token requests that came. */
  readonly polls: URLSearchParams[];
  readonly codeRequests: URLSearchParams[];
}

export interface DeviceOptions {
  /** One after the other; the last one for ever. */
  readonly polls?: readonly Poll[];
  /** In place of members of the device authorization. */
  readonly answer?: object;
  readonly options?: Partial<DeviceCodeSourceOptions>;
  /** Called with each wait; what it returns is how far the clock jumps, in ms. */
  readonly waiting?: (ms: number) => number;
  readonly retryAfter?: string;
}

/**
 * Time passes as soon as it is waited for. Of two sleeps the first is a wait, the second the limit of the question that follows: it
 * is over as soon as a server that is silent has got that, else never.
 */
export async function device({
  polls = [],
  answer,
  options,
  waiting,
  retryAfter,
}: DeviceOptions = {}): Promise<Device> {
  const seen = { waits: [] as number[], polls: [] as URLSearchParams[], codeRequests: [] as URLSearchParams[] };
  const next = (index: number): Poll => polls[Math.min(index, polls.length - 1)] ?? { access_token: 'signed-in' };
  const server = await startLoopback(({ url, body }, response) => {
    const form = new URLSearchParams(body.toString());
    response.setHeader('content-type', 'application/json');
    if (url === '/device') {
      seen.codeRequests.push(form);
      response.end(JSON.stringify({ ...authorization(server.origin), ...answer }));
      return;
    }
    const poll = next(seen.polls.length);
    seen.polls.push(form);
    if (poll === 'silence') return;
    if (typeof poll !== 'object' && retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
    response.statusCode = typeof poll === 'number' ? poll : typeof poll === 'string' ? 400 : 200;
    response.end(JSON.stringify(typeof poll === 'string' ? { error: poll, error_description: `It is ${poll}` } : poll));
  });
  afterwards(() => server.stop());
  let sleeps = 0;
  let at = Date.UTC(2026, 0, 1);
  const clock: Clock = {
    now: () => at,
    sleep: async (ms, signal) => {
      const count = seen.polls.length;
      sleeps += 1;
      if (sleeps % 2 === 0 && next(count) === 'silence') await until(() => seen.polls.length > count, 'the question');
      else if (sleeps % 2 === 0) await new Promise(() => 0);
      else {
        seen.waits.push(ms);
        at += ms + (waiting?.(ms) ?? 0);
      }
      signal?.throwIfAborted();
    },
  };
  const source = deviceCodeSource({
    deviceAuthorizationUrl: `${server.origin}/device`,
    tokenUrl: `${server.origin}/token`,
    clientAuth: publicClient({ clientId: 'tv' }),
    scope: 'films',
    onUserCode: () => undefined,
    clock,
    ...options,
  });
  return { source, ...seen };
}

function authorization(origin: string): object {
  return {
    device_code: 'secret-code',
    user_code: 'WDJB-MJHT',
    verification_uri: `${origin}/activate`,
    expires_in: 600,
  };
}
