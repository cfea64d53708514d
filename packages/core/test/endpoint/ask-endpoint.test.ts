// Does a question to an endpoint of another kind (discovery, a login) get the care that a token request gets?
import axios from 'axios';
import { TokenEndpointError } from '../../src/index.js';
import { sendForm, endpointError, isSecureUrl } from '../../src/extend.js';
import { adapters, failureOf, loopback } from './stage.js';

it('without a body it is a GET with the headers given, and the answer comes whatever its status (C15)', async () => {
  const server = await loopback((_, response) => void response.writeHead(418, { 'x-pot': 'tea' }).end('short'));
  const answer = await sendForm({ url: `${server.origin}/a?b=c`, headers: { Accept: 'application/json' } });
  expect(server.requests).toMatchObject([{ method: 'GET', url: '/a?b=c', headers: { accept: 'application/json' } }]);
  expect(answer).toMatchObject({ status: 418, text: 'short', endpoint: `${server.origin}/a` });
  expect(answer.headers['x-pot']).toBe('tea');
  expect(answer.receivedAt).toBeGreaterThanOrEqual(answer.sentAt);
});

it('with a body it is a POST of that body (C15)', async () => {
  const server = await loopback((_, response) => void response.end());
  const headers = { 'Content-Type': 'application/x-amz-json-1.1' };
  await sendForm({ url: server.origin, headers, body: '{"a":1}' });
  const [request] = server.requests;
  expect([request?.method, request?.body.toString()]).toEqual(['POST', '{"a":1}']);
  expect(request?.headers['content-type']).toBe('application/x-amz-json-1.1');
});

it.each(adapters)('a redirect is an answer, not followed (%s) (C15)', async (adapter) => {
  const server = await loopback((_, response) => void response.writeHead(302, { location: '/b' }).end());
  const { status, headers } = await sendForm({ url: `${server.origin}/a`, transport: { adapter } });
  expect([status, headers['location'], server.requests.length]).toEqual([302, '/b', 1]);
});

it('plain http beyond this machine, a user or a fragment is refused before anything is sent (C15)', async () => {
  for (const url of ['http://192.0.2.1/x', 'https://u:p@example.org/', 'https://example.org/#f', '/relative'])
    await expect(failureOf(sendForm({ url }))).resolves.toMatchObject({ kind: 'configuration' });
});

it('no answer is a transient failure that names what was asked for (C15)', async () => {
  const server = await loopback((_, response) => void response.socket?.destroy());
  const failure = await failureOf(sendForm({ url: server.origin, grantType: 'refresh_token' }));
  expect(failure).toMatchObject({ code: 'network', transient: true, grantType: 'refresh_token' });
});

it('the global axios has no say in it (C15)', async () => {
  const server = await loopback((_, response) => void response.end());
  axios.defaults.headers.common['X-Global'] = 'yes';
  try {
    await sendForm({ url: server.origin });
  } finally {
    delete axios.defaults.headers.common['X-Global'];
  }
  expect(server.requests[0]?.headers).not.toHaveProperty('x-global');
});

it('a refusal of any endpoint reads like that of a token endpoint, without the secrets that were sent (C15)', async () => {
  const server = await loopback((_, response) => {
    response.writeHead(503, { 'retry-after': '7' }).end('{"error":"temporarily_unavailable for hunter2"}');
  });
  const answer = await sendForm({ url: server.origin, body: 'x', secrets: ['hunter2'] });
  const failure = endpointError(answer, JSON.parse(answer.text) as Record<string, unknown>);
  expect(failure).toBeInstanceOf(TokenEndpointError);
  expect(failure).toMatchObject({ kind: 'unavailable', transient: true, retryAfterMs: 7_000, status: 503 });
  expect(failure.message).toContain('temporarily_unavailable for [redacted]');
});

it.each([
  ['Thu, 01 Jan 2026 00:00:00 GMT', undefined, Date.UTC(2026, 0, 1)],
  ['Thu, 01 Jan 2026 00:00:00 GMT', '90', Date.UTC(2026, 0, 1, 0, 1, 30)],
  ['Thu, 01 Jan 2026 00:00:00 GMT', '-5', Date.UTC(2026, 0, 1)],
  ['Thu, 01 Jan 2026 00:00:00 GMT', 'old', Date.UTC(2026, 0, 1)],
])('the time of the server is its Date %s and the Age %s of the answer (C15)', async (date, age, expected) => {
  const server = await loopback((_, response) => {
    response.writeHead(400, { date, ...(age !== undefined && { age }) }).end('{"error":"invalid_client"}');
  });
  const answer = await sendForm({ url: server.origin });
  expect(endpointError(answer, undefined).serverDate?.getTime()).toBe(expected);
});

it.each([
  ['https://example.org', true],
  ['http://127.0.0.1:80', true],
  ['http://[::1]/', true],
  ['http://localhost/', true],
  ['http://example.org', false],
  ['ftp://example.org', false],
])('a credential may travel to %s: %s (C9)', (url, expected) => {
  expect(isSecureUrl(new URL(url))).toBe(expected);
});
