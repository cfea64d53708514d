// Is a token active: yes, no, or could it not be asked (RFC 7662)?
import { ManualClock, startLoopback, until } from '@axios-authorizer/test-kit';
import {
  ConfigurationError,
  clientSecretBasic,
  clientSecretPost,
  introspect,
  introspectToken,
} from '../../src/index.js';
import { adapters, failureOf, loopback, tokenEndpoint } from './stage.js';
import type { LoopbackServer } from '@axios-authorizer/test-kit';
import type { TokenQuestion } from '../../src/index.js';

const token = 'token/to+ask about';

function answering(status: number, text: string): Promise<LoopbackServer> {
  return loopback((_, response) => void response.writeHead(status).end(text));
}

describe.each(adapters)('over the %s adapter', (adapter) => {
  it.each<[text: string, active: boolean | undefined]>([
    ['{"active":true}', true],
    ['{"active":true,"exp":1,"scope":"x"}', true],
    ['{"active":false}', false],
    ['{"active":"true"}', undefined],
    ['{"active":1}', undefined],
    ['{"active":null}', undefined],
    ['{}', undefined],
    ['null', undefined],
    ['[]', undefined],
    ['<html>', undefined],
    ['', undefined],
  ])('an answer of %s means %s (C16)', async (text, active) => {
    const server = await answering(200, text);
    await expect(introspectToken({ url: server.origin, token, transport: { adapter } })).resolves.toBe(active);
  });

  it.each([201, 302, 400, 401, 403, 404, 429, 500, 503])(
    'status %i is no answer, whatever its body says (C16)',
    async (status) => {
      const server = await answering(status, '{"active":false}');
      await expect(introspectToken({ url: server.origin, token, transport: { adapter } })).resolves.toBeUndefined();
    },
  );

  it('the token travels in the body only (C16)', async () => {
    const server = await answering(200, '{"active":true}');
    const url = `${server.origin}/introspect?v=1`;
    await introspectToken({ url, token, tokenTypeHint: 'access_token', transport: { adapter } });
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/introspect?v=1' });
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body.toString()))).toEqual({
      token,
      token_type_hint: 'access_token',
    });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('the client authenticates, or sends a token of its own (C16)', async () => {
    const server = await answering(200, '{"active":true}');
    const question = { url: server.origin, token, transport: { adapter } };
    await introspectToken({
      ...question,
      clientAuth: clientSecretBasic({ clientId: 'me', clientSecret: 'x' }),
    });
    await introspectToken({ ...question, bearer: 'my-own-token' });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Basic bWU6eA==',
      'Bearer my-own-token',
    ]);
  });

  it.each([clientSecretBasic, clientSecretPost])(
    'a token of its own goes instead of the client authentication (C16)',
    async (method) => {
      const server = await answering(200, '{"active":true}');
      const clientAuth = method({ clientId: 'me', clientSecret: 'x' });
      const question = { url: server.origin, token, clientAuth, bearer: 'my-own-token', transport: { adapter } };
      await expect(introspectToken(question)).resolves.toBe(true);
      expect(server.requests[0]?.headers.authorization).toBe('Bearer my-own-token');
      expect(server.requests[0]?.body.toString()).not.toContain('client_secret');
    },
  );

  it('nobody there is no answer (C16)', async () => {
    const gone = await startLoopback(() => undefined);
    await gone.stop();
    await expect(introspectToken({ url: gone.origin, token, transport: { adapter } })).resolves.toBeUndefined();
  });

  it('silence is no answer after timeoutMs (C16)', async () => {
    const server = await loopback(() => undefined);
    const clock = new ManualClock();
    const question: TokenQuestion = { url: server.origin, token, clock, timeoutMs: 500, transport: { adapter } };
    const asked = introspectToken(question);
    await until(() => server.requests.length === 1);
    await clock.advance(500);
    await expect(asked).resolves.toBeUndefined();
  });
});

it('an expired or unknown token is inactive (C16)', async () => {
  const endpoint = await tokenEndpoint();
  await expect(introspectToken({ url: `${endpoint.origin}/introspect`, token })).resolves.toBe(false);
});

it.each(['http://login.example.org/introspect', 'nowhere'])(
  'an introspection URL of %s is a ConfigurationError (C16)',
  async (url) => {
    expect(await failureOf(introspectToken({ url, token }))).toMatchObject({ name: 'ConfigurationError' });
  },
);

describe('introspect', () => {
  it('returns the members as they came (RFC 7662 section 2.2, C16)', async () => {
    const members = { active: true, scope: 'read write', sub: 'ada', aud: ['a', 'b'], exp: 1, ext_tenant: { id: 7 } };
    const server = await answering(200, JSON.stringify(members));
    await expect(introspect({ url: server.origin, token })).resolves.toEqual(members);
  });

  it.each<[what: string, status: number, text: string, shape: object, said: RegExp]>([
    ['a signed answer', 200, 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln', { code: 'invalid_response' }, /RFC 9701/],
    ['an answer without `active`', 200, '{}', { code: 'invalid_response' }, /does not say whether/],
    ['`active` as a text', 200, '{"active":"true"}', { code: 'invalid_response' }, /does not say whether/],
    ['a page', 200, '<html>', { code: 'invalid_response' }, /does not say whether/],
    [
      'a rejected client',
      401,
      '{"error":"invalid_client"}',
      { error: 'invalid_client', status: 401 },
      /invalid_client/,
    ],
    ['an outage', 503, '', { kind: 'unavailable', transient: true }, /answered 503/],
    ['a redirect', 302, '{"active":true}', { status: 302 }, /right URL/],
  ])('%s is an error that says so (C16)', async (_, status, text, shape, said) => {
    const server = await answering(status, text);
    const error = await failureOf(introspect({ url: server.origin, token }));
    expect(error).toMatchObject({ name: 'TokenEndpointError', ...shape });
    expect(error).toHaveProperty('message', expect.stringMatching(said));
  });

  it('a server that is not there, and one that is silent, are errors too (C16)', async () => {
    const server = await answering(200, '');
    await server.stop();
    expect(await failureOf(introspect({ url: server.origin, token }))).toMatchObject({ code: 'network' });
    const clock = new ManualClock();
    const silent = await loopback(() => undefined);
    const asked = failureOf(introspect({ url: silent.origin, token, clock, timeoutMs: 50 }));
    await until(() => silent.requests.length === 1);
    await clock.advance(50);
    expect(await asked).toMatchObject({ code: 'timeout', kind: 'unavailable', transient: true });
  });

  it('the token that was asked about is in no error (C11, C16)', async () => {
    const server = await loopback(
      ({ body }, response) => void response.writeHead(400).end(JSON.stringify({ error: `no ${body.toString()}` })),
    );
    const error = await failureOf(introspect({ url: server.origin, token }));
    expect(String(error)).not.toMatch(/ask about|ask%20about|ask\+about/);
    await expect(introspect({ url: 'http://id.example.org', token })).rejects.toBeInstanceOf(ConfigurationError);
  });
});
