// When a token ends: by our clock, from the moment when it was asked for, whatever the pool's clock says.
import { cognitoError, gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { jwtClaims } from '@axios-authorizer/core/extend';
import { front, world } from '../stage.js';
import { ended, later, refresh, signedIn } from './stage.js';

it('a refreshed token ends so long after its request was sent, not after it was answered (G3)', async () => {
  const { pool, clock, authorizer } = await ended();
  const answer = gate();
  const sentAt = clock.now();
  pool.next(refresh, { after: answer.opened });
  const waiting = authorizer.getToken();
  await clock.sleeping(1);
  await clock.advance(10_000);
  answer.open();
  const { issuedAt, expiresAt } = await waiting;
  expect([issuedAt, expiresAt]).toEqual([new Date(sentAt), new Date(sentAt + 300_000)]);
});

it('of a sign-in the last request counts, the one that brought the tokens (G3)', async () => {
  const { pool, clock, authorizer } = await world();
  const [first, last] = [gate(), gate()];
  pool.next('InitiateAuth', { after: first.opened });
  pool.next('RespondToAuthChallenge', { after: last.opened });
  const waiting = authorizer.getToken();
  await clock.sleeping(1);
  await clock.advance(4_000);
  first.open();
  await until(() => pool.count('RespondToAuthChallenge') === 1, 'the second request');
  const sentAt = clock.now();
  await clock.advance(5_000);
  last.open();
  expect((await waiting).expiresAt).toEqual(new Date(sentAt + 300_000));
});

it.each([-3_600_000, 3_600_000])(
  'a pool whose clock is %i ms off gives tokens that live as long (G3)',
  async (offMs) => {
    const [clock, pool] = [new ManualClock(), { offMs: 0 }];
    const scene = await ended({ clock, pool: { clock: { now: () => clock.now() + pool.offMs } } });
    pool.offMs = offMs;
    const { accessToken, expiresAt } = await scene.authorizer.getToken();
    expect(expiresAt).toEqual(new Date(clock.now() + 300_000));
    later(scene, 299_999);
    expect([scene.authorizer.authenticated, scene.pool.valid(accessToken)]).toEqual([true, true]);
    later(scene, 1);
    expect(scene.authorizer.authenticated).toBe(false);
    expect(scene.pool.valid((await scene.authorizer.getToken()).accessToken)).toBe(true);
  },
);

it.each([
  ['a number', 600, 600_000],
  ['a text', '600', 600_000],
])('ExpiresIn as %s counts (G3)', async (_how, ExpiresIn, ms) => {
  const { pool, clock, authorizer, first } = await ended();
  const { accessToken: AccessToken, idToken: IdToken } = first;
  pool.next(refresh, { json: { AuthenticationResult: { AccessToken, IdToken, ExpiresIn } } });
  expect((await authorizer.getToken()).expiresAt).toEqual(new Date(clock.now() + ms));
});

it.each([null, '', ' ', '0x10', [60], true, -1, 'soon'])(
  'an ExpiresIn of %j is nonsense: the token itself says how long it lives (C15, G3)',
  async (ExpiresIn) => {
    const { pool, clock, authorizer, first } = await ended();
    const { accessToken: AccessToken, idToken: IdToken } = first;
    pool.next(refresh, { json: { AuthenticationResult: { AccessToken, IdToken, ExpiresIn } } });
    expect((await authorizer.getToken()).expiresAt).toEqual(new Date(clock.now() + 300_000));
  },
);

it('without ExpiresIn, as cognito-local answers, the token itself says how long it lives (G3)', async () => {
  const { pool, clock, authorizer, first } = await ended();
  const { accessToken: AccessToken, idToken: IdToken } = first;
  pool.next(refresh, { json: { AuthenticationResult: { AccessToken, IdToken } } });
  expect((await authorizer.getToken()).expiresAt).toEqual(new Date(clock.now() + 300_000));
});

it('tokenUse id: the id token is attached, and renewed by its own life (G5)', async () => {
  const scene = await signedIn({ options: { tokenUse: 'id' } });
  const { api, client } = await front(scene, { api: { tokenUse: 'id' } });
  await client.get('/before');
  later(scene, 300_000);
  await client.get('/after');
  const uses = api.bearers().map((bearer) => jwtClaims(String(bearer))?.['token_use']);
  expect(uses).toEqual(['id', 'id']);
  expect(new Set(api.bearers()).size).toBe(2);
  expect(scene.pool.count(refresh)).toBe(1);
});

it('tokenUse id: the end of the id token counts where the access token lives longer (G5)', async () => {
  const { pool, clock, authorizer, first } = await ended({ options: { tokenUse: 'id' } });
  const { accessToken: AccessToken, idToken: IdToken } = first;
  pool.next(refresh, { json: { AuthenticationResult: { AccessToken, IdToken, ExpiresIn: 86_400 } } });
  expect((await authorizer.getToken()).expiresAt).toEqual(new Date(clock.now() + 300_000));
});

it('tokenUse id: an answer without an id token is none, and the session is kept (G5)', async () => {
  const { pool, authorizer, first } = await ended({ options: { tokenUse: 'id' } });
  pool.next(refresh, { json: { AuthenticationResult: { AccessToken: first.accessToken, ExpiresIn: 300 } } });
  await expect(authorizer.getToken()).rejects.toMatchObject({ code: 'invalid_response', kind: 'unavailable' });
  expect(authorizer.token?.refreshToken).toBe(first.refreshToken);
});

it('tokenUse id: a token that is handed in without an id token is refreshed before it is used (G5)', async () => {
  const scene = await signedIn({ options: { tokenUse: 'id' } });
  const { idToken: _none, ...initialToken } = scene.first;
  const { api, client } = await front(
    { ...scene, options: { ...scene.options, initialToken } },
    { api: { tokenUse: 'id' } },
  );
  expect((await client.get('/things')).status).toBe(200);
  expect([api.served, scene.pool.count(refresh)]).toEqual([1, 1]);
});

it('a token of two seconds is used and renewed like one of an hour (G3)', async () => {
  const scene = await signedIn({ pool: { accessTokenSeconds: 2 } });
  const { api, client } = await front(scene, { api: {} });
  for (let turn = 0; turn < 5; turn += 1) {
    await client.get('/things');
    later(scene, 2_000);
  }
  expect([api.served, api.refused, scene.pool.count(refresh)]).toEqual([5, 0, 4]);
});

it('a failed refresh leaves the end of the token as it was (G3)', async () => {
  const scene = await signedIn({ options: { maxRetries: 0 } });
  scene.pool.next(refresh, cognitoError('InternalErrorException', 'Later', 500));
  await scene.authorizer.getToken({ force: true }).catch(() => undefined);
  expect(scene.authorizer.token?.expiresAt).toEqual(scene.first.expiresAt);
});
