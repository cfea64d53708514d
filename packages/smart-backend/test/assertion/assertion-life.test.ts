// How long does an assertion live, and is there ever another like it?
import fc from 'fast-check';
import { clientCredentialsSource, ConfigurationError, TokenEndpointError } from '@axios-authorizer/core';
import { ManualClock } from '@axios-authorizer/test-kit';
import { privateKeyJwt } from '../../src/index.js';
import { asked, assertionsAt, authorized, es384, grant, made, rs384, tokenEndpoint } from './stage.js';
import type { ClientAuth } from '@axios-authorizer/core';
import type { TokenAnswer } from '@axios-authorizer/test-kit';

const now = Date.UTC(2026, 0, 1);
const settings = { clientId: 'my-app', keys: es384 };

async function expAt(nowMs: number, assertionLifetimeMs?: number): Promise<number> {
  const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
  return Number((await made(privateKeyJwt({ ...settings, clock, assertionLifetimeMs }))).claims['exp']);
}

it.each([
  [undefined, 240],
  [240_000, 240],
  [60_000, 60],
  [1_000, 1],
  [299_999, 299],
])('`assertionLifetimeMs: %p` ends %i s from now (S2)', async (assertionLifetimeMs, seconds) => {
  expect(await expAt(now, assertionLifetimeMs)).toBe(now / 1000 + seconds);
});

it.each([0, -1, 300_000, 300_001, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  '`assertionLifetimeMs: %p` is a ConfigurationError (S2)',
  (assertionLifetimeMs) => {
    expect(() => privateKeyJwt({ ...settings, assertionLifetimeMs })).toThrow(ConfigurationError);
  },
);

it('exp is an integer, and less than 300 s ahead, at any moment and for any life (S2)', async () => {
  const moments = fc.double({ min: now, max: now + 10_000, noNaN: true });
  await fc.assert(
    fc.asyncProperty(moments, fc.integer({ min: 1, max: 299_999 }), async (nowMs, lifetimeMs) => {
      const exp = await expAt(nowMs, lifetimeMs);
      expect(Number.isInteger(exp)).toBe(true);
      expect(exp * 1000 - nowMs).toBeLessThan(300_000);
      expect(exp * 1000).toBeGreaterThan(nowMs + lifetimeMs - 1_000);
    }),
    { numRuns: 200 },
  );
});

it('a thousand assertions have a thousand jtis (S2)', async () => {
  const clock = new ManualClock(now);
  const clientAuth = privateKeyJwt({ ...settings, clock });
  const assertions = await Promise.all(Array.from({ length: 1_000 }, () => made(clientAuth)));
  expect(new Set(assertions.map(({ claims }) => claims['jti'])).size).toBe(1_000);
  expect(new Set(assertions.map(({ claims }) => claims['exp'])).size).toBe(1);
});

it('another privateKeyJwt, as after a restart, repeats none (S2)', async () => {
  const clock = new ManualClock(now);
  const jtis = await Promise.all(
    Array.from({ length: 100 }, async () => (await made(privateKeyJwt({ ...settings, clock }))).claims['jti']),
  );
  expect(new Set(jtis).size).toBe(100);
});

it.each<readonly [what: string, answer: TokenAnswer, waitS: number]>([
  ['503', { status: 503 }, 0],
  ['503 with Retry-After', { status: 503, headers: { 'retry-after': '3' } }, 3],
  ['a cut connection', { reset: true }, 0],
  ['a lost answer', { lost: true }, 0],
])(
  'each attempt after %s has a jti of its own, and lives from its own moment on (S2)',
  async (_what, answer, waitS) => {
    const clock = new ManualClock(now);
    const endpoint = await tokenEndpoint({ clock, expiresIn: 3_600 });
    endpoint.next(answer, answer);
    const moments: number[] = [];
    const own = privateKeyJwt({ clientId: 'my-app', keys: [rs384, es384], clock });
    const clientAuth: ClientAuth = (request) => {
      moments.push(clock.now());
      return own(request);
    };
    const source = clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth, clock });
    const { accessToken } = await authorized(source, clock);
    expect(accessToken).toBe(endpoint.issued.at(-1));
    const claims = assertionsAt(endpoint).map((assertion) => assertion.claims);
    expect(new Set(claims.map(({ jti }) => jti)).size).toBe(3);
    expect(claims.map(({ exp }) => exp)).toEqual(moments.map((ms) => Math.floor(ms / 1000) + 240));
    expect(Number(moments[2]) - now).toBeGreaterThanOrEqual(2 * waitS * 1000);
  },
);

it('what a server echoes of the assertion is not told in the error (S2)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.next((params) => {
    return {
      status: 400,
      json: { error: 'invalid_client', error_description: `bad ${params.get('client_assertion')}` },
    };
  });
  const error = await asked(endpoint, privateKeyJwt(settings), grant).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TokenEndpointError);
  const { errorDescription, message } = error as TokenEndpointError;
  expect(errorDescription).toMatch(/^bad \S{1,20}$/);
  expect(message).not.toContain(String(endpoint.bodies[0]?.get('client_assertion')));
});
