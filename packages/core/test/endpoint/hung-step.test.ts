// The limit of an acquisition runs out while an endpoint is silent: does the error name the endpoint?
import { once } from 'node:events';
import { createServer } from 'node:net';
import { ManualClock, until } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer, clientCredentialsSource, clientSecretBasic } from '../../src/index.js';
import type { ClientAuth } from '../../src/index.js';
import { sendForm, requestToken } from '../../src/extend.js';
import { adapters, afterwards, failureOf, grant, tokenEndpoint } from './stage.js';
import type { Socket } from 'node:net';

const limit = new AuthenticationError('No token within 1500 ms', {
  code: 'timeout',
  kind: 'unavailable',
  transient: true,
});

it.each(adapters)(
  'the limit names the endpoint that had not answered, first, and for how long (%s) (C4)',
  async (adapter) => {
    const clock = new ManualClock();
    const endpoint = await tokenEndpoint();
    endpoint.next({ hang: true });
    const { signal, abort } = withAbort();
    const body = grant('refresh_token', { refresh_token: 'r-4711' });
    const failed = failureOf(requestToken({ url: endpoint.url, body, signal, clock, transport: { adapter } }));
    await until(() => endpoint.calls === 1);
    clock.set(clock.now() + 1_500);
    abort(limit);
    const failure = (await failed) as Error;
    expect(failure).toMatchObject({
      name: 'TokenEndpointError',
      code: 'timeout',
      kind: 'unavailable',
      transient: true,
      grantType: 'refresh_token',
      cause: limit,
    });
    expect(failure.message).toBe(`${endpoint.url} had not answered within 1500 ms: No token within 1500 ms`);
  },
);

it('an adapter that does not listen to the signal does not hold the error up (C4)', async () => {
  const { signal, abort } = withAbort();
  const transport = { adapter: () => new Promise<never>(() => undefined) };
  const failed = failureOf(sendForm({ url: 'https://idp.example.org/token', signal, transport }));
  abort(limit);
  expect(await failed).toMatchObject({ code: 'timeout', message: expect.stringMatching(/^https:\/\/idp/) as string });
});

it('a silent proxy is named beside the endpoint, without its login (C4, C11)', async () => {
  const { signal, abort } = withAbort();
  const silent = createServer().listen(0, '127.0.0.1');
  afterwards(() => silent.close());
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const auth = { username: 'me', password: 'proxy-secret' };
  const transport = { proxy: { protocol: 'http', host: '127.0.0.1', port, auth } };
  const connected = once(silent, 'connection');
  const failed = failureOf(sendForm({ url: 'https://idp.example.org/token', signal, transport }));
  const [socket] = (await connected) as [Socket];
  abort(limit);
  const { message } = (await failed) as Error;
  socket.destroy();
  expect(message).toMatch(/^https:\/\/idp\.example\.org\/token had not answered within \d+ ms/);
  expect(message).toContain(`through the proxy 127.0.0.1:${port}`);
  expect(message).not.toContain('proxy-secret');
});

it.each<[what: string, clientAuth: ClientAuth]>([
  ['a signer', () => new Promise<never>(() => undefined)],
  ['a secret', clientSecretBasic({ clientId: 'me', clientSecret: () => new Promise<never>(() => undefined) })],
])(
  '%s that hangs is what the error names, and not the endpoint, which nobody asked (C4)',
  async (_what, clientAuth) => {
    const clock = new ManualClock();
    const endpoint = await tokenEndpoint();
    const source = clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth, clock });
    const failed = failureOf(new Authorizer(source, { clock, timeoutMs: 1_500, maxRetries: 0 }).getToken());
    await clock.sleeping(1);
    await clock.advance(1_500);
    const failure = (await failed) as Error;
    expect(failure).toMatchObject({ code: 'timeout', kind: 'unavailable', transient: true });
    expect(failure.message).toMatch(/^The client authentication \(.*\) had not answered within 1500 ms/);
    expect(endpoint.calls).toBe(0);
  },
);

it.each([
  ['a reason of the caller’s own', new Error('closing')],
  ['a logout', new AuthenticationError('Logged out', { code: 'logged_out', kind: 'session' })],
])('%s is handed on as it is (C4)', async (_what, reason) => {
  const { signal, abort } = withAbort();
  const transport = { adapter: () => new Promise<never>(() => undefined) };
  const failed = failureOf(sendForm({ url: 'https://idp.example.org/token', signal, transport }));
  abort(reason);
  expect(await failed).toBe(reason);
});

function withAbort(): { readonly signal: AbortSignal; readonly abort: (reason: unknown) => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}
