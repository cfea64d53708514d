// What does a logout end, and where is that told?
import { ManualClock } from '@axios-authorizer/test-kit';
import { OAuth2Authorizer } from '../../src/index.js';
import { app, basic, failureOf, publicApp, tokenEndpoint } from './stage.js';
import type { AuthEvent } from '@axios-authorizer/core';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';

const grant = { refreshToken: 'the-first' };

function revocations({ requests }: TokenEndpoint): readonly Readonly<Record<string, string>>[] {
  const sent = requests.filter(({ url }) => url === '/revoke');
  return sent.map(({ body }) => Object.fromEntries(new URLSearchParams(body.toString())));
}

async function signedIn(clientInfo: typeof app | typeof publicApp, path = '/revoke') {
  const clock = new ManualClock();
  const endpoint = await tokenEndpoint({ clock, refreshTokens: 'rotating' });
  const events: AuthEvent[] = [];
  const authorizer = new OAuth2Authorizer(clientInfo, {
    tokenUrl: endpoint.url,
    revocationUrl: `${endpoint.origin}${path}`,
    grant,
    clock,
    observer: (event) => events.push(event),
  });
  await authorizer.getToken();
  return { endpoint, events, authorizer };
}

it('refresh and access token are revoked, the client by Basic (C16)', async () => {
  const { endpoint, authorizer } = await signedIn(app);
  await authorizer.logout();
  expect(revocations(endpoint)).toEqual([
    { token: 'refresh-1', token_type_hint: 'refresh_token' },
    { token: 'token-1', token_type_hint: 'access_token' },
  ]);
  expect(endpoint.requests.map(({ headers }) => headers.authorization)).toEqual([basic, basic, basic]);
  expect(endpoint.valid('token-1')).toBe(false);
});

it('a public client says who it is (C16)', async () => {
  const { endpoint, authorizer } = await signedIn(publicApp);
  await authorizer.logout();
  expect(revocations(endpoint).map(({ client_id }) => client_id)).toEqual([publicApp.clientId, publicApp.clientId]);
});

it('the token is forgotten, and the spent refresh token of the grant is not tried (C16)', async () => {
  const { endpoint, authorizer } = await signedIn(app);
  await authorizer.logout();
  expect([authorizer.token, authorizer.authenticated]).toEqual([undefined, false]);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ kind: 'session' });
  expect([endpoint.calls, endpoint.reuses]).toEqual([1, 0]);
});

it('with a token endpoint alone logout only forgets (C16)', async () => {
  const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
  const authorizer = new OAuth2Authorizer(app, { tokenUrl: endpoint.url, grant });
  await authorizer.getToken();
  await authorizer.logout();
  expect(revocations(endpoint)).toEqual([]);
  expect(authorizer.token).toBeUndefined();
});

it('a revocation that fails is told to the observer, and the token is forgotten all the same (C16)', async () => {
  const { authorizer, events } = await signedIn(app, '/nowhere');
  const before = events.length;
  await authorizer.logout();
  expect(authorizer.token).toBeUndefined();
  expect(events.length).toBeGreaterThan(before);
});
