// A refresh got no answer, and nobody knows whether it reached the server. How often may it be repeated?
import { ManualClock } from '@axios-authorizer/test-kit';
import type { TokenAnswer, TokenEndpoint } from '@axios-authorizer/test-kit';
import { Authorizer, passwordSource, refreshTokenSource } from '../../src/index.js';
import { at, failureOf, passing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

/** An authorizer whose password sign-in is done, at an endpoint that rotates refresh tokens and detects their reuse. */
async function signedIn(): Promise<{ clock: ManualClock; idp: TokenEndpoint; auth: Authorizer }> {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100, refreshTokens: 'rotating' });
  const auth = new Authorizer(passwordSource({ ...at(idp, clock), username: 'u', password: 'p' }), { clock });
  await auth.getToken();
  clock.set(clock.now() + 100_000);
  return { clock, idp, auth };
}

function grants(idp: TokenEndpoint): readonly string[] {
  return idp.bodies.map((body) => body.get('refresh_token') ?? String(body.get('grant_type')));
}

it('a refresh that was cut off before the server acted is repeated, and the session goes on (C5)', async () => {
  const { clock, idp, auth } = await signedIn();
  idp.next({ reset: true });
  expect((await passing(clock, auth.getToken())).refreshToken).toBe('refresh-2');
  expect(grants(idp)).toEqual(['password', 'refresh-1', 'refresh-1']);
  expect(idp.reuses).toBe(0);
});

it('a refresh whose answer was lost is repeated once, taken for a reuse, and a new sign-in repairs it (C5)', async () => {
  const { clock, idp, auth } = await signedIn();
  idp.next({ lost: true });
  const token = await passing(clock, auth.getToken());
  expect(grants(idp)).toEqual(['password', 'refresh-1', 'refresh-1', 'password']);
  expect(idp.reuses).toBe(1);
  expect(idp.valid(token.accessToken)).toBe(true);
});

it.each<readonly [string, TokenAnswer]>([
  ['cut off', { reset: true }],
  ['lost', { lost: true }],
  ['answered with 500', { status: 500 }],
  ['answered with 503', { status: 503 }],
  ['answered with 408', { status: 408 }],
])('a refresh that is always %s goes out twice, not once more (C5)', async (_how, answer) => {
  const { clock, idp, auth } = await signedIn();
  idp.always(answer);
  expect(await failureOf(passing(clock, auth.getToken()))).toMatchObject({ kind: 'unavailable', transient: true });
  expect(grants(idp)).toEqual(['password', 'refresh-1', 'refresh-1']);
});

it.each([429, 425])(
  'a refresh that the server says it did not look at (%i) is repeated as usual (C5)',
  async (status) => {
    const { clock, idp, auth } = await signedIn();
    idp.next({ status }, { status }, { status });
    expect((await passing(clock, auth.getToken())).refreshToken).toBe('refresh-2');
    expect(grants(idp)).toEqual(['password', 'refresh-1', 'refresh-1', 'refresh-1', 'refresh-1']);
  },
);

it('a refresh that never left (nobody listens) is repeated as usual (C5)', async () => {
  const { clock, idp } = await signedIn();
  await idp.stop();
  let tries = 0;
  const source = refreshTokenSource({ ...at(idp, clock), refreshToken: 'mine' });
  const refresh: typeof source.authorize = (request) => {
    tries += 1;
    return source.authorize(request);
  };
  const initialToken = { refreshToken: 'mine' };
  const auth = new Authorizer({ ...source, refresh: (_token, request) => refresh(request) }, { clock, initialToken });
  expect(await failureOf(passing(clock, auth.getToken()))).toMatchObject({ code: 'network' });
  expect(tries).toBe(4);
});

it('a network failure never drops the refresh token: the same one goes out when the network is back (C5)', async () => {
  const { clock, idp, auth } = await signedIn();
  idp.always({ reset: true });
  await failureOf(passing(clock, auth.getToken()));
  expect(auth.token?.refreshToken).toBe('refresh-1');
  idp.always(undefined);
  clock.set(clock.now() + 60_000);
  expect((await auth.getToken()).refreshToken).toBe('refresh-2');
  expect(grants(idp)).toEqual(['password', 'refresh-1', 'refresh-1', 'refresh-1']);
  expect(idp.reuses).toBe(0);
});

it.each<readonly [string, TokenAnswer]>([
  ['cut off', { reset: true }],
  ['answered with 503', { status: 503 }],
])(
  'the first refresh of `refreshTokenSource({ refreshToken })` is a refresh too: %s, it goes out twice (C5)',
  async (...row) => {
    const clock = new ManualClock();
    const idp = await start({ clock, refreshTokens: 'rotating' });
    idp.always(row[1]);
    const auth = new Authorizer(refreshTokenSource({ ...at(idp, clock), refreshToken: 'mine' }), { clock });
    expect(await failureOf(passing(clock, auth.getToken()))).toMatchObject({ kind: 'unavailable' });
    expect(grants(idp)).toEqual(['mine', 'mine']);
  },
);
