// Does the API refuse, serve and redirect the way the authorizer's tests rely on?

import { createHash } from 'node:crypto';
import { gate, startResourceServer, until } from '@axios-authorizer/test-kit';
import { ask, bearer } from './ask.js';
import type { ResourceServer, ResourceServerOptions } from '@axios-authorizer/test-kit';

let api: ResourceServer;

async function start(options?: ResourceServerOptions): Promise<void> {
  api = await startResourceServer(options);
}

afterEach(() => api.stop());

test('a good bearer is served, and recognizable without being shown', async () => {
  await start({ accepts: (token) => token === 'good' });
  const digest = createHash('sha256').update('good').digest('hex').slice(0, 8);
  const answer = await ask(`${api.origin}/x?y=1`, { ...bearer('good'), method: 'POST', body: 'four' });
  expect(answer.json).toEqual({ ok: true, method: 'POST', path: '/x?y=1', bearer: digest, length: 4 });
  expect([api.served, api.refused]).toEqual([1, 0]);
});

test('anything else is refused with a challenge, until other bearers become good', async () => {
  await start({ accepts: () => false });
  const refused = await ask(api.origin, bearer('old'));
  expect(refused).toMatchObject({ status: 401, json: { error: 'invalid_token' } });
  expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  api.accepts = (token) => token === undefined;
  expect((await ask(api.origin)).json?.['bearer']).toBeNull();
  expect(api.bearers()).toEqual(['old', undefined]);
  expect([api.served, api.refused]).toEqual([1, 1]);
});

test('a request without a bearer is refused unless the test says otherwise', async () => {
  await start();
  expect((await ask(api.origin)).status).toBe(401);
  expect((await ask(api.origin, bearer('any'))).status).toBe(200);
});

test.each([
  [null, null],
  ['Basic realm="a"', 'Basic realm="a"'],
  [['Basic realm="a"', 'Bearer'], 'Basic realm="a", Bearer'],
])('a 401 can carry the challenge %j', async (challenge, expected) => {
  await start({ challenge });
  expect((await ask(api.origin)).headers.get('www-authenticate')).toBe(expected);
});

test('a missing API key is a 403, before the bearer is looked at', async () => {
  await start({ apiKey: 'key' });
  expect((await ask(api.origin, bearer('any'))).status).toBe(403);
  const headers = { authorization: 'Bearer any', 'x-api-key': 'key' };
  expect((await ask(api.origin, { headers })).status).toBe(200);
  expect([api.served, api.refused]).toEqual([1, 0]);
});

test('scripted answers come by order of arrival and leave the counts alone', async () => {
  await start();
  api.next({ status: 503 }, undefined, { headers: { 'x-more': 'yes' } });
  expect((await ask(api.origin, bearer('any'))).status).toBe(503);
  expect((await ask(api.origin)).status).toBe(401);
  const third = await ask(api.origin);
  expect(third.headers.get('x-more')).toBe('yes');
  expect(third.json?.['ok']).toBe(true);
  expect([api.served, api.refused]).toEqual([0, 1]);
});

test('a refusal can be held while a later request is served', async () => {
  const { opened, open } = gate();
  await start({ accepts: (token) => token === 'new', hold401: (index) => (index === 0 ? opened : undefined) });
  const held = ask(api.origin, bearer('old'));
  await until(() => api.refused === 1);
  expect((await ask(api.origin, bearer('new'))).status).toBe(200);
  expect((await ask(api.origin, bearer('old'))).status).toBe(401);
  open();
  expect((await held).status).toBe(401);
});

test('staggered refusals and delayed answers all arrive', async () => {
  await start({ accepts: (token) => token === 'new', staggerMs: [1, 5], delayMs: 1 });
  const answers = await Promise.all(['old', 'old', 'new'].map((token) => ask(api.origin, bearer(token))));
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 200]);
});

test('a redirect is given before any check, with any status and method', async () => {
  await start();
  const to = encodeURIComponent('http://127.0.0.1:1/elsewhere?a=b');
  const answer = await ask(`${api.origin}/redirect?status=307&to=${to}`, { method: 'PUT', body: 'x' });
  expect(answer.status).toBe(307);
  expect(answer.headers.get('location')).toBe('http://127.0.0.1:1/elsewhere?a=b');
  expect(api.refused).toBe(0);
});

test('a stream is chunked and has the size asked for', async () => {
  await start();
  const answer = await ask(`${api.origin}/stream?bytes=100000`, bearer('any'));
  expect(answer.text).toHaveLength(100_000);
  expect(answer.headers.get('transfer-encoding')).toBe('chunked');
});

test('a route answers in place of the usual 200, behind the bearer check', async () => {
  await start();
  api.route('/own', (request, response) => void response.writeHead(202).end(request.url));
  expect((await ask(`${api.origin}/own?q=1`)).status).toBe(401);
  expect(await ask(`${api.origin}/own?q=1`, bearer('any'))).toMatchObject({ status: 202, text: '/own?q=1' });
});
