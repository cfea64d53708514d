// amazon-cognito-identity-js, the client that AWS itself wrote, beside ours at one pool: the same session, either way.
import { jwtClaims } from '@axios-authorizer/core/extend';
import { ManualClock } from '@axios-authorizer/test-kit';
import type { CognitoPool } from '@axios-authorizer/test-kit';
import { alice, another, asked, clientId, textsOf, world } from '../stage.js';
import { later, lifeMs, refresh, signIn } from './stage.js';

interface Jwt {
  getJwtToken(): string;
}

interface Session {
  getAccessToken(): Jwt;
  getIdToken(): Jwt;
  getRefreshToken(): { getToken(): string };
}

interface User {
  authenticateUser(
    details: object,
    callbacks: { onSuccess(session: Session): void; onFailure(error: unknown): void },
  ): void;
  refreshSession(token: object, callback: (error: unknown, session: Session) => void): void;
}

type Made<T> = new (data: object) => T;

/** Its own types are marked as deprecated, so what is used of them is written down here. */
const library = jest.requireActual<{
  readonly AuthenticationDetails: Made<object>;
  readonly CognitoRefreshToken: Made<object>;
  readonly CognitoUser: Made<User>;
  readonly CognitoUserPool: Made<object>;
}>('amazon-cognito-identity-js');

function theirs({ poolId, endpoint }: CognitoPool): User {
  const memory = new Map<string, string>();
  const Storage = {
    setItem: (key: string, value: string) => memory.set(key, value),
    getItem: (key: string) => memory.get(key) ?? null,
    removeItem: (key: string) => memory.delete(key),
  };
  const Pool = new library.CognitoUserPool({ UserPoolId: poolId, ClientId: clientId, endpoint, Storage });
  return new library.CognitoUser({ Username: alice.username, Pool, Storage });
}

function signedInBy(user: User): Promise<Session> {
  const { username: Username, password: Password } = alice;
  const details = new library.AuthenticationDetails({ Username, Password });
  return new Promise((onSuccess, onFailure) => user.authenticateUser(details, { onSuccess, onFailure }));
}

function refreshedBy(user: User, RefreshToken: string): Promise<Session> {
  const token = new library.CognitoRefreshToken({ RefreshToken });
  return new Promise((resolve, reject) => {
    user.refreshSession(token, (error, session) => (error === null ? resolve(session) : reject(error)));
  });
}

/** What of a token does not say when it was made. */
function lasting(token: string): object {
  const {
    auth_time: _begun,
    iat: _made,
    exp: _end,
    jti: _id,
    origin_jti: _origin,
    event_id: _event,
    ...rest
  } = jwtClaims(token) ?? {};
  return rest;
}

it('both sign in to one pool with the same requests and get the same claims (G1)', async () => {
  const { pool, authorizer } = await world({ clock: 'system' });
  const ours = await authorizer.getToken();
  const session = await signedInBy(theirs(pool));
  const access = session.getAccessToken().getJwtToken();
  expect(asked(pool)).toEqual([...signIn, ...signIn]);
  expect([pool.valid(ours.accessToken), pool.valid(access)]).toEqual([true, true]);
  expect(lasting(ours.accessToken)).toEqual(lasting(access));
  expect(lasting(String(ours.idToken))).toEqual(lasting(session.getIdToken().getJwtToken()));
  const names = pool.operations.map((operation) => Object.keys(textsOf(operation)).toSorted());
  expect([names[0], names[1]]).toEqual([names[2], names[3]]);
});

it('we go on with a session that they began (G3)', async () => {
  const scene = await world({ clock: new ManualClock(Date.now()) });
  const session = await signedInBy(theirs(scene.pool));
  later(scene, lifeMs);
  const initialToken = { refreshToken: session.getRefreshToken().getToken() };
  const token = await another(scene, { password: undefined, initialToken }).getToken();
  expect([scene.pool.valid(token.accessToken), token.username]).toEqual([true, 'alice']);
  expect(asked(scene.pool).at(-1)).toBe(refresh);
});

it('they go on with a session that we began (G3)', async () => {
  const { pool, authorizer } = await world({ clock: 'system' });
  const { refreshToken = '' } = await authorizer.getToken();
  const session = await refreshedBy(theirs(pool), refreshToken);
  expect(pool.valid(session.getAccessToken().getJwtToken())).toBe(true);
});
