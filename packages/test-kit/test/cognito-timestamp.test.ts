// The TIMESTAMP of a proof: the one right form, and what each wrong one leads to.

import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import { formatTimestamp, parseTimestamp } from '../src/cognito/steps/timestamp.js';
import { claim, fault, incorrect, initiate, parametersOf, poolName, respond } from './cognito-client.js';
import type { CognitoPool } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';
import type { Known } from './cognito-client.js';

const password = 'Passw0rd!';
let clock: ManualClock;
let pool: CognitoPool;

/** A right answer but for what is said otherwise. */
async function verify(known: Partial<Known> = {}): Promise<Asked> {
  const parameters = parametersOf(await initiate(pool, 'alice'));
  const right = { group: poolName(pool), id: 'alice', password, at: clock.now() };
  return respond(pool, 'PASSWORD_VERIFIER', claim(parameters, { ...right, ...known }));
}

beforeEach(async () => {
  clock = new ManualClock();
  pool = await startCognitoPool({ users: [{ username: 'alice', password }], clock });
});
afterEach(() => pool.stop());

const badTimestamp = '400 InvalidParameterException: TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english';

test.each([
  ['Thu Jan 1 00:00:00 UTC 2026', '200'],
  ['Fri Jan 1 00:00:00 UTC 2026', incorrect],
  ['Thu Jan 01 00:00:00 UTC 2026', incorrect],
  ['Thu Dez 31 23:59:00 UTC 2025', badTimestamp],
  ['Thu Jan 1 0:00:00 UTC 2026', badTimestamp],
  ['Thu Jan 1 00:00:00 GMT 2026', badTimestamp],
  ['2026-01-01T00:00:00Z', badTimestamp],
])('the timestamp %s gives %s (G1)', async (timestamp, expected) => {
  const answered = await verify({ timestamp });
  expect(answered.status === 200 ? '200' : fault(answered)).toBe(expected);
});

test.each([
  [300_000, true],
  [-300_000, true],
  [301_000, false],
  [-301_000, false],
])('a timestamp %d ms from the pool’s time is accepted: %s', async (offset, accepted) => {
  const { status } = await verify({ timestamp: formatTimestamp(clock.now() + offset) });
  expect(status).toBe(accepted ? 200 : 400);
});

test.each(['Thu Jan 01 00:00:00 UTC 2026', 'Fri Jan 1 00:00:00 UTC 2026'])(
  '%s is refused though its right form was signed (G1)',
  async (TIMESTAMP) => {
    const parameters = parametersOf(await initiate(pool, 'alice'));
    const answer = claim(parameters, { group: poolName(pool), id: 'alice', password, at: clock.now() });
    expect(fault(await respond(pool, 'PASSWORD_VERIFIER', { ...answer, TIMESTAMP }))).toBe(incorrect);
  },
);

test('a malformed timestamp does not use the SECRET_BLOCK up', async () => {
  const parameters = parametersOf(await initiate(pool, 'alice'));
  const answer = claim(parameters, { group: poolName(pool), id: 'alice', password, at: clock.now() });
  expect(fault(await respond(pool, 'PASSWORD_VERIFIER', { ...answer, TIMESTAMP: 'now' }))).toBe(badTimestamp);
  expect((await respond(pool, 'PASSWORD_VERIFIER', answer)).status).toBe(200);
});

test.each([
  [Date.UTC(2026, 0, 1), 'Thu Jan 1 00:00:00 UTC 2026'],
  [Date.UTC(2024, 1, 29, 23, 59, 59, 999), 'Thu Feb 29 23:59:59 UTC 2024'],
  [Date.UTC(2025, 11, 31, 9, 8, 7), 'Wed Dec 31 09:08:07 UTC 2025'],
])('%d is written without a leading zero in the day, and read again', (ms, text) => {
  expect(formatTimestamp(ms)).toBe(text);
  expect(parseTimestamp(text)).toBe(Math.floor(ms / 1000) * 1000);
});
