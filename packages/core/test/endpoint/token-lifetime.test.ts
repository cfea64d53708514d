// When does a token end, whatever the endpoint says or leaves out?
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { requestToken } from '../../src/extend.js';
import { adapters, failureOf, grant, jwtOf, minuteMs, tokenEndpoint } from './stage.js';
import type { Token } from '../../src/index.js';

const startAt = Date.UTC(2026, 0, 1);

/** The token of an answer with these members, asked for at `startAt`. */
async function tokenWith(members: object, defaultLifetimeMs?: number): Promise<Token> {
  const clock = new ManualClock(startAt);
  const endpoint = await tokenEndpoint({ clock });
  endpoint.next({ json: { access_token: 'secret', token_type: 'Bearer', ...members } });
  return requestToken({ url: endpoint.url, body: grant(), clock, defaultLifetimeMs });
}

it.each<[what: string, expiresIn: unknown, lifeMs: number]>([
  ['a number', 300, 300_000],
  ['a fraction', 1.5, 1_500],
  ['a numeric string', '300', 300_000],
  ['a numeric string with blanks', ' 60 ', 60_000],
  ['a string with a fraction', '3599.5', 3_599_500],
  ['a string with an exponent, as Java writes large ones', '1.0E7', 10_000_000_000],
  ['zero', 0, 0],
  ['zero as a string', '0', 0],
])('expires_in as %s counts from the moment of sending (C15)', async (_, expiresIn, lifeMs) => {
  const token = await tokenWith({ expires_in: expiresIn });
  expect(token.issuedAt?.getTime()).toBe(startAt);
  expect(token.expiresAt?.getTime()).toBe(startAt + lifeMs);
});

it.each([Number.MAX_SAFE_INTEGER, 1e300, '99999999999999999999'])(
  'a huge expires_in of %s is a valid date in the far future (C15)',
  async (expiresIn) => {
    const { expiresAt } = await tokenWith({ expires_in: expiresIn });
    expect(expiresAt?.getTime()).toBeGreaterThan(startAt + 50 * 365 * 24 * 60 * minuteMs);
    expect(Number.isNaN(expiresAt?.getTime())).toBe(false);
  },
);

const nonsense = [
  undefined,
  null,
  '',
  ' ',
  -1,
  '-300',
  'soon',
  'NaN',
  'Infinity',
  '12 minutes',
  '0x10',
  '1,000',
  '1_000',
  '6 0',
  true,
  false,
  { seconds: 3 },
  {},
  [60],
  [1, 2],
];

it.each(nonsense)('an expires_in of %j counts as missing: the exp of a JWT says it (C15)', async (expiresIn) => {
  const exp = startAt / 1000 + 600;
  const token = await tokenWith({ expires_in: expiresIn, access_token: jwtOf({ exp }) }, 5 * minuteMs);
  expect(token.expiresAt?.getTime()).toBe(startAt + 600_000);
});

it.each(nonsense)(
  'after an expires_in of %j and without a JWT the configured life counts, else none (C15)',
  async (expiresIn) => {
    const { expiresAt } = await tokenWith({ expires_in: expiresIn }, 5 * minuteMs);
    expect(expiresAt?.getTime()).toBe(startAt + 5 * minuteMs);
    expect(Object.hasOwn(await tokenWith({ expires_in: expiresIn }), 'expiresAt')).toBe(false);
  },
);

it.each([8.64e12, 8.6e12])('the exp of a JWT at the end of time, %s s, is a valid date (C15)', async (exp) => {
  const endpoint = await tokenEndpoint({ clock: new ManualClock(startAt - 2 * 365 * 24 * 60 * minuteMs) });
  endpoint.next({ json: { access_token: jwtOf({ exp }) } });
  const token = await requestToken({ url: endpoint.url, body: grant(), clock: new ManualClock(startAt) });
  expect(token.expiresAt?.getTime()).toBeGreaterThan(startAt);
});

it.each([1e300, Number.MAX_VALUE])('a configured life of %s ms is a valid date (C15)', async (lifeMs) => {
  expect((await tokenWith({}, lifeMs)).expiresAt?.getTime()).toBeGreaterThan(startAt);
});

it.each(['1e18', '999999999999999999', '99999999999', '-5', 'soon', '1, 2', '1.5', '0x10', '', ' '])(
  'an Age of %j is nonsense: the time of the server is its Date (C15)',
  async (age) => {
    const endpoint = await tokenEndpoint({ clock: new ManualClock(startAt) });
    const exp = startAt / 1000 + 600;
    const headers = { age };
    endpoint.next(
      { json: { access_token: jwtOf({ exp }) }, headers },
      { status: 400, json: { error: 'invalid_scope' }, headers },
    );
    const options = { url: endpoint.url, body: grant(), clock: new ManualClock(startAt) };
    expect((await requestToken(options)).expiresAt?.getTime()).toBe(startAt + 600_000);
    expect(await failureOf(requestToken(options))).toMatchObject({ serverDate: new Date(startAt) });
  },
);

it('expires_in goes before the exp of a JWT (C15)', async () => {
  const token = await tokenWith({ expires_in: 60, access_token: jwtOf({ exp: startAt / 1000 + 600 }) });
  expect(token.expiresAt?.getTime()).toBe(startAt + 60_000);
});

it.each(adapters)('the exp of a JWT is corrected by the server clock, over %s (C15)', async (adapter) => {
  const serverAt = startAt + 90 * minuteMs;
  const endpoint = await tokenEndpoint({ clock: new ManualClock(serverAt) });
  endpoint.next({ json: { access_token: jwtOf({ exp: serverAt / 1000 + 600 }) } });
  const clock = new ManualClock(startAt);
  const token = await requestToken({ url: endpoint.url, body: grant(), clock, transport: { adapter } });
  expect(token.expiresAt?.getTime()).toBe(startAt + 600_000);
});

it.each([-1_000, 1_000])('a server clock that differs by %i ms is taken for the grain of Date (C15)', async (offMs) => {
  const endpoint = await tokenEndpoint({ clock: new ManualClock(startAt + offMs) });
  const exp = startAt / 1000 + 600;
  endpoint.next({ json: { access_token: jwtOf({ exp }) } });
  const token = await requestToken({ url: endpoint.url, body: grant(), clock: new ManualClock(startAt) });
  expect(token.expiresAt?.getTime()).toBe(startAt + 600_000);
});

it('without expires_in and JWT the configured life counts (C15)', async () => {
  expect((await tokenWith({}, 5 * minuteMs)).expiresAt?.getTime()).toBe(startAt + 5 * minuteMs);
  expect((await tokenWith({ access_token: jwtOf({ exp: 'soon' }) }, 1)).expiresAt?.getTime()).toBe(startAt + 1);
});

it('what the server says goes before the configured life (C15)', async () => {
  expect((await tokenWith({ expires_in: 10 }, 5 * minuteMs)).expiresAt?.getTime()).toBe(startAt + 10_000);
});

it('without any word about its end a token has none (C15)', async () => {
  expect(Object.hasOwn(await tokenWith({}), 'expiresAt')).toBe(false);
});

it('the life begins when the request is sent, not when the answer comes (C15)', async () => {
  const clock = new ManualClock(startAt);
  const endpoint = await tokenEndpoint({ expiresIn: 300 });
  const answer = gate();
  endpoint.next({ after: answer.opened });
  const asked = requestToken({ url: endpoint.url, body: grant(), clock });
  await until(() => endpoint.calls === 1);
  await clock.advance(20_000);
  answer.open();
  expect(await asked).toMatchObject({ issuedAt: new Date(startAt), expiresAt: new Date(startAt + 300_000) });
});
