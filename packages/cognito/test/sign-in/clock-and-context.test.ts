// What goes with the steps of a sign-in besides the answers: the time by the pool's clock, and what threat protection judges by.
import { cognitoError, ManualClock } from '@axios-authorizer/test-kit';
import { another, asked, failureOf, loopback, minuteMs, textsOf, world } from '../stage.js';
import type { CognitoOperation } from '@axios-authorizer/test-kit';
import type { UserContextData } from '../../src/index.js';
import type { World } from '../stage.js';

/** A pool whose clock is ahead of ours. */
function ahead(byMs: number, given: Parameters<typeof world>[0] = {}): Promise<World> {
  const clock = new ManualClock();
  return world({ ...given, clock, pool: { clock: new ManualClock(clock.now() + byMs), ...given.pool } });
}

/** The TIMESTAMP of a proof, in ms since the epoch. */
function stampOf(operation: CognitoOperation | undefined): number {
  return Date.parse(String(textsOf(operation)['TIMESTAMP']));
}

it.each([31_000, -31_000, 10 * minuteMs, -10 * minuteMs, 30 * 24 * 60 * minuteMs])(
  'clocks that differ by %i ms: the proof goes by the pool’s, and is taken at once (G8)',
  async (byMs) => {
    const here = await ahead(byMs);
    expect((await here.authorizer.getToken()).username).toBe('alice');
    expect(here.pool.operations).toHaveLength(2);
    expect(Math.abs(stampOf(here.pool.operations[1]) - here.clock.now() - byMs)).toBeLessThan(1_000);
  },
);

it.each([30_000, -29_000])('clocks that differ by %i ms are the same time: ours is sent (G8)', async (byMs) => {
  const here = await ahead(byMs);
  await here.authorizer.getToken();
  expect(stampOf(here.pool.operations[1])).toBe(Math.floor(here.clock.now() / 1_000) * 1_000);
});

it('a device proves itself by the pool’s clock too (G8)', async () => {
  const here = await ahead(10 * minuteMs, { pool: { deviceTracking: 'always' } });
  const { device } = await here.authorizer.getToken();
  await another(here, { device }).getToken();
  const steps = ['RespondToAuthChallenge DEVICE_PASSWORD_VERIFIER', 'RespondToAuthChallenge PASSWORD_VERIFIER'];
  const proofs = here.pool.operations.filter((operation) =>
    steps.includes(String(asked({ operations: [operation] })[0])),
  );
  expect(proofs).toHaveLength(3);
  expect(proofs.every((proof) => stampOf(proof) > here.clock.now() + 9 * minuteMs)).toBe(true);
});

it.each([undefined, 'not a date', ''])('with a Date of %j our own time is sent (G8)', async (date) => {
  const here = await world();
  const proxy = await loopback(async ({ headers, body }, response) => {
    const sent = { 'content-type': String(headers['content-type']), 'x-amz-target': String(headers['x-amz-target']) };
    const answer = await fetch(here.pool.endpoint, { method: 'POST', headers: sent, body: new Uint8Array(body) });
    response.sendDate = false;
    response.writeHead(answer.status, date === undefined ? {} : { date }).end(await answer.text());
  });
  expect((await another(here, { endpoint: `${proxy.origin}/` }).getToken()).username).toBe('alice');
});

const context = { encodedData: 'the-fingerprint', ipAddress: '192.0.2.7' };
const sentContext = { EncodedData: 'the-fingerprint', IpAddress: '192.0.2.7' };

it.each<[what: string, data: UserContextData | (() => UserContextData | Promise<UserContextData>)]>([
  ['an object', context],
  ['a function', () => context],
  ['a function that takes its time', () => Promise.resolve(context)],
])('userContextData as %s goes with each step of the sign-in (G8)', async (_, userContextData) => {
  const user = { mfa: 'SMS_MFA' } as const;
  const here = await world({ user, options: { userContextData, onChallenge: () => here.pool.code('alice') } });
  await here.authorizer.getToken();
  await here.authorizer.getToken({ force: true });
  const contexts = here.pool.operations.map(({ body }) => body['UserContextData']);
  expect(contexts).toEqual([sentContext, sentContext, sentContext, undefined]);
});

it('the function hears whom it is for; what it leaves out is not sent (G8)', async () => {
  const names: string[] = [];
  const userContextData = (username: string): UserContextData | undefined => {
    names.push(username);
    return names.length === 1 ? { encodedData: 'one' } : undefined;
  };
  const here = await world({ user: { internalUsername: 'b1a0' }, options: { userContextData } });
  await here.authorizer.getToken();
  expect(names).toEqual(['alice', 'b1a0']);
  expect(here.pool.operations.map(({ body }) => body['UserContextData'])).toEqual([{ EncodedData: 'one' }, undefined]);
});

it('without userContextData the member is not there (G8)', async () => {
  const { pool, authorizer } = await world();
  await authorizer.getToken();
  expect(pool.operations.filter(({ body }) => 'UserContextData' in body)).toEqual([]);
});

it.each(['InitiateAuth', 'RespondToAuthChallenge'])(
  'what a Lambda trigger refuses in %s is `credentials`, with its words for the person (G8)',
  async (operation) => {
    const { pool, clock, authorizer } = await world();
    pool.next(operation, cognitoError('UserLambdaValidationException', 'PreAuthentication failed: closed on Sundays.'));
    const error = await failureOf(authorizer.getToken());
    expect(error).toMatchObject({ kind: 'credentials', transient: false, exception: 'UserLambdaValidationException' });
    expect(error.said).toBe('PreAuthentication failed: closed on Sundays.');
    await clock.advance(minuteMs - 1);
    expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cooling_down' });
  },
);

it('a refresh that a Lambda trigger refuses keeps the refresh token (G8, G3)', async () => {
  const { pool, authorizer } = await world();
  const rejected = await authorizer.getToken();
  pool.next('GetTokensFromRefreshToken', cognitoError('UserLambdaValidationException', 'Not today'));
  expect(await failureOf(authorizer.getToken({ force: true, rejected }))).toMatchObject({ kind: 'credentials' });
  expect(authorizer.token?.refreshToken).toBe(rejected.refreshToken);
});
