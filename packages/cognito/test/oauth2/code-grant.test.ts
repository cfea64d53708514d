// Is the code that a browser came back with handed in as RFC 6749 section 4.1.3 and RFC 7636 want it, and once?
import { ManualClock } from '@axios-authorizer/test-kit';
import { OAuth2Authorizer } from '../../src/index.js';
import {
  app,
  basic,
  code,
  codeVerifier,
  failureOf,
  hourMs,
  minuteMs,
  passing,
  publicApp,
  redirectUri,
  tokenEndpoint,
} from './stage.js';
import type { TokenAnswer, TokenEndpoint } from '@axios-authorizer/test-kit';
import type { ClientInfo } from '@axios-authorizer/core';
import type { CodeGrant, OAuth2AuthorizerOptions } from '../../src/index.js';

const granted = {
  json: { access_token: 'of-the-code', token_type: 'Bearer', expires_in: 300, refresh_token: 'of-the-login' },
};
/** As usual, and good for `code` besides. */
const grants: TokenAnswer = (form) => (form.get('grant_type') === 'authorization_code' ? granted : undefined);

interface Login {
  readonly clock: ManualClock;
  readonly endpoint: TokenEndpoint;
  readonly authorizer: OAuth2Authorizer;
}

async function login(options: Partial<OAuth2AuthorizerOptions> = {}, client: ClientInfo = publicApp): Promise<Login> {
  const clock = new ManualClock();
  const endpoint = await tokenEndpoint({ clock, refreshTokens: 'rotating' });
  endpoint.always(grants);
  const grant: CodeGrant = { code, redirectUri, codeVerifier };
  const given = { tokenUrl: endpoint.url, grant, clock, ...options };
  return { clock, endpoint, authorizer: new OAuth2Authorizer(client, given) };
}

function codesSent({ bodies }: TokenEndpoint): number {
  return bodies.filter((body) => body.has('code')).length;
}

it('the form is exactly code, redirect URI, verifier and the public client’s id (C16)', async () => {
  const { endpoint, authorizer } = await login({ scope: ['openid', 'orders/read'] });
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'of-the-code' });
  expect([...(endpoint.bodies[0] ?? [])]).toEqual([
    ['grant_type', 'authorization_code'],
    ['code', code],
    ['redirect_uri', redirectUri],
    ['code_verifier', codeVerifier],
    ['client_id', publicApp.clientId],
  ]);
  expect(endpoint.requests[0]?.headers).not.toHaveProperty('authorization');
});

it('without PKCE and with a secret it is code and redirect URI, the client by Basic (C16)', async () => {
  const { endpoint, authorizer } = await login({ grant: { code, redirectUri } }, app);
  await authorizer.getToken();
  expect([...(endpoint.bodies[0] ?? [])].map(([name]) => name)).toEqual(['grant_type', 'code', 'redirect_uri']);
  expect(endpoint.requests[0]?.headers.authorization).toBe(basic);
});

it('after it the refresh token goes on, also when a new token is forced (C16)', async () => {
  const { clock, endpoint, authorizer } = await login();
  await authorizer.getToken();
  await clock.advance(hourMs);
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'token-1' });
  await expect(authorizer.getToken({ force: true })).resolves.toMatchObject({ accessToken: 'token-2' });
  expect(endpoint.bodies.map((body) => body.get('refresh_token'))).toEqual([null, 'of-the-login', 'refresh-1']);
  expect(endpoint.familyAlive).toBe(true);
});

it('a hundred callers hand it in once (C2)', async () => {
  const { endpoint, authorizer } = await login();
  await Promise.all(Array.from({ length: 100 }, () => authorizer.getToken()));
  expect(endpoint.calls).toBe(1);
});

it('an answer without a refresh token is a session that ends with its token (C16)', async () => {
  const { clock, endpoint, authorizer } = await login();
  endpoint.next({ json: { access_token: 'of-the-code', expires_in: 300 } });
  await authorizer.getToken();
  await clock.advance(hourMs);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'not_authenticated', kind: 'session' });
  expect(endpoint.calls).toBe(1);
});

it('after a logout it is not handed in again (C16)', async () => {
  const { endpoint, authorizer } = await login();
  await authorizer.getToken();
  await authorizer.logout();
  expect(await failureOf(authorizer.getToken())).toMatchObject({ kind: 'session' });
  expect(endpoint.calls).toBe(1);
});

it('when the session is refused for good it is not handed in again (C5)', async () => {
  const { clock, endpoint, authorizer } = await login();
  await authorizer.getToken();
  endpoint.always({ status: 400, json: { error: 'invalid_grant' } });
  await clock.advance(hourMs);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ kind: 'session' });
  expect(codesSent(endpoint)).toBe(1);
});

/** Callers who come again and again for hours. @returns what they hear in the end */
async function insisted({ clock, authorizer }: Login): Promise<unknown> {
  for (let count = 0; count < 8; count += 1) {
    await failureOf(passing(clock, authorizer.getToken()));
    await clock.advance(count * hourMs);
  }
  return failureOf(passing(clock, authorizer.getToken()));
}

it('a code that was refused is spent: it is not handed in again, whoever asks for hours (C5)', async () => {
  const stage = await login();
  stage.endpoint.always({ status: 400, json: { error: 'invalid_grant' } });
  const error = await failureOf(stage.authorizer.getToken());
  expect(error).toMatchObject({ kind: 'session', error: 'invalid_grant' });
  expect(error.message).toContain('begin the sign-in again');
  expect(await insisted(stage)).toMatchObject({ kind: 'session', code: 'not_authenticated' });
  expect(codesSent(stage.endpoint)).toBe(1);
});

it.each(['lost', 'reset'] as const)(
  'a code whose answer was %s may be spent: it is handed in once more at most, whoever asks for hours (C5)',
  async (how) => {
    const stage = await login();
    stage.endpoint.always({ [how]: true });
    expect(await insisted(stage)).toMatchObject({ kind: 'session', code: 'not_authenticated' });
    expect(codesSent(stage.endpoint)).toBeLessThanOrEqual(2);
  },
);

it('a code that certainly never arrived is handed in when the endpoint is back (C5)', async () => {
  const unreachable = Object.assign(new Error('connect ECONNREFUSED'), { isAxiosError: true, code: 'ECONNREFUSED' });
  const state = { down: true };
  const clock = new ManualClock();
  const adapter = async (config: object): Promise<never> => {
    if (state.down) throw unreachable;
    return { data: JSON.stringify(granted.json), status: 200, statusText: 'OK', headers: {}, config } as never;
  };
  const { authorizer } = await login({ clock, transport: { adapter } });
  expect(await failureOf(passing(clock, authorizer.getToken()))).toMatchObject({ code: 'network' });
  state.down = false;
  await clock.advance(minuteMs);
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'of-the-code' });
});
