// Can a test make the SMART server answer as no SMART server should, and are its books right all the same?

import { gate, startSmartServer, until } from '@axios-authorizer/test-kit';
import { ask, bearer, outcome } from './ask.js';
import { askToken, clientId, newKey, tokenOf } from './smart-signer.js';
import type { SmartServer } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';

const key = newKey('ES384');
const clients = [{ clientId, jwks: { keys: [key.jwk] } }];
let server: SmartServer;

function get(path: string, token?: string): Promise<Asked> {
  return ask(`${server.baseUrl}${path}`, token === undefined ? {} : bearer(token));
}

beforeEach(async () => {
  server = await startSmartServer({ clients });
});
afterEach(() => server.stop());

test('token answers can be scripted, one by one or for good, and count as handed out', async () => {
  server.nextToken({ json: { access_token: 'mine' } }, undefined, (params) => ({
    status: 418,
    text: params.get('scope') ?? '',
  }));
  server.alwaysToken({ status: 503 });
  const answers = [1, 2, 3, 4].map(() => askToken(server, { key }));
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  server.alwaysToken(undefined);
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 200, 418, 503]);
  expect((await askToken(server, { key })).status).toBe(200);
  expect(server.issued[0]).toBe('mine');
  expect((await get('/Patient', 'mine')).status).toBe(200);
  expect([server.calls, server.assertions.length, server.refusals.length]).toEqual([5, 5, 0]);
});

test('a held token answer is judged and granted when it is let go', async () => {
  const { opened, open } = gate();
  server.nextToken({ after: opened });
  const held = askToken(server, { key });
  await until(() => server.calls === 1);
  expect(server.issued).toEqual([]);
  open();
  expect((await held).json?.['access_token']).toBe(server.issued[0]);
});

test('a held token of a scripted answer is handed out when it is let go', async () => {
  const { opened, open } = gate();
  server.nextToken({ after: opened, json: { access_token: 'mine' } });
  const held = askToken(server, { key });
  await until(() => server.calls === 1);
  expect(server.valid('mine')).toBe(false);
  open();
  await held;
  expect(server.valid('mine')).toBe(true);
});

test('a lost token answer was acted upon, a reset one was not', async () => {
  server.nextToken({ lost: true }, { reset: true });
  await expect(outcome(askToken(server, { key }))).resolves.toBe('failed');
  await expect(outcome(askToken(server, { key }))).resolves.toBe('failed');
  expect(server.issued).toHaveLength(1);
});

test('resources can be scripted before any check, or held and then checked', async () => {
  const { opened, open } = gate();
  const token = await tokenOf(server, { key });
  server.nextResource({ status: 418 }, { after: opened });
  expect((await get('/Patient')).status).toBe(418);
  const held = get('/Patient', token);
  await until(() => server.bearers().length === 2);
  server.revokeAll();
  open();
  expect((await held).status).toBe(401);
  expect([server.served, server.refused]).toEqual([0, 1]);
});

test('without sendDate no answer has a Date, and an answer of its own may have another', async () => {
  await server.stop();
  server = await startSmartServer({ clients, sendDate: false });
  server.nextToken(undefined, { status: 401, headers: { date: 'Thu, 01 Jan 1970 00:00:00 GMT' } });
  expect((await askToken(server, { key })).headers.has('date')).toBe(false);
  expect((await askToken(server, { key })).headers.get('date')).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
});
