// A pool that cannot revoke, or cannot be asked, keeps nobody here: the token is forgotten, and the observer told.
import { cognitoError } from '@axios-authorizer/test-kit';
import type { Answer } from '@axios-authorizer/test-kit';
import { memoryTokenStore } from '@axios-authorizer/core';
import type { CognitoToken } from '../../src/index.js';
import { failureOf, notices } from '../stage.js';
import { signedIn } from '../refresh/stage.js';

const failures: readonly (readonly [string, Answer])[] = [
  ['UnauthorizedException', cognitoError('UnauthorizedException', 'Wrong secret')],
  ['UnsupportedOperationException', cognitoError('UnsupportedOperationException', 'Not for this client')],
  ['TooManyRequestsException', cognitoError('TooManyRequestsException', 'Rate exceeded')],
  ['NotAuthorizedException', cognitoError('NotAuthorizedException', 'Access Token has been revoked')],
  ['a page', { status: 502, text: '<html>' }],
  ['a cut connection', { reset: true }],
];

describe.each(failures)('a revocation that ends in %s', (_what, answer) => {
  it.each(['session', 'everywhere'] as const)('is told to the observer alone (signOut: %s) (G3)', async (signOut) => {
    const store = memoryTokenStore<CognitoToken>();
    const scene = await signedIn({ options: { store, signOut } });
    const { pool, authorizer, first } = scene;
    pool.next('RevokeToken', answer);
    pool.next('GlobalSignOut', answer);
    await authorizer.logout();
    expect(authorizer.token).toBeUndefined();
    expect(await failureOf(store.load())).toMatchObject({ code: 'logged_out' });
    expect(notices(scene)).toEqual([expect.stringContaining('not revoked')]);
    expect(String(notices(scene))).not.toContain(first.refreshToken);
  });
});

it('a pool that never answers holds nobody longer than the limit (G3)', async () => {
  const scene = await signedIn({ options: { timeoutMs: 10_000 } });
  const { pool, clock, authorizer } = scene;
  pool.next('RevokeToken', { hang: true });
  const logout = authorizer.logout();
  await clock.sleeping(1);
  await clock.advance(10_000);
  await logout;
  expect(notices(scene)).toEqual([expect.stringContaining('not revoked')]);
});
