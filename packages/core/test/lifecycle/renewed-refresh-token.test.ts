// Which refresh token goes out next?
import { ManualClock } from '@axios-authorizer/test-kit';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import { Authorizer, passwordSource } from '../../src/index.js';
import { at, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

function sent(idp: TokenEndpoint): readonly (string | null)[] {
  return idp.bodies.map((body) => body.get('refresh_token'));
}

async function rollOver(idp: TokenEndpoint, clock: ManualClock, times: number): Promise<Authorizer> {
  const source = passwordSource({ ...at(idp, clock), username: 'u', password: 'p', scope: 'read' });
  const auth = new Authorizer(source, { clock });
  await auth.getToken();
  for (let time = 0; time < times; time += 1) {
    clock.set(clock.now() + 300_000);
    await auth.getToken();
  }
  return auth;
}

it('a new refresh token replaces the old one: a hundred rotations without a single reuse (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'rotating' });
  await rollOver(idp, clock, 100);
  expect(sent(idp)).toEqual([null, ...Array.from({ length: 100 }, (_, index) => `refresh-${index + 1}`)]);
  expect(idp.reuses).toBe(0);
});

it('an answer that repeats the refresh token keeps it (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'fixed' });
  await rollOver(idp, clock, 3);
  expect(sent(idp)).toEqual([null, 'refresh-1', 'refresh-1', 'refresh-1']);
});

it('an answer without refresh token or scope keeps the old ones (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'fixed' });
  idp.next(() => undefined, { json: { access_token: 'bare', token_type: 'Bearer', expires_in: 300 } });
  const auth = await rollOver(idp, clock, 1);
  expect(auth.token).toMatchObject({ accessToken: 'bare', refreshToken: 'refresh-1', scope: 'read' });
  clock.set(clock.now() + 300_000);
  await auth.getToken();
  expect(sent(idp)).toEqual([null, 'refresh-1', 'refresh-1']);
});
