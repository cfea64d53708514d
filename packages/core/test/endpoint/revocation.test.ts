// Is a token gone after it was revoked, and does one hear when it may not be (RFC 7009)?
import { ManualClock, startLoopback, until } from '@axios-authorizer/test-kit';
import { Authorizer, clientSecretPost, passwordSource, revokeToken } from '../../src/index.js';
import { adapters, failureOf, loopback, tokenEndpoint } from './stage.js';
import type { LoopbackServer } from '@axios-authorizer/test-kit';
import type { AuthEvent } from '../../src/index.js';

const token = 'token/to+revoke';
const clientAuth = clientSecretPost({ clientId: 'me', clientSecret: 'secret' });

function answering(status: number, text = '', headers: Record<string, string> = {}): Promise<LoopbackServer> {
  return loopback((_, response) => void response.writeHead(status, headers).end(text));
}

describe.each(adapters)('over the %s adapter', (adapter) => {
  it.each([200, 204])('%i means that it is gone (C16)', async (status) => {
    const server = await answering(status);
    const question = { url: server.origin, token, tokenTypeHint: 'refresh_token', clientAuth, transport: { adapter } };
    await expect(revokeToken(question)).resolves.toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body.toString()))).toEqual({
      token,
      token_type_hint: 'refresh_token',
      client_id: 'me',
      client_secret: 'secret',
    });
    expect(server.requests[0]?.url).toBe('/');
  });

  it('503 with Retry-After passes by itself, in its time (C16)', async () => {
    const server = await answering(503, '', { 'retry-after': '9' });
    const error = await failureOf(revokeToken({ url: server.origin, token, transport: { adapter } }));
    expect(error).toMatchObject({ name: 'TokenEndpointError', status: 503, transient: true, retryAfterMs: 9_000 });
  });

  it('400 unsupported_token_type is told with its name (C16)', async () => {
    const server = await answering(400, '{"error":"unsupported_token_type"}');
    const error = await failureOf(revokeToken({ url: server.origin, token, transport: { adapter } }));
    expect(error).toMatchObject({ status: 400, error: 'unsupported_token_type', transient: false });
  });

  it('nobody there is a transient network error (C16)', async () => {
    const gone = await startLoopback(() => undefined);
    await gone.stop();
    const error = await failureOf(revokeToken({ url: gone.origin, token, transport: { adapter } }));
    expect(error).toMatchObject({ name: 'TokenEndpointError', code: 'network', transient: true });
  });

  it('silence is a timeout after timeoutMs (C16)', async () => {
    const server = await loopback(() => undefined);
    const clock = new ManualClock();
    const asked = failureOf(revokeToken({ url: server.origin, token, clock, timeoutMs: 500, transport: { adapter } }));
    await until(() => server.requests.length === 1);
    await clock.advance(500);
    expect(await asked).toMatchObject({ code: 'timeout', transient: true });
  });
});

it('logout revokes both tokens of a session, the refresh token first (C16)', async () => {
  const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
  const revocationUrl = `${endpoint.origin}/revoke`;
  const credentials = { username: 'somebody', password: 'word' };
  const source = passwordSource({ tokenUrl: endpoint.url, revocationUrl, clientAuth, ...credentials });
  const authorizer = new Authorizer(source);
  const { accessToken } = await authorizer.getToken();
  await authorizer.logout();
  const revoked = endpoint.requests.filter(({ url }) => url === '/revoke').map(({ body }) => body.toString());
  expect(revoked.map((form) => new URLSearchParams(form).get('token'))).toEqual(['refresh-1', 'token-1']);
  expect(endpoint.valid(accessToken)).toBe(false);
  expect([authorizer.token, authorizer.authenticated]).toEqual([undefined, false]);
});

it('logout forgets although the revocation failed, and says so (C16)', async () => {
  const endpoint = await tokenEndpoint();
  const revocationUrl = (await answering(503)).origin;
  const events: AuthEvent[] = [];
  const credentials = { username: 'somebody', password: 'word' };
  const source = passwordSource({ tokenUrl: endpoint.url, revocationUrl, clientAuth, ...credentials });
  const authorizer = new Authorizer(source, { observer: (event) => events.push(event) });
  await authorizer.getToken();
  await authorizer.logout();
  expect(authorizer.token).toBeUndefined();
  expect(events.at(-1)).toMatchObject({ type: 'notice', message: expect.stringContaining('503') as string });
});
