// Some APIs want the id token as the bearer: then its end is the token's end.
import { alice, another, failureOf, front, world } from '../stage.js';
import type { World } from '../stage.js';

const asId = { options: { tokenUse: 'id' } } as const;

function jwt(claims: object): string {
  return ['{"alg":"RS256"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
}

/** The pool's next tokens; their own clock is an hour ahead. */
function nextTokens({ pool, clock }: World, result: object): void {
  const iat = Math.floor(clock.now() / 1000) + 3600;
  const AccessToken = jwt({ token_use: 'access', username: 'alice', iat, exp: iat + 3600 });
  const IdToken = jwt({ token_use: 'id', iat, exp: iat + 120 });
  const AuthenticationResult = { AccessToken, IdToken, ExpiresIn: 3600, ...result };
  pool.next('RespondToAuthChallenge', { json: { AuthenticationResult } });
}

function endOf({ clock }: World, seconds: number): Date {
  return new Date(clock.now() + seconds * 1000);
}

it('an API that wants it gets it; one that wants the access token refuses it (G5)', async () => {
  const here = await world(asId);
  const { api, client } = await front(here, { api: { tokenUse: 'id' } });
  expect((await client.get('/things')).status).toBe(200);
  expect(api.bearers()).toEqual([client.authorizer.token?.idToken]);
  const strict = await front(here);
  expect(await failureOf(strict.client.get('/things'))).toMatchObject({ response: { status: 401 } });
});

it('an API that wants the id token refuses the access token, which is the default (G5)', async () => {
  const { api, client } = await front(await world(), { api: { tokenUse: 'id' } });
  expect(await failureOf(client.get('/things'))).toMatchObject({ response: { status: 401 } });
  expect(api.bearers().at(-1)).toBe(client.authorizer.accessToken);
});

it('the id token ends with its own life, by the pool’s clock, not with the access token’s (G5)', async () => {
  const here = await world(asId);
  nextTokens(here, {});
  expect((await here.authorizer.getToken()).expiresAt).toEqual(endOf(here, 120));
});

it('the access token ends with ExpiresIn, whatever its claims say (G3)', async () => {
  const here = await world();
  nextTokens(here, { ExpiresIn: 1800 });
  expect((await here.authorizer.getToken()).expiresAt).toEqual(endOf(here, 1800));
});

it('an id token that does not say how long it lives ends with ExpiresIn (G5)', async () => {
  const here = await world(asId);
  nextTokens(here, { IdToken: jwt({ token_use: 'id' }) });
  expect((await here.authorizer.getToken()).expiresAt).toEqual(endOf(here, 3600));
});

it('without ExpiresIn the access token ends with its own life, by the pool’s clock (G3)', async () => {
  const here = await world();
  nextTokens(here, { ExpiresIn: undefined });
  expect((await here.authorizer.getToken()).expiresAt).toEqual(endOf(here, 3600));
});

it.each<[what: string, ExpiresIn: unknown]>([
  ['no number', 'soon'],
  ['negative', -1],
])('a token whose ExpiresIn is %s ends with its own life, by the pool’s clock (C15, G3)', async (_, ExpiresIn) => {
  const here = await world();
  nextTokens(here, { ExpiresIn });
  expect((await here.authorizer.getToken()).expiresAt).toEqual(endOf(here, 3600));
});

it('without an id token in the answer there is nothing to attach (G5)', async () => {
  const here = await world(asId);
  nextTokens(here, { IdToken: undefined });
  expect(await failureOf(here.authorizer.getToken())).toMatchObject({ code: 'invalid_response' });
  nextTokens(here, { IdToken: undefined });
  const byAccess = another(here, { tokenUse: 'access' });
  expect((await byAccess.getToken()).username).toBe(alice.username);
});
