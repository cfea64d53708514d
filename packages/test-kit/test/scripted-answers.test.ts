// Can a test make the token endpoint do what a well-behaved one never does?

import { gate, startTokenEndpoint, until } from '@axios-authorizer/test-kit';
import { outcome, postForm } from './ask.js';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';

let endpoint: TokenEndpoint;

function login(form: Record<string, string> = {}): Promise<Asked> {
  return postForm(endpoint.url, { grant_type: 'password', ...form });
}

beforeEach(async () => {
  endpoint = await startTokenEndpoint({ refreshTokens: 'rotating' });
});
afterEach(() => endpoint.stop());

test('queued answers come in order, then the standing one, then the usual one', async () => {
  endpoint.next({ status: 503, headers: { 'retry-after': '7' } }, { text: '<html>' });
  endpoint.always({ status: 400, json: { error: 'invalid_client' } });
  const answers = [await login(), await login(), await login(), await login()];
  endpoint.always(undefined);
  answers.push(await login());
  expect(answers.map(({ status }) => status)).toEqual([503, 200, 400, 400, 200]);
  expect(answers[0]?.headers.get('retry-after')).toBe('7');
  expect(answers[1]?.text).toBe('<html>');
  expect(answers[4]?.json?.['access_token']).toBe('token-1');
});

test('an answer can depend on the request, and be the usual one after all', async () => {
  endpoint.always((params, { method }) =>
    params.get('username') === 'me' ? undefined : { status: 401, json: { method } },
  );
  await expect(login({ username: 'you' })).resolves.toMatchObject({ status: 401, json: { method: 'POST' } });
  await expect(login({ username: 'me' })).resolves.toMatchObject({ status: 200 });
});

test('a held answer is given when its gate opens, and tokens are issued then', async () => {
  const { opened, open } = gate();
  endpoint.next({ after: opened, headers: { 'x-late': 'yes' } });
  const held = login();
  await until(() => endpoint.calls === 1);
  expect(endpoint.issued).toEqual([]);
  open();
  const { headers, json } = await held;
  expect(headers.get('x-late')).toBe('yes');
  expect(json?.['access_token']).toBe('token-1');
});

test('an answer held by a promise that fails is given all the same', async () => {
  endpoint.next({ after: Promise.reject(new Error('broken')), status: 418 });
  await expect(login()).resolves.toMatchObject({ status: 418 });
});

test('a reset breaks the connection and nothing was granted', async () => {
  endpoint.next({ reset: true });
  await expect(outcome(login())).resolves.toBe('failed');
  expect(endpoint.calls).toBe(1);
  expect(endpoint.issued).toEqual([]);
});

test('a lost answer was acted upon: the refresh token is spent', async () => {
  await login();
  endpoint.next({ lost: true });
  const refresh = { grant_type: 'refresh_token', refresh_token: 'refresh-1' };
  await expect(outcome(login(refresh))).resolves.toBe('failed');
  await expect(login(refresh)).resolves.toMatchObject({ status: 400 });
  expect(endpoint.reuses).toBe(1);
});

test('a hung request ends with the server', async () => {
  endpoint.next({ hang: true });
  const hung = outcome(login());
  await until(() => endpoint.calls === 1);
  await endpoint.stop();
  await expect(hung).resolves.toBe('failed');
});

test('an oversized answer has exactly the size asked for', async () => {
  endpoint.next({ trickle: 200_001 });
  expect((await login()).text).toHaveLength(200_001);
});

test('a client may leave in the middle of an oversized answer', async () => {
  endpoint.next({ trickle: 1_000_000_000 });
  const response = await fetch(endpoint.url, { method: 'POST' });
  await response.body?.cancel();
  await expect(login()).resolves.toMatchObject({ status: 200 });
});

test('a token in a scripted answer counts as handed out', async () => {
  endpoint.next({ json: { access_token: 'mine' } }, { json: { access_token: 'never seen' }, reset: true });
  await login();
  await expect(outcome(login())).resolves.toBe('failed');
  expect(endpoint.issued).toEqual(['mine']);
  expect(endpoint.valid('mine')).toBe(true);
});
