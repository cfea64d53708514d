// Only a refusal of the assertion is tried again by the server's time, whatever words it is told in.
import { SMARTBackendAuth } from '../../src/index.js';
import { authorize, failureOf, minuteMs, world } from '../stage.js';
import type { World } from '../stage.js';

/** A server whose first token answer is this one, and `aheadMs` ahead of the machine. */
async function answering(status: number, json: unknown, aheadMs: number): Promise<World> {
  const stage = await world();
  const date = new Date(stage.clock.now() + aheadMs).toUTCString();
  stage.server.nextToken({ status, headers: { date }, json });
  stage.server.alwaysToken({ json: { access_token: 'a', token_type: 'bearer', expires_in: 300 } });
  return stage;
}

const wrong = 10 * minuteMs;

describe.each([400, 401])('after a %i under a wrong clock', (status) => {
  it.each(['invalid_client', 'invalid_grant', 'invalid_request'])('%s is tried once more (S2b)', async (error) => {
    const { server, auth } = await answering(status, { error }, wrong);
    await expect(authorize(auth)).resolves.toMatchObject({ accessToken: 'a' });
    expect(server.calls).toBe(2);
  });

  it.each(['invalid_scope', 'unauthorized_client', 'unsupported_grant_type', 'access_denied', 'INVALID_CLIENT', '', 7])(
    '%p is not (S2b)',
    async (error) => {
      const { server, auth } = await answering(status, { error }, wrong);
      expect(await failureOf(authorize(auth))).toMatchObject({ name: 'TokenEndpointError', status });
      expect(server.calls).toBe(1);
    },
  );
});

it.each([403, 404, 429, 500, 503])('a %i under a wrong clock is not tried again (S2b)', async (status) => {
  const { server, options } = await answering(status, { error: 'invalid_client' }, wrong);
  const auth = new SMARTBackendAuth({ ...options, tokenUrl: server.tokenUrl });
  expect(await failureOf(authorize(auth))).toMatchObject({ status });
  expect(server.calls).toBe(1);
});

it('an answer that is no grant, for another reason, is not tried again (S2b)', async () => {
  const { server, auth } = await answering(200, { access_token: '' }, wrong);
  expect(await failureOf(authorize(auth))).toMatchObject({ code: 'invalid_response' });
  expect(server.calls).toBe(1);
});

it.each(['The JWT has expired', 'iat is in the future', 'check your clock', 'exp is too far in the future'])(
  '"%s" under a right clock is not tried again: wording decides nothing (S2b)',
  async (description) => {
    const { server, auth } = await answering(401, { error: 'invalid_client', error_description: description }, 0);
    expect(await failureOf(authorize(auth))).toMatchObject({ code: 'assertion_time', errorDescription: description });
    expect(server.calls).toBe(1);
  },
);

it.each(['the flux capacitor is empty', 'Unknown client', 'The signature is invalid', null])(
  '%p under a wrong clock is tried again: wording decides nothing (S2b)',
  async (description) => {
    const { server, auth } = await answering(401, { error: 'invalid_client', error_description: description }, wrong);
    await authorize(auth);
    expect(server.calls).toBe(2);
  },
);

it('a second try that is refused otherwise is told as what it is (S2b)', async () => {
  const { server, auth } = await answering(401, { error: 'invalid_client' }, wrong);
  server.alwaysToken({ status: 400, json: { error: 'invalid_scope', error_description: 'not for you' } });
  expect(await failureOf(authorize(auth))).toMatchObject({ code: 'scope_refused', status: 400 });
  expect(server.calls).toBe(2);
});

it('an observer that throws does not keep the clock from being fixed (S2b)', async () => {
  const { server, options } = await answering(401, { error: 'invalid_client' }, wrong);
  const observer = (): never => {
    throw new Error('the observer failed');
  };
  const auth = new SMARTBackendAuth({ ...options, tokenUrl: server.tokenUrl, observer });
  await expect(authorize(auth)).resolves.toMatchObject({ accessToken: 'a' });
});
