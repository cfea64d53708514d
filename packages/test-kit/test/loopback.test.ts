// Does the server beneath all others record what arrives as it arrives, and leave nothing behind?

import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { startLoopback, until } from '@axios-authorizer/test-kit';
import { ask, outcome } from './ask.js';
import type { LoopbackHandler, LoopbackServer } from '@axios-authorizer/test-kit';

let server: LoopbackServer;

async function start(handle: LoopbackHandler): Promise<void> {
  server = await startLoopback(handle);
}

afterEach(() => server.stop());

test('a request is recorded byte for byte', async () => {
  await start((_, response) => void response.end('ok'));
  const body = Buffer.from([0, 255, 13, 10, 128]);
  const answer = await ask(`${server.origin}/a/b?c=d`, { method: 'PUT', body, headers: { 'X-Case': 'Kept' } });
  expect(answer.text).toBe('ok');
  const [received] = server.requests;
  expect(received).toMatchObject({ method: 'PUT', url: '/a/b?c=d', headers: { 'x-case': 'Kept' } });
  expect(received?.body.equals(body)).toBe(true);
  expect(received?.rawHeaders).toContain('Kept');
  expect(server.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('a handler that throws is answered for with 500', async () => {
  await start(() => Promise.reject(new Error('no such case')));
  const answer = await ask(server.origin);
  expect(answer.status).toBe(500);
  expect(answer.text).toContain('no such case');
});

test('a client that leaves in the middle of its body is not recorded and does no harm', async () => {
  await start((_, response) => void response.end('ok'));
  const client = httpRequest(server.origin, { method: 'POST', headers: { 'content-length': '10' } });
  client.on('error', () => undefined);
  client.write('half');
  await once(client, 'socket');
  client.destroy();
  await expect(ask(server.origin)).resolves.toMatchObject({ status: 200 });
  expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
});

test('stopping destroys idle and waiting connections, and may be done twice', async () => {
  await start(() => undefined);
  const idle = connect(Number(new URL(server.origin).port), '127.0.0.1');
  await once(idle, 'connect');
  const waiting = outcome(ask(server.origin));
  await until(() => server.requests.length === 1);
  const closed = once(idle, 'close');
  idle.on('error', () => undefined).resume();
  await server.stop();
  await server.stop();
  await expect(waiting).resolves.toBe('failed');
  await closed;
  await expect(outcome(ask(server.origin))).resolves.toBe('failed');
});
