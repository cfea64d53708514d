// A pool refuses to refresh. Does whoever asks hear the pool's own words, and whether the session is over?
import { cognitoError } from '@axios-authorizer/test-kit';
import { SRPSource } from '../../src/sign-in/srp-source.js';
import { another, failureOf } from '../stage.js';
import { askedSince, dayMs, ended, later, refresh, rotating } from './stage.js';
import type { TokenRequest } from '@axios-authorizer/core';
import type { CognitoToken } from '../../src/index.js';
import type { Failure, World } from '../stage.js';
import type { SignedIn } from './stage.js';

const client = { clientSecret: 'the-secret-of-the-app-client' };
const request: TokenRequest = { signal: new AbortController().signal, reason: 'expiring' };

/** What the source says to a refresh of `token`. */
function refusalOf(
  { clientInfo, options: { maxRetries: _limit, ...options } }: World,
  token: CognitoToken,
): Promise<Failure> {
  return failureOf(new SRPSource(clientInfo, options).refresh(token, request));
}

const over: readonly (readonly [string, (scene: SignedIn) => void | Promise<unknown>, string, string])[] = [
  ['that was revoked', ({ pool }) => pool.revokeAll(), 'NotAuthorizedException', 'Refresh Token has been revoked'],
  ['that is 30 days old', (scene) => later(scene, 30 * dayMs), 'NotAuthorizedException', 'Refresh Token has expired'],
  ['that nobody issued', ({ first }) => void Object.assign(first, { refreshToken: 'made-up' }), 'NotAuthorizedException', 'Invalid Refresh Token'], // prettier-ignore
];

it.each(over)(
  'a refresh token %s: the session is over, in the words of the pool (G3, C5)',
  async (_what, cause, exception, words) => {
    const scene = await ended();
    await cause(scene);
    const failure = await refusalOf(scene, scene.first);
    expect(failure).toMatchObject({ name: 'CognitoError', code: 'session_over', kind: 'session', exception });
    expect(failure.message).toContain(words);
    expect(failure.message).not.toContain('refresh token left');
  },
);

it('a refresh token that was used before: the session is over, in the words of the pool (G3, C5)', async () => {
  const scene = await ended({ pool: rotating });
  await scene.authorizer.getToken();
  later(scene, dayMs);
  const failure = await refusalOf(scene, scene.first);
  expect(failure).toMatchObject({ code: 'session_over', kind: 'session', exception: 'RefreshTokenReuseException' });
});

it('a device that was forgotten: the session is over, in the words of the pool (G3, C5)', async () => {
  const scene = await ended({ pool: { deviceTracking: 'always' } });
  scene.pool.next(refresh, cognitoError('ResourceNotFoundException', 'Device does not exist.'));
  const failure = await refusalOf(scene, scene.first);
  expect(failure).toMatchObject({ code: 'session_over', kind: 'session', exception: 'ResourceNotFoundException' });
  expect(failure.message).toContain('Device does not exist.');
});

it('a wrong client secret is a matter of credentials: the refresh token is good still, and stays (G3, C5)', async () => {
  const scene = await ended({ client });
  const { clientInfo, first } = scene;
  const wrong = { ...scene, clientInfo: { ...clientInfo, clientSecret: 'another-secret' } };
  const resumed = another(wrong, { password: undefined, initialToken: first });
  const failure = await failureOf(resumed.getToken());
  expect(failure).toMatchObject({ name: 'CognitoError', code: 'wrong_credentials', kind: 'credentials' });
  expect(failure.message).toMatch(/Unable to verify the secret of client.*check .*client secret/);
  expect(resumed.token?.refreshToken).toBe(first.refreshToken);
  expect(askedSince(scene)).toEqual([refresh]);
});

it.each([
  'Unable to verify secret hash for client test-client',
  'Client test-client is configured for secret but secret was not received',
])('"%s" is told of the client, whatever the way in which the pool puts it (G3)', async (words) => {
  const scene = await ended();
  scene.pool.next(refresh, cognitoError('NotAuthorizedException', words));
  expect(await refusalOf(scene, scene.first)).toMatchObject({ code: 'wrong_credentials', kind: 'credentials' });
});
