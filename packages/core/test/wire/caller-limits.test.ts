// What may a caller's own signal, cancelToken and timeout do?
import axios from 'axios';
import { getEventListeners } from 'node:events';
import { gate, until } from '@axios-authorizer/test-kit';
import type { Gate } from '@axios-authorizer/test-kit';
import { capture } from './capture.js';
import { rejection, stage, statusOf } from './world.js';
import type { World } from './world.js';

const { world } = stage();

/** A world whose next token is held back. */
async function waitingWorld(): Promise<World & { readonly token: Gate }> {
  const scene = await world();
  const token = gate();
  scene.idp.next({ after: token.opened });
  return { ...scene, token };
}

/** A world in which a 401 has been given, and the token that retries it is held back. */
async function healingWorld(): Promise<World & { readonly token: Gate }> {
  const scene = await world();
  await scene.client.get('/first');
  scene.idp.revokeAll();
  const token = gate();
  scene.idp.next({ after: token.opened });
  return { ...scene, token };
}

describe.each([
  ['for the first token', waitingWorld, 1],
  ['for the token that retries a 401', healingWorld, 2],
])('a caller that waits %s', (_, prepare, calls) => {
  it('leaves at once when its signal aborts, and its neighbour is served (C4)', async () => {
    const { client, idp, token } = await prepare();
    const controller = new AbortController();
    const leaving = rejection(client.get('/leaves', { signal: controller.signal }));
    const staying = client.get('/stays');
    await until(() => idp.calls === calls, 'the token call');
    controller.abort();
    expect(axios.isCancel(await leaving)).toBe(true);
    token.open();
    expect(await statusOf(staying)).toBe(200);
    expect(idp.calls).toBe(calls);
  });

  it('leaves at once when its cancelToken is used, with the message that was given (C4)', async () => {
    const { client, idp, token } = await prepare();
    const { token: cancelToken, cancel } = axios.CancelToken.source();
    const leaving = rejection(client.get('/leaves', { cancelToken }));
    const staying = client.get('/stays');
    await until(() => idp.calls === calls, 'the token call');
    cancel('no longer wanted');
    expect(await leaving).toMatchObject({ name: 'CanceledError', message: 'no longer wanted' });
    token.open();
    expect(await statusOf(staying)).toBe(200);
    expect(idp.calls).toBe(calls);
  });

  it('leaves when its timeout is over, with ETIMEDOUT and its config (C4)', async () => {
    const { client, idp, token, clock } = await prepare();
    const leaving = rejection(client.get('/leaves', { timeout: 5_000 }));
    const staying = client.get('/stays');
    await until(() => idp.calls === calls && clock.sleepers > 1, 'the token call');
    await clock.advance(5_000);
    const error = await leaving;
    expect(error).toMatchObject({ name: 'AxiosError', code: 'ETIMEDOUT', config: { url: '/leaves', timeout: 5_000 } });
    expect(axios.isAxiosError(error)).toBe(true);
    expect(error.message).toContain('5000ms');
    token.open();
    expect(await statusOf(staying)).toBe(200);
    expect(idp.calls).toBe(calls);
  });

  it('hears its own timeoutErrorMessage (C4)', async () => {
    const { client, idp, token, clock } = await prepare();
    const leaving = rejection(client.get('/leaves', { timeout: 5_000, timeoutErrorMessage: 'too slow for me' }));
    await until(() => idp.calls === calls && clock.sleepers > 1, 'the token call');
    await clock.advance(5_000);
    expect(await leaving).toMatchObject({ code: 'ETIMEDOUT', message: 'too slow for me' });
    token.open();
  });

  it('leaves nothing behind on a signal that it shares with others (C4)', async () => {
    const { client, idp, token } = await prepare();
    const { signal } = new AbortController();
    const answers = Promise.all([1, 2, 3].map((id) => client.get(`/items/${id}`, { signal, timeout: 5_000 })));
    await until(() => idp.calls === calls, 'the token call');
    token.open();
    await answers;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('may leave as the last one: the token still arrives and serves the next (C4)', async () => {
    const { client, idp, token, auth } = await prepare();
    const before = auth.accessToken;
    const controller = new AbortController();
    const leaving = rejection(client.get('/leaves', { signal: controller.signal }));
    await until(() => idp.calls === calls, 'the token call');
    controller.abort();
    await leaving;
    token.open();
    await until(() => auth.accessToken !== before, 'the new token');
    expect(await statusOf(client.get('/next'))).toBe(200);
    expect(idp.calls).toBe(calls);
  });
});

it('a signal that had aborted before costs neither a token nor a request (C4)', async () => {
  const { client, idp, api } = await world();
  const error = await rejection(client.get('/items', { signal: AbortSignal.abort() }));
  expect(axios.isCancel(error)).toBe(true);
  expect([idp.calls, api.requests.length]).toEqual([0, 0]);
});

it('waiting, sending and resending share one timeout, each gets what is left (C4)', async () => {
  const { client, idp, clock } = await world();
  const [first, second] = [gate(), gate()];
  idp.next({ after: first.opened }, { after: second.opened });
  const { adapter, sent } = capture(401);
  const answer = client.get('/items', { adapter, timeout: 10_000 });
  await until(() => idp.calls === 1, 'the first token call');
  await clock.advance(4_000);
  first.open();
  await until(() => idp.calls === 2, 'the second token call');
  await clock.advance(3_500);
  second.open();
  expect((await answer).config.timeout).toBe(10_000);
  expect(sent.map(({ timeout }) => timeout)).toEqual([6_000, 2_500]);
});

it('a request that did not wait keeps its timeout as it was (C4)', async () => {
  const { client } = await world();
  await client.get('/first');
  const { adapter, sent } = capture();
  await client.get('/items', { adapter, timeout: 10_000 });
  expect(sent.map(({ timeout }) => timeout)).toEqual([10_000]);
});

it('a timeout of 0 is none, however long the token takes (C4)', async () => {
  const { client, idp, clock } = await world();
  const token = gate();
  idp.next({ after: token.opened });
  const answer = client.get('/items', { timeout: 0 });
  await until(() => idp.calls === 1, 'the token call');
  await clock.advance(29_999);
  token.open();
  expect(await statusOf(answer)).toBe(200);
});

it('a token endpoint that never answers holds nobody longer than the acquisition may take (C4)', async () => {
  const { client, idp, clock } = await world();
  idp.next({ hang: true });
  const waiting = rejection(client.get('/items'));
  await until(() => idp.calls === 1, 'the token call');
  await clock.advance(30_000);
  expect(await waiting).toMatchObject({ code: 'timeout', kind: 'unavailable' });
  expect(await statusOf(client.get('/next'))).toBe(200);
});

it.each([
  ['while the token is fetched', 1],
  ['while the token is fetched anew after a refusal', 2],
])('a clock that steps back %s gives nobody more time than the timeout says (C4)', async (_when, call) => {
  const { client, idp, clock } = await world();
  const token = gate();
  idp.next(...(call === 1 ? [] : [{}]), { after: token.opened });
  const { adapter, sent } = capture(...(call === 1 ? [] : [401]));
  const answer = client.get('/items', { adapter, timeout: 10_000 });
  await until(() => idp.calls === call, 'the token call');
  clock.set(clock.now() - 3_600_000);
  token.open();
  await answer;
  expect(sent).toHaveLength(call);
  for (const { timeout } of sent) expect(timeout).toBeLessThanOrEqual(10_000);
});
