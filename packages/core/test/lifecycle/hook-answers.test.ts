// A user's own function asks a server with whatever client it likes, and throws what that client throws. Is the answer read?
import axios from 'axios';
import { AxiosHeaders } from 'axios';
import { ManualClock, startLoopback } from '@axios-authorizer/test-kit';
import { Authorizer, memoryTokenStore } from '../../src/index.js';
import { failureOf, noting, passing } from './stage.js';
import type { AuthenticationError, GetToken, Token, TokenSource } from '../../src/index.js';
import type { LoopbackServer } from '@axios-authorizer/test-kit';

interface Said {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

let server: LoopbackServer;
let said: Said = { status: 200 };
beforeAll(async () => {
  server = await startLoopback((_request, response) => {
    const { status, body = '', headers = {} } = said;
    const type = typeof body === 'string' ? 'text/html' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
});
afterAll(() => server.stop());

/** Asks the server as users do, and throws what their clients throw. */
const clients: Readonly<Record<string, () => Promise<never>>> = {
  axios: async () => fell(await axios.post(server.origin, {})),
  'axios over fetch': async () => fell(await axios.post(server.origin, {}, { adapter: 'fetch' })),
  'axios with bytes': async () => fell(await axios.post(server.origin, {}, { responseType: 'arraybuffer' })),
  'a wrapped axios error': async () => {
    try {
      return fell(await axios.post(server.origin, {}));
    } catch (cause) {
      throw new Error('my own words', { cause });
    }
  },
  // ky and others attach the Response of fetch, which nobody has read
  'fetch, with its Response': async () => {
    const response = await fetch(server.origin);
    throw Object.assign(new Error(`Request failed with status code ${response.status}`), { response });
  },
  // ofetch and many a hand-written client
  'fetch, with status and data': async () => {
    const { status, headers, ...response } = await read();
    throw Object.assign(new Error('HTTP'), { status, headers, data: parsed(response.text) });
  },
  got: async () => {
    const { status: statusCode, headers, text } = await read();
    const response = { statusCode, headers: Object.fromEntries(headers), body: text };
    throw Object.assign(new Error('HTTPError'), { code: 'ERR_NON_2XX_3XX_RESPONSE', response });
  },
  superagent: async () => {
    const { status, headers, text } = await read();
    const response = { status, headers: Object.fromEntries(headers), text, body: parsed(text) };
    throw Object.assign(new Error('Unsuccessful'), { status, response });
  },
};
const names = Object.keys(clients);

function fell(value: unknown): never {
  throw new Error(`It should have failed: ${String(value)}`);
}

async function read(): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  const { status, headers, ...response } = await fetch(server.origin).then(async (answer) => ({
    status: answer.status,
    headers: answer.headers,
    text: await answer.text(),
  }));
  return { status, headers, ...response };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

interface Scene {
  readonly auth: Authorizer;
  readonly asked: string[];
  readonly failure: AuthenticationError | undefined;
}

/** A token has expired, `refresh` meets what the server says, `authorize` works. */
async function refreshed(client: string, answer: Said): Promise<Scene> {
  said = answer;
  const clock = new ManualClock();
  const asked: string[] = [];
  const fresh = (): Token => ({ accessToken: `token-${asked.length}`, expiresAt: new Date(clock.now() + 100_000) });
  const source: TokenSource = {
    authorize: () => (asked.push('authorize'), Promise.resolve({ ...fresh(), refreshToken: 'new' })),
    refresh: () => (asked.push('refresh'), clients[client]?.() ?? Promise.reject(new Error('no such client'))),
  };
  const initialToken = { accessToken: 'old', refreshToken: 'r-0', expiresAt: new Date(clock.now() - 1) };
  const auth = new Authorizer(source, { clock, initialToken, store: memoryTokenStore(), maxRetries: 0 });
  const failure = await auth.getToken().then(
    () => undefined,
    (error: unknown) => error as AuthenticationError,
  );
  return { auth, asked, failure };
}

const invalidGrant = { status: 400, body: { error: 'invalid_grant', error_description: 'revoked' } };

describe.each(names)('%s', (client) => {
  it.each<readonly [string, Said]>([
    ['400 invalid_grant', invalidGrant],
    ['401 invalid_grant', { ...invalidGrant, status: 401 }],
    ['401 without a word', { status: 401, body: {} }],
    ['400 without a word', { status: 400, body: {} }],
    ['401 in a framework’s own JSON', { status: 401, body: { statusCode: 401, error: 'Unauthorized' } }],
  ])('a refresh that is answered %s is refused for good: authorize is asked, once (C5)', async (_what, answer) => {
    const { auth, asked, failure } = await refreshed(client, answer);
    expect([failure, asked]).toEqual([undefined, ['refresh', 'authorize']]);
    expect(auth.token?.refreshToken).toBe('new');
  });

  it.each<readonly [string, Said, object]>([
    ['401 invalid_client', { status: 401, body: { error: 'invalid_client' } }, { kind: 'credentials' }],
    ['400 unauthorized_client', { status: 400, body: { error: 'unauthorized_client' } }, { kind: 'credentials' }],
    ['403 access_denied', { status: 403, body: { error: 'access_denied' } }, { kind: 'credentials' }],
    ['400 invalid_scope', { status: 400, body: { error: 'invalid_scope' } }, { kind: 'configuration' }],
    ['a bare 403', { status: 403, body: {} }, { kind: 'unavailable', transient: false }],
    ['a page of 401', { status: 401, body: '<!doctype html><p>Sign in to the wireless network' }, { kind: 'unavailable', transient: false }], // prettier-ignore
    ['a page of 400', { status: 400, body: '<html>Bad request' }, { kind: 'unavailable', transient: false }],
    ['408', { status: 408, body: {} }, { kind: 'unavailable', transient: true }],
    ['425', { status: 425, body: {} }, { kind: 'unavailable', transient: true }],
    ['a page of 503', { status: 503, body: '<html>Maintenance' }, { kind: 'unavailable', transient: true }],
    ['400 temporarily_unavailable', { status: 400, body: { error: 'temporarily_unavailable' } }, { kind: 'unavailable', transient: true }], // prettier-ignore
    ['429 with a Retry-After', { status: 429, body: {}, headers: { 'retry-after': '7' } }, { kind: 'unavailable', transient: true, retryAfterMs: 7_000 }], // prettier-ignore
  ])(
    'a refresh that is answered %s keeps the refresh token, and nobody signs in (C5)',
    async (_what, answer, expected) => {
      const { auth, asked, failure } = await refreshed(client, answer);
      expect(failure).toMatchObject(expected);
      expect([asked, auth.token?.refreshToken]).toEqual([['refresh'], 'r-0']);
    },
  );
});

async function signedIn(answer: Said): Promise<{ readonly failure: AuthenticationError; readonly calls: number }> {
  said = answer;
  let calls = 0;
  const clock = new ManualClock();
  const hook: GetToken = () => ((calls += 1), clients['axios']?.() ?? fell(undefined));
  const failure = await failureOf(passing(clock, new Authorizer(hook, { clock }).getToken()));
  return { failure, calls };
}

it.each<readonly [string, Said, object, number]>([
  ['400 invalid_grant', invalidGrant, { kind: 'credentials', transient: false }, 1],
  ['401 without a word', { status: 401, body: {} }, { kind: 'credentials', transient: false }, 1],
  ['400 without a word', { status: 400, body: {} }, { kind: 'credentials', transient: false }, 1],
  ['a bare 403', { status: 403, body: {} }, { kind: 'unavailable', transient: false }, 1],
  ['404', { status: 404, body: {} }, { kind: 'configuration', transient: false }, 1],
  ['503', { status: 503, body: {} }, { kind: 'unavailable', transient: true }, 4],
])('a sign-in that is answered %s says who has to do what (C5)', async (_what, answer, expected, tries) => {
  const { failure, calls } = await signedIn(answer);
  expect(failure).toMatchObject({ code: 'source_failed', ...expected });
  expect(failure.message).toContain(`The token source failed: Request failed with status code ${answer.status}`);
  expect(calls).toBe(tries);
});

it('a refresh without a refresh token (a cookie’s) that is refused for good leads to a sign-in as well (C5)', async () => {
  said = { status: 401, body: {} };
  const clock = new ManualClock();
  const asked: string[] = [];
  const source: TokenSource = {
    authorize: () => (asked.push('authorize'), Promise.resolve({ accessToken: 'new' })),
    refresh: () => (asked.push('refresh'), clients['axios']?.() ?? fell(undefined)),
  };
  const initialToken = { accessToken: 'old', expiresAt: new Date(clock.now() - 1) };
  const auth = new Authorizer(source, { clock, initialToken });
  expect([(await auth.getToken()).accessToken, asked]).toEqual(['new', ['refresh', 'authorize']]);
});

it('a forced refresh that is refused for good signs in, too (C5)', async () => {
  said = { status: 401, body: {} };
  const clock = new ManualClock();
  const source: TokenSource = {
    authorize: () => Promise.resolve({ accessToken: 'new' }),
    refresh: () => clients['axios']?.() ?? fell(undefined),
  };
  const auth = new Authorizer(source, { clock, initialToken: { accessToken: 'old', refreshToken: 'r-0' } });
  expect((await auth.getToken({ force: true })).accessToken).toBe('new');
});

it('a Retry-After that is a date is read by the authorizer’s clock (C5)', async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const headers = new AxiosHeaders({ 'Retry-After': 'Thu, 01 Jan 2026 00:00:09 GMT' });
  const thrown = Object.assign(new Error('busy'), { response: { status: 503, headers } });
  const noted = noting(clock);
  let calls = 0;
  const hook: GetToken = () => (++calls > 1 ? Promise.resolve('token') : Promise.reject(thrown));
  await passing(clock, new Authorizer(hook, { clock: noted }).getToken());
  expect(noted.sleeps).toEqual([9_000]);
});

it('a body that never ends does not hold up the error beyond the limit (C4, C5)', async () => {
  const clock = new ManualClock();
  const body = new ReadableStream();
  const response = new Response(body, { status: 400, headers: { 'content-type': 'application/json' } });
  const hook: GetToken = () => Promise.reject(Object.assign(new Error('x'), { response }));
  const failed = failureOf(new Authorizer(hook, { clock, timeoutMs: 1_000 }).getToken());
  await clock.advance(1_000);
  expect(await failed).toMatchObject({ code: 'timeout' });
});

it('secrets in an answer do not come out in the message of the error (C5, C11)', async () => {
  const { failure } = await signedIn({ status: 400, body: { error: 'r-0b1c2d3e4f', error_description: 'r-0b1c2d' } });
  expect(failure.message).not.toContain('r-0b1c');
});
