// Is an assertion good for one request and no more, whatever became of that request?

import { ManualClock, startSmartServer } from '@axios-authorizer/test-kit';
import { postForm } from './ask.js';
import { askToken, assertionFor, clientId, formFor, newKey, objectionIn } from './smart-signer.js';
import type { SmartServer } from '@axios-authorizer/test-kit';
import type { AssertionParts } from './smart-signer.js';

const key = newKey('ES384');
const jwks = { keys: [key.jwk] };
const clock = new ManualClock();
const now = clock.now();
const seconds = now / 1000;
let server: SmartServer;

beforeEach(async () => {
  clock.set(now);
  server = await startSmartServer({ clock, clients: [{ clientId, jwks }] });
});
afterEach(() => server.stop());

async function objection(parts: Partial<AssertionParts>): Promise<string> {
  return objectionIn((await askToken(server, { key, now, ...parts })).json);
}

test('a jti is good once for each issuer, even when it was refused the first time (332)', async () => {
  server.register({ clientId: 'second', jwks });
  await expect(objection({ claims: { jti: 'one' } })).resolves.toBe('');
  await expect(objection({ claims: { jti: 'one' } })).resolves.toContain('jti: it was already used');
  await expect(objection({ claims: { jti: 'one', iss: 'second', sub: 'second' } })).resolves.toBe('');
  await expect(objection({ claims: { jti: 'two', exp: seconds } })).resolves.toContain('expired');
  await expect(objection({ claims: { jti: 'two' } })).resolves.toContain('jti: it was already used');
});

test('a jti is remembered for 300 s, the longest life of an assertion', async () => {
  await expect(objection({ claims: { jti: 'one', exp: seconds + 1 } })).resolves.toBe('');
  await expect(objection({ claims: { jti: 'two', exp: seconds + 1 } })).resolves.toBe('');
  clock.set(now + 299_999);
  await expect(objection({ claims: { jti: 'one', exp: seconds + 500 } })).resolves.toContain('it was already used');
  clock.set(now + 300_000);
  await expect(objection({ claims: { jti: 'two', exp: seconds + 500 } })).resolves.toBe('');
});

test('of twenty requests at once with one assertion exactly one is granted', async () => {
  const form = formFor(assertionFor(server.tokenUrl, { key, now }));
  const answers = await Promise.all(Array.from({ length: 20 }, () => postForm(server.tokenUrl, form)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(server.refusals).toHaveLength(19);
});

test('a jti is spent by an answer that was scripted, whatever came of it', async () => {
  const form = formFor(assertionFor(server.tokenUrl, { key, now }));
  server.nextToken({ status: 503 });
  expect((await postForm(server.tokenUrl, form)).status).toBe(503);
  expect((await postForm(server.tokenUrl, form)).json).toMatchObject({ error: 'invalid_client' });
  expect(server.assertions).toHaveLength(2);
});
