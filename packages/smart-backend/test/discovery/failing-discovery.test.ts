// What is a SMART configuration that cannot be read, to a program that must decide what to do about it?
import { authorize, failureOf, passing, world } from '../stage.js';
import type { Answer } from '@axios-authorizer/test-kit';

const outage = { code: 'discovery_failed', kind: 'unavailable', transient: true };
const mistake = { code: 'discovery_failed', kind: 'configuration', transient: false };
const html = '<!doctype html><title>Sign in</title>';

it.each<[what: string, answer: Answer, expected: object]>([
  ['a page', { text: html, headers: { 'content-type': 'text/html' } }, mistake],
  ['nothing', { status: 200, text: '' }, mistake],
  ['half a document', { text: '{"token_endpoint": "https://ehr.exam' }, mistake],
  ['a list', { json: [{ token_endpoint: 'https://ehr.example.com/token' }] }, mistake],
  ['null', { text: 'null' }, mistake],
  ['a text', { json: 'https://ehr.example.com/token' }, mistake],
  ['204', { status: 204 }, mistake],
  ['401', { status: 401, text: 'who are you?' }, mistake],
  ['403', { status: 403, json: { resourceType: 'OperationOutcome' } }, mistake],
  ['404', { status: 404, text: html }, mistake],
  ['410', { status: 410, json: {} }, mistake],
  ['429', { status: 429, json: {} }, outage],
  ['500', { status: 500, text: html }, outage],
  [
    '503 with Retry-After',
    { status: 503, headers: { 'retry-after': '7' }, json: {} },
    { ...outage, retryAfterMs: 7_000 },
  ],
  ['a cut connection', { reset: true }, outage],
])('%s is a typed error, and nothing is posted (S1)', async (_, answer, expected) => {
  const { server, auth } = await world();
  server.nextDiscovery(answer);
  const error = await failureOf(authorize(auth));
  expect(error).toMatchObject({ name: 'AuthenticationError', ...expected });
  expect(error.message).toMatch(/^SMART discovery failed: .*\/fhir\/\.well-known\/smart-configuration.*give tokenUrl$/);
  expect([server.discoveries, server.calls]).toEqual([1, 0]);
});

it('a document without end is cut off (S1)', async () => {
  const { server, auth } = await world();
  server.nextDiscovery({ trickle: 16 * 1_048_576 });
  expect(await failureOf(authorize(auth))).toMatchObject({ code: 'discovery_failed', kind: 'unavailable' });
});

it('a failure is not kept: the next token reads again (S1)', async () => {
  const { server, auth } = await world();
  server.nextDiscovery({ status: 404 }, { status: 503 });
  await failureOf(authorize(auth));
  await failureOf(authorize(auth));
  await expect(authorize(auth)).resolves.toMatchObject({ tokenType: 'Bearer' });
  expect(server.discoveries).toBe(3);
});

it('an outage is waited for as long as it says (S1)', async () => {
  const { server, client, clock } = await world();
  const begunAt = clock.now();
  server.nextDiscovery({ status: 503, headers: { 'retry-after': '2' } });
  expect((await passing(clock, client.get('/Patient/1'))).status).toBe(200);
  expect(clock.now() - begunAt).toBe(2_000);
  expect([server.discoveries, server.calls]).toEqual([2, 1]);
});

it('what cannot be read by mistake is not asked for again by itself (S1)', async () => {
  const { server, client } = await world();
  server.nextDiscovery({ status: 404 });
  expect(await failureOf(client.get('/Patient/1'))).toMatchObject({ code: 'discovery_failed', kind: 'configuration' });
  expect([server.discoveries, server.calls, server.served]).toEqual([1, 0, 0]);
});

it('one reading serves many tokens (S1)', async () => {
  const { server, auth } = await world();
  for (let count = 0; count < 5; count += 1) await authorize(auth);
  expect([server.discoveries, server.calls]).toEqual([1, 5]);
});
