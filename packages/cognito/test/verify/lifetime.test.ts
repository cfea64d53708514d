// When does a token begin and end, at whole seconds?
import { failureOf, invalid, jwtOf, world } from './stage.js';
import type { Claims, World } from './stage.js';

const expired = { code: 'token_expired', kind: 'session', transient: false };

interface Asked {
  readonly claims: Claims;
  readonly leewayMs?: number;
  readonly atMs?: number;
}

/** "good", or the code of the error, at `atMs` after the clock's start. */
async function verdict({ claims, leewayMs, atMs = 0 }: Asked): Promise<string> {
  const { verify, accessClaims, clock } = await world({ leewayMs });
  const token = jwtOf(accessClaims(claims));
  clock.set(clock.now() + atMs);
  return verify(token).then(
    () => 'good',
    (error: { readonly code: string }) => error.code,
  );
}

function startS({ clock }: World): number {
  return clock.now() / 1000;
}

it.each([
  [3_599_000, undefined, 'good'],
  [3_599_999, undefined, 'good'],
  [3_600_000, undefined, 'token_expired'],
  [3_600_001, undefined, 'token_expired'],
  [7_200_000, undefined, 'token_expired'],
  [3_600_000, 1_000, 'good'],
  [3_600_999, 1_000, 'good'],
  [3_601_000, 1_000, 'token_expired'],
  [3_659_999, 60_000, 'good'],
  [3_660_000, 60_000, 'token_expired'],
])('a token of 3,600 s is, after %i ms and with a leeway of %p ms, %s (G5)', async (atMs, leewayMs, expected) => {
  expect(await verdict({ claims: {}, atMs, leewayMs: leewayMs ?? 0 })).toBe(expected);
});

it('an expired token is a session that is over, not a token that is wrong (G5)', async () => {
  const { verify, accessClaims, clock } = await world();
  const token = jwtOf(accessClaims());
  await clock.advance(3_600_000);
  const error = await failureOf(verify(token));
  expect(error).toMatchObject(expired);
  expect(error.message).toContain('expired');
});

it.each<[what: string, exp: unknown]>([
  ['no end', undefined],
  ['an end of null', null],
  ['an end in words', 'tomorrow'],
  ['an end as a text of digits', '99999999999'],
  ['a list', [99_999_999_999]],
])('a token with %s is refused (G5)', async (_, exp) => {
  expect(await verdict({ claims: { exp } })).toBe('token_invalid');
});

it.each<[exp: number]>([[0], [-1], [1e-9]])('a token with an exp of %p has expired (G5)', async (exp) => {
  expect(await verdict({ claims: { exp } })).toBe('token_expired');
});

it.each([
  [0, 0, 'good'],
  [1, 0, 'token_invalid'],
  [1, 999, 'token_invalid'],
  [1, 1_000, 'good'],
  [60, 60_000, 'good'],
  [61, 60_000, 'token_invalid'],
])('a token that begins in %i s is, with a leeway of %i ms, %s (G5)', async (inS, leewayMs, expected) => {
  const stage = await world({ leewayMs });
  const token = jwtOf(stage.accessClaims({ nbf: startS(stage) + inS }));
  const outcome = stage.verify(token).then(
    () => 'good',
    (error: { readonly code: string }) => error.code,
  );
  expect(await outcome).toBe(expected);
});

it('a beginning that is no number is refused (G5)', async () => {
  expect(await verdict({ claims: { nbf: 'now' } })).toBe('token_invalid');
});

it('an iat in the future is no fault: clocks differ (G5)', async () => {
  const stage = await world();
  const token = jwtOf(stage.accessClaims({ iat: startS(stage) + 300 }));
  await expect(stage.verify(token)).resolves.toMatchObject({ username: 'bob' });
});

it('what is expired but of another pool is wrong, or expired, and never good (G5)', async () => {
  expect(await verdict({ claims: { iss: 'x', exp: 1 } })).toMatch(/^token_/);
});

it('a wrong signature is told before the end is looked at (G5)', async () => {
  const { verify, accessClaims, clock } = await world();
  const token = jwtOf(accessClaims(), {}, () => Buffer.alloc(256, 7));
  await clock.advance(7_200_000);
  expect(await failureOf(verify(token))).toMatchObject(invalid);
});

it('a token that was good is judged by the time of each call, and what a caller does to its claims stays there (G9)', async () => {
  const { verify, accessClaims, clock } = await world();
  const token = jwtOf(accessClaims());
  for (let times = 0; times < 3; times += 1) {
    const claims = await verify(token);
    expect(claims).toEqual(accessClaims());
    Object.assign(claims, { exp: Infinity, username: 'root' });
  }
  await clock.advance(3_600_000);
  expect(await failureOf(verify(token))).toMatchObject(expired);
});
