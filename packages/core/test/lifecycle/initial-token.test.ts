// The program brings a token along: is it used, renewed, resumed from?
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer, passwordSource, refreshTokenSource } from '../../src/index.js';
import type { TokenSource } from '../../src/index.js';
import { at, settled, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

function nobodyToAsk(): never {
  throw new Error('nobody is there to ask');
}

it('a live initial token is used as it is, without a request (C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const initialToken = { accessToken: 'mine', expiresAt: new Date(clock.now() + 300_000) };
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
  const auth = new Authorizer(source, { clock, initialToken });
  expect(auth.authenticated).toBe(true);
  expect(await auth.getToken()).toBe(initialToken);
  expect(idp.calls).toBe(0);
});

it('an ended initial token is renewed by its refresh token (C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'rotating' });
  const initialToken = { accessToken: 'mine', refreshToken: 'kept', expiresAt: new Date(clock.now()) };
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p' });
  const auth = new Authorizer(source, { clock, initialToken });
  expect(auth.authenticated).toBe(false);
  expect((await auth.getToken()).accessToken).toBe('token-1');
  expect(idp.bodies.map((body) => body.get('refresh_token'))).toEqual(['kept']);
});

it('a refresh token alone resumes the session without signing in, once, and its successor goes on (C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'rotating' });
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: nobodyToAsk });
  const auth = new Authorizer(source, { clock, initialToken: { refreshToken: 'kept' } });
  expect([auth.token, auth.authenticated]).toEqual([undefined, false]);
  const tokens = await Promise.all(Array.from({ length: 100 }, () => auth.getToken()));
  expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-1']));
  await auth.getToken({ force: true });
  expect(idp.bodies.map((body) => body.get('refresh_token'))).toEqual(['kept', 'refresh-1']);
});

it('`refreshTokenSource({ refreshToken })` begins with its own and goes on with each answer (C6, C16)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'rotating' });
  const auth = new Authorizer(refreshTokenSource({ ...at(idp, clock), refreshToken: 'mine' }), { clock });
  for (let time = 0; time < 3; time += 1) await auth.getToken({ force: true });
  expect(idp.bodies.map((body) => body.get('refresh_token'))).toEqual(['mine', 'refresh-1', 'refresh-2']);
});

it('a source without `refresh` is asked to authorize when a refresh token is all there is (C6)', async () => {
  const source: TokenSource = { authorize: () => Promise.resolve({ accessToken: 'signed-in' }) };
  const auth = new Authorizer(source, { clock: new ManualClock(), initialToken: { refreshToken: 'kept' } });
  expect((await auth.getToken()).accessToken).toBe('signed-in');
});

it.each([
  [-1, 1],
  [0, 2],
])(
  'the windows of an initial token follow its life since `issuedAt`: %i ms from stale (C1)',
  async (offsetMs, asked) => {
    const clock = new ManualClock();
    const issuedAt = new Date(clock.now() - 90_000);
    const initialToken = { accessToken: 'mine', issuedAt, expiresAt: new Date(clock.now() + 10_000) };
    const seen: string[] = ['initial'];
    const hook = ({ reason }: { reason: string }): Promise<string> => Promise.resolve(`t-${seen.push(reason)}`);
    const auth = new Authorizer(hook, { clock, initialToken, leewayMs: 1_000, refreshAheadMs: 4_000 });
    clock.set(clock.now() + 5_000 + offsetMs);
    await auth.getToken();
    await settled();
    expect(seen).toHaveLength(asked);
  },
);
