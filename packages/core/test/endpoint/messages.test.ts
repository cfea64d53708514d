// A message about an endpoint is read in a log, far from the program: does it say which endpoint, and nothing secret?
import { clientCredentialsSource, clientSecretPost, introspectToken, revokeToken } from '../../src/index.js';
import { requestToken } from '../../src/extend.js';
import type { TokenEndpointError } from '../../src/index.js';
import { adapters, failureOf, grant, loopback, tokenEndpoint } from './stage.js';
import type { Answer } from '@axios-authorizer/test-kit';

const clientAuth = clientSecretPost({ clientId: 'me', clientSecret: 'client-5d1e' });

describe.each(adapters)('over the %s adapter', (adapter) => {
  const transport = { adapter };

  it.each<readonly [string, Answer, string]>([
    ['an error of OAuth', { status: 400, json: { error: 'invalid_grant' } }, 'answered 400 invalid_grant'],
    ['an error with a description', { status: 401, json: { error: 'invalid_client', error_description: 'who?' } }, 'answered 401 invalid_client: who?'], // prettier-ignore
    ['a failure of the server', { status: 503, text: '' }, 'answered 503'],
    ['a redirect', { status: 302, headers: { location: '/login' } }, 'answered 302; '],
    ['a page that is not there', { status: 404, text: 'gone' }, 'answered 404; '],
    ['a method that is not allowed', { status: 405, text: '' }, 'answered 405; '],
  ])('%s names origin and path of the endpoint, without its query (C11, C15)', async (_what, answer, words) => {
    const endpoint = await tokenEndpoint();
    endpoint.always(answer);
    const url = `${endpoint.url}?code=query-9c0d`;
    const error = await failureOf(requestToken({ url, body: grant(), clientAuth, transport }));
    expect((error as TokenEndpointError).message).toContain(`${endpoint.url} ${words}`);
    expect((error as TokenEndpointError).message).not.toMatch(/query-9c0d|client-5d1e/);
  });

  it.each([301, 302, 307, 404, 405, 410])('a %i asks whether the URL is the right one (C15)', async (status) => {
    const endpoint = await tokenEndpoint();
    endpoint.always({ status, headers: { location: '/login' }, text: '' });
    const error = await failureOf(requestToken({ url: endpoint.url, body: grant(), transport }));
    expect((error as TokenEndpointError).message).toMatch(/answered \d+; .*right URL/);
  });

  it.each<readonly [string, Answer]>([
    ['a page of HTML', { text: '<html>' }],
    ['an empty answer', { text: '' }],
    ['an object without a token', { json: { ok: true } }],
  ])('%s with 200 names it, too (C15)', async (_what, answer) => {
    const endpoint = await tokenEndpoint();
    endpoint.always(answer);
    const error = await failureOf(requestToken({ url: endpoint.url, body: grant(), transport }));
    expect((error as TokenEndpointError).message).toContain(`${endpoint.url} (200)`);
  });

  it('an endpoint that nobody listens at is named with the reason (C15)', async () => {
    const gone = await loopback(() => undefined);
    await gone.stop();
    const url = `${gone.origin}/token`;
    const error = (await failureOf(requestToken({ url, body: grant(), transport }))) as TokenEndpointError;
    const reason = adapter === 'http' ? 'ECONNREFUSED' : '';
    expect(error.message).toContain(`${url} could not be reached (${reason}`);
    expect(error).toMatchObject({ code: 'network', transient: true });
  });
});

it('what a server says stands on one line, is short, and commands no terminal (C15)', async () => {
  const endpoint = await tokenEndpoint();
  const said = `no\r\nentry\u001b[2J\u009b31m\u2028\u202eback${'x'.repeat(5_000)}`;
  endpoint.always({ status: 400, json: { error: said, error_description: said, error_uri: said } });
  const error = (await failureOf(requestToken({ url: endpoint.url, body: grant() }))) as TokenEndpointError;
  expect(error.message).toContain('answered 400 no entry [2J 31m back');
  expect(error.message).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  expect(error.message.length).toBeLessThan(800);
  for (const text of [error.error, error.errorDescription, error.errorUri]) expect(text).toHaveLength(300);
});

it('a revocation and an introspection name their endpoint as well (C16)', async () => {
  const server = await loopback((_request, response) => void response.writeHead(503).end());
  const question = { token: 'token', clientAuth };
  const revoked = await failureOf(revokeToken({ ...question, url: `${server.origin}/revoke` }));
  expect((revoked as TokenEndpointError).message).toContain(`${server.origin}/revoke answered 503`);
  expect(await introspectToken({ ...question, url: `${server.origin}/introspect` })).toBeUndefined();
});

it('what is empty is named, and what is right beside it is not (C16)', async () => {
  expect(() => clientCredentialsSource({ tokenUrl: '', clientAuth })).toThrow(
    /`tokenUrl` is empty; where is it read from/,
  );
  expect(() => clientCredentialsSource({ tokenUrl: '', clientAuth })).not.toThrow(/clientAuth/);
  const asked = [
    [requestToken({ url: '', body: grant() }), '`url` is empty'],
    [introspectToken({ url: '', token: 'x', clientAuth }), '`url` is empty'],
    [revokeToken({ url: 'https://id.example/revoke', token: '', clientAuth }), '`token` is empty'],
  ] as const;
  for (const [promise, said] of asked) expect(String(await failureOf(promise))).toContain(said);
});
