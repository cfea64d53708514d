// What does an answer that grants nothing become, and does the authorizer recover from it?
import { ManualClock, until } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource, clientSecretBasic, TokenEndpointError } from '../../src/index.js';
import { adapters, failureOf, hourMs, tokenEndpoint } from './stage.js';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import type { Answer } from '@axios-authorizer/test-kit';

type Adapter = (typeof adapters)[number];

const startAt = Date.UTC(2026, 0, 1);
const notJson = { code: 'invalid_response', kind: 'unavailable', transient: false, status: 200 };

const rows: readonly (readonly [what: string, answer: Answer, expected: object])[] = [
  [
    'a 200 that carries an error',
    { json: { error: 'invalid_client', error_description: 'who?', error_uri: 'https://example.org/why' } },
    {
      code: 'token_endpoint',
      kind: 'credentials',
      transient: false,
      status: 200,
      error: 'invalid_client',
      errorDescription: 'who?',
      errorUri: 'https://example.org/why',
    },
  ],
  ['a 200 with an error beside a token', { json: { error: 'server_error', access_token: 'x' } }, { transient: true }],
  ['a page', { text: '<html><title>Log in</title></html>', headers: { 'content-type': 'text/html' } }, notJson],
  ['an empty answer', { text: '' }, notJson],
  ['a 204', { status: 204, text: '' }, { code: 'token_endpoint', kind: 'configuration', status: 204 }],
  ['an array', { json: [{ access_token: 'x' }] }, notJson],
  ['null', { text: 'null' }, notJson],
  ['a string', { text: '"access_token"' }, notJson],
  ['truncated JSON', { text: '{"access_token":"abc","expires_in":3' }, notJson],
  [
    'a 500 page',
    { status: 500, text: '<h1>Oops</h1>', headers: { 'content-type': 'text/html' } },
    { code: 'token_endpoint', kind: 'unavailable', transient: true, status: 500 },
  ],
  [
    'a 400 page',
    { status: 400, text: '<h1>Bad</h1>' },
    { code: 'token_endpoint', kind: 'configuration', transient: false, status: 400 },
  ],
];

const rowsOnBoth = adapters.flatMap((adapter) => rows.map(([what, ...rest]) => [what, adapter, ...rest] as const));

it.each(rowsOnBoth)(
  '%s over %s is a typed error with the server date, and the next good answer serves (C15)',
  async (_, adapter, answer, expected) => {
    const { endpoint, authorizer, clock } = await stage(adapter);
    endpoint.next(answer);
    const error = await failureOf(authorizer.getToken());
    expect(error).toBeInstanceOf(TokenEndpointError);
    expect(error).toMatchObject({ name: 'TokenEndpointError', serverDate: new Date(startAt), ...expected });
    await expectRecovery(authorizer, endpoint, clock);
  },
);

it.each(adapters)('an answer beyond 1 MiB is not read to its end, over %s (C15)', async (adapter) => {
  const { endpoint, authorizer, clock } = await stage(adapter);
  endpoint.next({ trickle: 64 * 1_048_576 });
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({
    name: 'TokenEndpointError',
    code: 'invalid_response',
    kind: 'unavailable',
    transient: false,
  });
  expect(String(error)).toContain('too large');
  await expectRecovery(authorizer, endpoint, clock);
});

it.each(adapters)('a cut connection is a transient network error, over %s (C15)', async (adapter) => {
  const { endpoint, authorizer, clock } = await stage(adapter);
  endpoint.next({ reset: true });
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({
    name: 'TokenEndpointError',
    code: 'network',
    kind: 'unavailable',
    transient: true,
  });
  expect(Object.hasOwn(error as object, 'status')).toBe(false);
  await expectRecovery(authorizer, endpoint, clock);
});

it.each(adapters)('an endpoint that nobody listens at is a transient network error, over %s (C15)', async (adapter) => {
  const { endpoint, authorizer } = await stage(adapter);
  await endpoint.stop();
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'network', transient: true });
});

it.each(adapters)('a silent endpoint is given up after timeoutMs, over %s (C15)', async (adapter) => {
  const { endpoint, authorizer, clock } = await stage(adapter);
  endpoint.next({ hang: true });
  const failed = failureOf(authorizer.getToken());
  await until(() => endpoint.calls === 1);
  await clock.advance(30_000);
  expect(await failed).toMatchObject({ name: 'TokenEndpointError', code: 'timeout', transient: true });
  await expectRecovery(authorizer, endpoint, clock);
});

async function stage(
  adapter: Adapter,
): Promise<{ endpoint: TokenEndpoint; authorizer: Authorizer; clock: ManualClock }> {
  const clock = new ManualClock(startAt);
  const endpoint = await tokenEndpoint({ clock });
  const clientAuth = clientSecretBasic({ clientId: 'me', clientSecret: 'secret' });
  const source = clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth, clock, transport: { adapter } });
  return { endpoint, clock, authorizer: new Authorizer(source, { clock, maxRetries: 0, timeoutMs: 30_000 }) };
}

async function expectRecovery(authorizer: Authorizer, endpoint: TokenEndpoint, clock: ManualClock): Promise<void> {
  const calls = endpoint.calls;
  await clock.advance(hourMs);
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'token-1' });
  expect(endpoint.calls).toBe(calls + 1);
}
