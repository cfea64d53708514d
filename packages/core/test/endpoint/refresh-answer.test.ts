// What does a session keep when the answer to a refresh leaves it out?
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer, clientSecretBasic, refreshTokenSource } from '../../src/index.js';
import { tokenEndpoint } from './stage.js';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import type { OAuth2SourceOptions } from '../../src/index.js';

const clientAuth = clientSecretBasic({ clientId: 'me', clientSecret: 'secret' });

function optionsFor({ url: tokenUrl }: TokenEndpoint): OAuth2SourceOptions {
  return { tokenUrl, clientAuth };
}

const held = { accessToken: 'old', refreshToken: 'kept', scope: 'a b' };

it.each([undefined, null, ''])('a refresh_token of %j keeps the old one (C15)', async (given) => {
  const endpoint = await tokenEndpoint();
  endpoint.next({ json: { access_token: 'new', refresh_token: given } });
  const authorizer = new Authorizer(refreshTokenSource(optionsFor(endpoint)), { initialToken: held });
  await expect(authorizer.getToken({ force: true })).resolves.toMatchObject({
    accessToken: 'new',
    refreshToken: 'kept',
  });
  await authorizer.getToken({ force: true });
  expect(endpoint.bodies.map((body) => body.get('refresh_token'))).toEqual(['kept', 'kept']);
});

it('a refresh_token in the answer replaces the old one (C15)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.next({ json: { access_token: 'new', refresh_token: 'rotated' } });
  const authorizer = new Authorizer(refreshTokenSource(optionsFor(endpoint)), { initialToken: held });
  await expect(authorizer.getToken({ force: true })).resolves.toMatchObject({ refreshToken: 'rotated' });
});

it('a missing scope keeps the old one, a given one replaces it (C15)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.next({ json: { access_token: 'new' } }, { json: { access_token: 'newer', scope: 'a' } });
  const authorizer = new Authorizer(refreshTokenSource(optionsFor(endpoint)), { initialToken: held });
  await expect(authorizer.getToken({ force: true })).resolves.toMatchObject({ scope: 'a b' });
  await expect(authorizer.getToken({ force: true })).resolves.toMatchObject({ scope: 'a' });
});

it('a missing expires_in does not keep the old end (C15)', async () => {
  const endpoint = await tokenEndpoint({ expiresIn: null });
  const clock = new ManualClock();
  const initialToken = { ...held, expiresAt: new Date(clock.now() + 1) };
  const authorizer = new Authorizer(refreshTokenSource({ ...optionsFor(endpoint), clock }), { initialToken, clock });
  expect(Object.keys(await authorizer.getToken({ force: true }))).not.toContain('expiresAt');
});
